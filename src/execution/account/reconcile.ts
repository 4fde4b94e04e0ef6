import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange, PositionReport } from '../../exchange/exchange.ts';
import { isLive, OWN_PREFIX, type Order, type OrderReport } from '../../model/order.ts';
import { lots } from '../../model/units.ts';
import type { Clock, Instant } from '../../util/clock.ts';
import { FundingWindow } from '../loop/funding-window.ts';
import type { Observer } from '../orders/observer.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { OrderStore } from '../orders/order-store.ts';

/** Events need this long to arrive by any path: differences younger than that are no divergence. */
const SETTLE_MS = 2000;
/** Executions are fetched again for this long before the last fetch: the list may lag. */
const OVERLAP_MS = 5000;
/** And for this long when they do not add up to the position: then the list lags, or the stream lost one. */
const LONG_OVERLAP_MS = 600_000;
/** No list of the exchange lags by more. */
const LISTS_LAG_MS = 30_000;

export interface ReconcileParts {
  readonly exchange: Pick<Exchange, 'openOrders' | 'findOrder' | 'fills' | 'funding' | 'positions' | 'cancel'>;
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly limiter: Pick<RateLimiter, 'acquire'>;
  readonly symbols: readonly string[];
  /** Every client order id of this run begins with it. */
  readonly idPrefix: string;
  /** Takes what the lists say. */
  readonly observer: Pick<Observer, 'applyFill' | 'applyFunding' | 'applyReport'>;
}

/** What a reconciliation found. Everything but a position difference has been healed when it is reported. */
export interface Reconciliation {
  /** Snake_case word and subject, such as `missed_fill BTCUSDT`. */
  readonly divergences: readonly string[];
  /** Symbols whose position at the exchange is none that we held lately, although every known execution is applied: lists may lag. */
  readonly positionsOff: readonly string[];
  /** The first request about a single order that the exchange refused: this order is not known to be right. */
  readonly failure: ExchangeError | undefined;
}

/** What a pass has found so far. */
interface Findings {
  readonly divergences: string[];
  failure: ExchangeError | undefined;
}

/** Holds mmbot's picture against the exchange's lists, and corrects the picture: orders, executions, positions. */
export class Reconciler {
  readonly #parts: ReconcileParts;
  /** Exchange time: executions from before are in the positions that were adopted. */
  readonly #startedAt: number;
  /** Exchange time up to which executions are known. */
  #fillsKnownTo: number;
  readonly #funding: FundingWindow;
  /** Live for us, absent from the exchange's list at the last pass. */
  #absent = new Set<string>();
  /** Open for the exchange, not for us, at the last pass. */
  #suspects = new Set<string>();
  /** By symbol, the word on a position that the lists do not bear out, and since when they do not, monotonic. */
  readonly #unproven = new Map<string, { readonly said: PositionReport; readonly since: number }>();

  /** `fundingFrom`: exchange time; settlements of funding from before are known. */
  constructor(parts: ReconcileParts, startedAt: number, fundingFrom: number) {
    this.#parts = parts;
    this.#funding = new FundingWindow(fundingFrom);
    this.#startedAt = startedAt;
    this.#fillsKnownTo = startedAt;
  }

  /** `isLast`: nobody will ask again. Rejects with ExchangeError when the exchange cannot be read: then nothing is known to be right. */
  async run(isLast = false): Promise<Reconciliation> {
    const { exchange, store, clock, symbols } = this.#parts;
    const found: Findings = { divergences: [], failure: undefined };
    const askedAt = clock.monotonic();
    const open = await exchange.openOrders();
    await this.#matchOrders(open.value, open.at, askedAt, found);
    await this.#fetchFills(found, OVERLAP_MS);
    await this.#fetchFunding(isLast, found);
    const { value: listed } = await exchange.positions();
    for (const report of listed) if (symbols.includes(report.symbol)) store.hear(report);
    const lacks = symbols.some((symbol) => store.differs(symbol)) || this.#positionsOff(listed).length > 0;
    if (lacks) await this.#fetchFills(found, LONG_OVERLAP_MS);
    const positionsOff = this.#positionsOff(listed);
    for (const symbol of symbols) this.#judgeWitness(symbol, positionsOff.includes(symbol));
    return { ...found, positionsOff };
  }

