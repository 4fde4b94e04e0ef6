import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange, PositionReport } from '../../exchange/exchange.ts';
import { isLive, OWN_PREFIX, type Order, type OrderReport } from '../../model/order.ts';
import { lots } from '../../model/units.ts';
import type { Clock, Instant } from '../../util/clock.ts';
import { FundingWindow } from '../loop/funding-window.ts';
import type { Observer } from '../orders/observer.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { OrderStore } from '../orders/order-store.ts';

/** Events may need this long to arrive: a younger difference is no divergence. */
const SETTLE_MS = 2000;
/** Each fetch of executions overlaps the last one by this much: the list may lag. */
const OVERLAP_MS = 5000;
/** The overlap when the executions do not add up to the position: then the list lags, or the stream lost one. */
const LONG_OVERLAP_MS = 600_000;
/** The longest assumed lag of the exchange's lists. */
const LISTS_LAG_MS = 30_000;

export interface ReconcileParts {
  readonly exchange: Pick<Exchange, 'openOrders' | 'findOrder' | 'fills' | 'funding' | 'positions' | 'cancel'>;
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly limiter: Pick<RateLimiter, 'acquire'>;
  readonly symbols: readonly string[];
  /** Every client order id of this run begins with it. */
  readonly idPrefix: string;
  /** Receives the rows of the lists. */
  readonly observer: Pick<Observer, 'applyFill' | 'applyFunding' | 'applyReport'>;
}

/** The result of a reconciliation. Everything except a position difference has already been corrected. */
export interface Reconciliation {
  /** Snake_case code and subject, such as `missed_fill <fill id>`. */
  readonly divergences: readonly string[];
  /** Symbols whose position at the exchange differs from all our recent ones, with every known execution applied. Lists may lag. */
  readonly positionsOff: readonly string[];
  /** The first failure of a request about a single order: the state of that order is not known to be right. */
  readonly failure: ExchangeError | undefined;
}

/** The findings of a pass so far. */
interface Findings {
  readonly divergences: string[];
  failure: ExchangeError | undefined;
}

/** Compares mmbot's local state with the exchange's lists (orders, executions, positions) and corrects the local state. */
export class Reconciler {
  readonly #parts: ReconcileParts;
  /** Exchange time; earlier executions are included in the adopted positions. */
  readonly #startedAt: number;
  /** Exchange time up to which executions are known. */
  #fillsKnownTo: number;
  readonly #funding: FundingWindow;
  /** Orders live in the store but absent from the exchange's list in the last pass. */
  #absent = new Set<string>();
  /** Orders open at the exchange but not in the store in the last pass. */
  #suspects = new Set<string>();
  /** By symbol: a reported position that the lists do not confirm, and since when, monotonic. */
  readonly #unproven = new Map<string, { readonly said: PositionReport; readonly since: number }>();

  /** `fundingFrom`: exchange time; earlier funding settlements are known. */
  constructor(parts: ReconcileParts, startedAt: number, fundingFrom: number) {
    this.#parts = parts;
    this.#funding = new FundingWindow(fundingFrom);
    this.#startedAt = startedAt;
    this.#fillsKnownTo = startedAt;
  }

  /** `isLast`: this is the last pass. Rejects with ExchangeError when the exchange cannot be read: then nothing is known to be right. */
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
      // An order of an earlier run that was in flight until now: it is unwanted.
      if (!row.clientOrderId.startsWith(idPrefix)) {
        await tried(this.#cancelOrphan(row, found), found);
        continue;
      }
      const known = store.get(row.clientOrderId);
      // A change during the read is newer in the store than in the response.
      const isOld = readAt - row.updatedAt > SETTLE_MS && (known === undefined || askedAt - known.updatedAt > SETTLE_MS);
      if (known !== undefined && isLive(known)) {
        if (isOld && differs(known, row)) found.divergences.push(`stale_terms ${row.clientOrderId}`);
        // The exchange's clock may have been set back since the last row: then this row is newer even though its time is earlier.
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

  /** Open at the exchange, but closed or unknown here, in two passes in a row: the exchange is right, so the order is canceled. */
  async #cancelOrphan(row: OrderReport, { divergences }: Findings): Promise<void> {
    divergences.push(`orphan ${row.clientOrderId}`);
    await this.#parts.limiter.acquire('cancel');
    await this.#parts.exchange.cancel(row).catch((error: unknown) => {
      if (!(error instanceof ExchangeError && error.kind === 'gone')) throw error;
    });
  }

  /** An order absent from two lists in a row: a query of the order itself shows why. */
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

  /** A reported position that no list and no execution confirms for longer than they can lag was wrong and is discarded. */
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
      // When the report has no sequence, the position must equal one that we held recently.
      const agrees = report === undefined ? undefined : store.agrees(report);
      return !(agrees ?? store.heldLately(symbol, report?.quantity ?? lots(0), clock.monotonic()));
    });
  }
}

/** A failed request about one order must not prevent the handling of the others. */
async function tried(work: Promise<void>, found: Findings): Promise<void> {
  try {
    await work;
  } catch (error) {
    // Requests during a ban may extend it.
    if (!(error instanceof ExchangeError) || error.kind === 'banned') throw error;
    found.failure ??= error;
  }
}

function differs(order: Order, row: OrderReport): boolean {
  return order.change.kind === 'none' && (order.price !== row.price || order.quantity !== row.quantity);
}
