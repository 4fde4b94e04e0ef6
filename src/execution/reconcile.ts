import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange, PositionReport } from '../exchange/exchange.ts';
import { isLive, type Fill, type Order, type OrderReport } from '../model/order.ts';
import type { Clock } from '../util/clock.ts';
import type { OrderStore } from './order-store.ts';

/** Events need this long to arrive by any path: differences younger than that are no divergence. */
const SETTLE_MS = 2000;
/** Executions are fetched again for this long before the last fetch: the list may lag. */
const OVERLAP_MS = 5000;

export interface ReconcileParts {
  readonly exchange: Exchange;
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly symbols: readonly string[];
  /** Orders of this run, by their id. */
  readonly isOurs: (clientOrderId: string) => boolean;
  readonly applyFill: (fill: Fill) => boolean;
  readonly applyReport: (report: OrderReport) => void;
}

/** What a reconciliation found. Everything but a position difference has been healed when it is reported. */
export interface Reconciliation {
  /** Snake_case word and subject, such as `missed_fill BTCUSDT`. */
  readonly divergences: readonly string[];
  /** Symbols whose position differs from the exchange's although every known execution is applied. */
  readonly positionsOff: readonly string[];
}

/** Holds mmbot's picture against the exchange's lists, and corrects the picture: orders, executions, positions. */
export class Reconciler {
  readonly #parts: ReconcileParts;
  /** Exchange time up to which executions are known. */
  #fillsKnownTo: number;
  /** Live for us, absent from the exchange's list at the last pass. */
  #absent = new Set<string>();
  /** Open for the exchange, not for us, at the last pass. */
  #suspects = new Set<string>();

  constructor(parts: ReconcileParts, startedAt: number) {
    this.#parts = parts;
    this.#fillsKnownTo = startedAt;
  }

  /** Rejects with ExchangeError when the exchange cannot be read: then nothing is known to be right. */
  async run(): Promise<Reconciliation> {
    const { exchange, clock } = this.#parts;
    const divergences: string[] = [];
    const askedAt = clock.now();
    const open = await exchange.openOrders();
    await this.#matchOrders(open.value, open.at, askedAt, divergences);
    await this.#fetchFills(divergences);
    const positions = await exchange.positions();
    return { divergences, positionsOff: this.#positionsOff(positions.value) };
  }

  async #matchOrders(rows: readonly OrderReport[], readAt: number, askedAt: number, divergences: string[]): Promise<void> {
    const { store, applyReport, isOurs, clock } = this.#parts;
    const listed = new Set(rows.map(({ clientOrderId }) => clientOrderId));
    const suspects: OrderReport[] = [];
    for (const row of rows) {
      if (!isOurs(row.clientOrderId)) continue;
      const known = store.get(row.clientOrderId);
      // What changed while the answer was on its way is newer here than in the answer.
      const isOld = readAt - row.updatedAt > SETTLE_MS && (known === undefined || askedAt - known.updatedAt > SETTLE_MS);
      if (known !== undefined && isLive(known)) {
        if (isOld && differs(known, row)) divergences.push(`stale_terms ${row.clientOrderId}`);
        if (isOld) applyReport(row);
      } else if (isOld) suspects.push(row);
    }
    for (const row of suspects) if (this.#suspects.has(row.clientOrderId)) await this.#cancelOrphan(row, divergences);
    this.#suspects = new Set(suspects.map(({ clientOrderId }) => clientOrderId));
    const missing = store
      .live()
      .filter((order) => order.state.tag === 'open' && !listed.has(order.clientOrderId) && clock.now() - order.updatedAt > SETTLE_MS);
    for (const order of missing) if (this.#absent.has(order.clientOrderId)) await this.#lookUp(order, divergences);
    this.#absent = new Set(missing.map(({ clientOrderId }) => clientOrderId));
  }

  /** Closed or unknown for us, open for the exchange, twice in a row: the exchange is right, and nobody wants the order. */
  async #cancelOrphan(row: OrderReport, divergences: string[]): Promise<void> {
    divergences.push(`orphan ${row.clientOrderId}`);
    await this.#parts.exchange.cancel(row).catch((error: unknown) => {
      if (!(error instanceof ExchangeError && error.kind === 'gone')) throw error;
    });
  }

  /** Absent from two lists in a row: its own record tells why. */
  async #lookUp(order: Order, divergences: string[]): Promise<void> {
    const { exchange, applyReport, store } = this.#parts;
    const { value: report } = await exchange.findOrder(order);
    if (report !== undefined) applyReport(report);
    const after = store.get(order.clientOrderId);
    if (after !== undefined && !isLive(after)) divergences.push(`missed_close ${order.clientOrderId}`);
  }

  async #fetchFills(divergences: string[]): Promise<void> {
    const { exchange, applyFill } = this.#parts;
    const { value: fills, at } = await exchange.fills({ since: this.#fillsKnownTo - OVERLAP_MS });
    for (const fill of fills) if (applyFill(fill) && at - fill.at > SETTLE_MS) divergences.push(`missed_fill ${fill.fillId}`);
    this.#fillsKnownTo = at;
  }

  #positionsOff(reports: readonly PositionReport[]): string[] {
    const { store, symbols } = this.#parts;
    const theirs = new Map(reports.map(({ symbol, quantity }) => [symbol, quantity]));
    return symbols.filter((symbol) => store.position(symbol).quantity !== (theirs.get(symbol) ?? 0));
  }
}

function differs(order: Order, row: OrderReport): boolean {
  return order.change.kind === 'none' && (order.price !== row.price || order.quantity !== row.quantity);
}