  async #matchOrders(rows: readonly OrderReport[], readAt: number, askedAt: Instant, found: Findings): Promise<void> {
    const { store, observer, idPrefix, clock } = this.#parts;
    const listed = new Set(rows.map(({ clientOrderId }) => clientOrderId));
    const suspects: OrderReport[] = [];
    for (const row of rows) {
      if (!row.clientOrderId.startsWith(OWN_PREFIX) || row.kind !== 'plain') continue;
      // Of an earlier run, on its way until now: nobody wants it.
      if (!row.clientOrderId.startsWith(idPrefix)) {
        await tried(this.#cancelOrphan(row, found), found);
        continue;
      }
      const known = store.get(row.clientOrderId);
      // What changed while the answer was on its way is newer here than in the answer.
      const isOld = readAt - row.updatedAt > SETTLE_MS && (known === undefined || askedAt - known.updatedAt > SETTLE_MS);
      if (known !== undefined && isLive(known)) {
        if (isOld && differs(known, row)) found.divergences.push(`stale_terms ${row.clientOrderId}`);
        // The exchange's clock may have been put back since the newest row so far: then this one is newer, whatever their stamps say.
        if (isOld) observer.applyReport(row, askedAt - known.updatedAt > LISTS_LAG_MS ? true : undefined);
      } else if (isOld) suspects.push(row);
    }
    for (const row of suspects) if (this.#suspects.has(row.clientOrderId)) await tried(this.#cancelOrphan(row, found), found);
    this.#suspects = new Set(suspects.map(({ clientOrderId }) => clientOrderId));
    const missing = store
      .live()
      .filter((order) => order.state.tag === 'open' && !listed.has(order.clientOrderId) && clock.monotonic() - order.updatedAt > SETTLE_MS);
    for (const order of missing) if (this.#absent.has(order.clientOrderId)) await tried(this.#lookUp(order, found), found);
    this.#absent = new Set(missing.map(({ clientOrderId }) => clientOrderId));
  }

  /** Closed or unknown for us, open for the exchange, twice in a row: the exchange is right, and nobody wants the order. */
  async #cancelOrphan(row: OrderReport, { divergences }: Findings): Promise<void> {
    divergences.push(`orphan ${row.clientOrderId}`);
    await this.#parts.limiter.acquire('cancel');
    await this.#parts.exchange.cancel(row).catch((error: unknown) => {
      if (!(error instanceof ExchangeError && error.kind === 'gone')) throw error;
    });
  }

  /** Absent from two lists in a row: its own record tells why. */
  async #lookUp(order: Order, { divergences }: Findings): Promise<void> {
    const { exchange, observer, store } = this.#parts;
    const { value: report } = await exchange.findOrder(order);
    if (report !== undefined) observer.applyReport(report);
    const after = store.get(order.clientOrderId);
    if (after !== undefined && !isLive(after)) divergences.push(`missed_close ${order.clientOrderId}`);
  }

  async #fetchFills({ divergences }: Findings, overlapMs: number): Promise<void> {
    const { exchange, observer } = this.#parts;
    const since = Math.max(this.#startedAt - OVERLAP_MS, this.#fillsKnownTo - overlapMs);
    const { value: fills, at } = await exchange.fills({ since });
    for (const fill of fills) if (observer.applyFill(fill) && at - fill.at > SETTLE_MS) divergences.push(`missed_fill ${fill.fillId}`);
    this.#fillsKnownTo = at;
  }

  async #fetchFunding(isLast: boolean, { divergences }: Findings): Promise<void> {
    const { exchange, observer } = this.#parts;
    const since = this.#funding.since(this.#fillsKnownTo, isLast);
    if (since === undefined) return;
    const { value: payments, at } = await exchange.funding({ since });
    this.#funding.read(at);
    for (const payment of payments)
      if (observer.applyFunding(payment) && at - payment.at > SETTLE_MS) divergences.push(`missed_funding ${payment.paymentId}`);
  }

  /** A word on the position that no list and no execution bears out, read after read for longer than they can lag, was wrong. */
  #judgeWitness(symbol: string, isOff: boolean): void {
    const { store, clock } = this.#parts;
    const now = clock.monotonic();
    const said = store.witness(symbol);
    const unproven = this.#unproven.get(symbol);
    if (said === undefined || isOff || !store.differs(symbol)) this.#unproven.delete(symbol);
    else if (unproven?.said !== said) this.#unproven.set(symbol, { said, since: now });
    else if (now - unproven.since >= LISTS_LAG_MS) store.disbelieve(symbol);
  }

  #positionsOff(reports: readonly PositionReport[]): string[] {
    const { store, symbols, clock } = this.#parts;
    const theirs = new Map(reports.map((report) => [report.symbol, report]));
    return symbols.filter((symbol) => {
      const report = theirs.get(symbol);
      // Where the exchange does not say as of when, the position must be one that we held lately.
      const agrees = report === undefined ? undefined : store.agrees(report);
      return !(agrees ?? store.heldLately(symbol, report?.quantity ?? lots(0), clock.monotonic()));
    });
  }
}

/** One order about which the exchange refuses a request keeps nothing else from being looked after. */
async function tried(work: Promise<void>, found: Findings): Promise<void> {
  try {
    await work;
  } catch (error) {
    // Requests during a ban may lengthen it.
    if (!(error instanceof ExchangeError) || error.kind === 'banned') throw error;
    found.failure ??= error;
  }
}

function differs(order: Order, row: OrderReport): boolean {
  return order.change.kind === 'none' && (order.price !== row.price || order.quantity !== row.quantity);
}
