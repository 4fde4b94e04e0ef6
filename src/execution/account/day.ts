/** What was held when a day began, in lots, and at which price it enters that day, in ticks. */
interface Opening {
  readonly quantity: number;
  readonly price: number;
}

/** One symbol since the day began, as a file holds it. */
export interface SymbolDay {
  /** Sizes of the steps that the amounts are counted in; null in a journal that did not say. */
  readonly grid: { readonly tick: number; readonly lot: number } | null;
  /** Null until a price is known for what was held. */
  readonly opening: Opening | null;
  /** Bought less sold, lots. */
  readonly bought: number;
  /** For what was sold, less what was paid for what was bought, ticks x lots. */
  readonly received: number;
  /** Fees and funding, atoms; negative was received. */
  readonly paid: number;
  /** Of its executions, ticks; null before the first. */
  readonly firstPrice: number | null;
  readonly lastPrice: number | null;
}

/** What an account has done since midnight UTC, over all processes. */
export interface AccountDay {
  /** Days since the epoch; 0 before the first record. */
  readonly day: number;
  /** When the first record of it was written, exchange time, ms. */
  readonly since: number;
  /** Orders that left, or were about to. */
  readonly orders: number;
  readonly symbols: Readonly<Record<string, SymbolDay>>;
  /** Settlements of funding that are counted already. */
  readonly payments: readonly string[];
}

export const NO_DAY: AccountDay = { day: 0, since: 0, orders: 0, symbols: {}, payments: [] };
