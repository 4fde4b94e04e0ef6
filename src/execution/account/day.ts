/** The position at the beginning of the day, in lots, and the price at which it is valued then, in ticks. */
interface Opening {
  readonly quantity: number;
  readonly price: number;
}

/** One symbol since the beginning of the day, as stored in a file. */
export interface SymbolDay {
  /** Step sizes in which the amounts are counted; null from a journal that does not state them. */
  readonly grid: { readonly tick: number; readonly lot: number } | null;
  /** Null until a price for the opening position is known. */
  readonly opening: Opening | null;
  /** Bought minus sold, lots. */
  readonly bought: number;
  /** Value of sales minus value of purchases, ticks x lots. */
  readonly received: number;
  /** Fees and funding paid, atoms; negative when received. */
  readonly paid: number;
  /** Prices of the first and last execution, ticks; null before the first. */
  readonly firstPrice: number | null;
  readonly lastPrice: number | null;
}

/** An account's activity since midnight UTC, over all processes. */
export interface AccountDay {
  /** Days since the epoch; 0 before the first record. */
  readonly day: number;
  /** When the first record of the day was written, exchange time, ms. */
  readonly since: number;
  /** Orders that were sent or about to be sent. */
  readonly orders: number;
  readonly symbols: Readonly<Record<string, SymbolDay>>;
  /** Ids of the funding settlements that are counted already. */
  readonly payments: readonly string[];
}

export const NO_DAY: AccountDay = { day: 0, since: 0, orders: 0, symbols: {}, payments: [] };
