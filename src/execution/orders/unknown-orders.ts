import { READS_LATE_MS } from '../../exchange/complete.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { isLive, pendingTerms, type Order, type OrderState, type PendingChange } from '../../model/order.ts';
import { defined } from '../../util/assert.ts';
import { sleep, type Clock, type Instant } from '../../util/clock.ts';
import type { Observer } from './observer.ts';
import type { OrderStore } from './order-store.ts';

/** The exchange accepts timestamps up to 1 s ahead of its own clock, and our estimate of its clock may be off by 250 ms. */
const CLOCK_MARGIN_MS = 1000 + 250;
const BETWEEN_READS_MS = 1000;

export interface UnknownOrdersParts {
  readonly exchange: Pick<Exchange, 'findOrder'>;
  readonly store: OrderStore;
  /** Receives the results, which are recorded like stream events. */
  readonly observer: Pick<Observer, 'applyReport' | 'neverAccepted'>;
  readonly clock: Clock;
  /** The exchange no longer accepts a request that arrives later than this after its timestamp. */
  readonly recvWindowMs: number;
  /** Since when the private stream is up, monotonic; undefined while it is down. Without it, the lists are the only source. */
  readonly watchedSince: () => number | undefined;
  readonly onResolved: (clientOrderId: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** What the exchange's lists show of an order. */
type Reading = 'present' | 'absent' | 'unreachable';
type Doubt = OrderState | PendingChange;

interface Look {
  readonly doubt: Doubt;
  readonly reading: Reading;
}

/** How long after sending a request the exchange can no longer accept it, ms: from then on a query of its outcome is final. */
export function settledAfterMs(recvWindowMs: number): number {
  return recvWindowMs + CLOCK_MARGIN_MS;
}

/**
 * Determines the state of orders with a request of unknown outcome. Nothing is resent or guessed: an order that two reads in a row
 * do not find in any list, after the last moment at which it could have been accepted, was never accepted. An amend or cancel
 * that two reads of the order do not show never happened.
 */
export class UnknownOrders {
  readonly #parts: UnknownOrdersParts;
  /** By client order id: when the newest create or amend in doubt was sent, monotonic. */
  readonly #asking = new Map<string, Instant>();
  #stopped = false;

  constructor(parts: UnknownOrdersParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#asking.size;
  }

  stop(): void {
    this.#stopped = true;
  }

  resume(): void {
    this.#stopped = false;
  }

  /**
   * Starts to query `order` unless this is in progress. `sentAt`: when the request in doubt was sent, monotonic; omitted when no new
   * request is in doubt.
   */
  resolve(order: Order, sentAt?: Instant): void {
    const { clientOrderId } = order;
    const asked = this.#asking.get(clientOrderId);
    if (asked === undefined) this.#asking.set(clientOrderId, sentAt ?? this.#parts.clock.monotonic());
    // A repeated cancel does not extend the waiting time for the order; only an amend does, because it brings new terms.
    else if (sentAt !== undefined && pendingTerms(order) !== undefined) this.#asking.set(clientOrderId, Math.max(asked, sentAt));
    if (asked !== undefined) return;
    this.#settle(order)
      .finally(() => this.#asking.delete(clientOrderId))
      .then(() => this.#parts.onResolved(clientOrderId), this.#parts.onFault);
  }

  async #settle(order: Order): Promise<void> {
    const { clock } = this.#parts;
    const { clientOrderId } = order;
    if (!isFinal(order)) await sleep(clock, Math.max(0, this.#finalAt(clientOrderId) - clock.monotonic()));
    let last: Look | undefined;
    while (!this.#stopped) {
      const doubt = this.#doubtOf(clientOrderId);
      if (doubt === undefined) return;
      const counts = isFinal(this.#order(clientOrderId)) || clock.monotonic() >= this.#finalAt(clientOrderId);
      const reading = await this.#ask(order);
      // A change that was requested during this read, or since the read before, needs reads of its own.
      const isSame = this.#doubtOf(clientOrderId) === doubt;
      if (isSame && last?.doubt === doubt && reading !== 'unreachable' && reading === last.reading) this.#disprove(clientOrderId, reading);
      last = isSame && counts ? { doubt, reading } : undefined;
      if (this.#doubtOf(clientOrderId) === undefined) return;
      await sleep(clock, BETWEEN_READS_MS);
    }
  }

  /** From this monotonic time on, the exchange can no longer accept any request in doubt. */
  #finalAt(clientOrderId: string): Instant {
    return defined(this.#asking.get(clientOrderId), clientOrderId) + settledAfterMs(this.#parts.recvWindowMs);
  }

  /** Lists may be late: they are believed at once only when the private stream was up all the time and has not shown the order. */
  #isBeyondDelay(clientOrderId: string): boolean {
    const { clock, watchedSince } = this.#parts;
    const since = watchedSince();
    if (since !== undefined && since <= defined(this.#asking.get(clientOrderId), clientOrderId)) return true;
    return clock.monotonic() >= this.#finalAt(clientOrderId) + READS_LATE_MS;
  }

  /** What is in doubt: the order's state or the requested change. Undefined once an event or a row has settled it. */
  #doubtOf(clientOrderId: string): Doubt | undefined {
    const order = this.#parts.store.get(clientOrderId);
    if (order === undefined || !isLive(order)) return undefined;
    if (order.state.tag !== 'open') return order.state;
    return order.change.kind === 'cancel' || (order.change.kind === 'amend' && order.change.unknown) ? order.change : undefined;
  }

  /** Two reads in a row, after the last moment at which it could have happened, do not show it: it never happened. */
  #disprove(clientOrderId: string, reading: 'present' | 'absent'): void {
    const { store, observer, clock } = this.#parts;
    const order = this.#order(clientOrderId);
    const isBeyondDelay = this.#isBeyondDelay(clientOrderId);
    if (reading === 'present') {
      // The row may be older than the amend. A cancel can be sent again, whether or not it was accepted.
      const isPlain = isBeyondDelay || pendingTerms(order) === undefined;
      if (isPlain) store.apply(clientOrderId, { type: 'changeDisproved' }, clock.monotonic());
      else if (order.change.kind === 'cancel') store.apply(clientOrderId, { type: 'cancelRefused' }, clock.monotonic());
    }
    // Absence can disprove only a create: an order that once rested must be in one of the lists.
    else if (order.state.tag !== 'open' && isBeyondDelay) observer.neverAccepted(clientOrderId);
  }

  #order(clientOrderId: string): Order {
    return defined(this.#parts.store.get(clientOrderId), clientOrderId);
  }

  async #ask(order: Order): Promise<Reading> {
    const { exchange, observer } = this.#parts;
    try {
      const { value: report } = await exchange.findOrder(order);
      if (report === undefined) return 'absent';
      observer.applyReport(report);
      return 'present';
    } catch (error) {
      if (error instanceof ExchangeError) return 'unreachable';
      throw error;
    }
  }
}

/** True when only a cancel, and no create or amend, is in doubt: then no time window must pass before reads count. */
function isFinal(order: Order): boolean {
  return order.state.tag === 'open' && pendingTerms(order) === undefined;
}
