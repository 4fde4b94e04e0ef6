import { READS_LATE_MS } from '../exchange/complete.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { isLive, pendingTerms, type Order, type OrderState, type PendingChange } from '../model/order.ts';
import { sleep, type Clock } from '../util/clock.ts';
import type { Observer } from './observer.ts';
import type { OrderStore } from './order-store.ts';

/** The exchange takes timestamps up to a second ahead of its own clock, and our estimate of it may be off by this much. */
const CLOCK_MARGIN_MS = 1000 + 250;
const BETWEEN_READS_MS = 1000;

export interface UnknownOrdersParts {
  readonly exchange: Pick<Exchange, 'findOrder'>;
  readonly store: OrderStore;
  /** Takes what was found out: it is recorded like what a stream says. */
  readonly observer: Pick<Observer, 'applyReport' | 'neverAccepted'>;
  readonly clock: Clock;
  /** A request that the exchange has not taken by then can no longer be taken. */
  readonly recvWindowMs: number;
  /** Since when the private stream is up, monotonic; undefined while it is down. Without it there is nothing but lists. */
  readonly watchedSince: () => number | undefined;
  readonly onResolved: (clientOrderId: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** Of the exchange's lists. */
type Reading = 'present' | 'absent' | 'unreachable';

/** How long after a request the exchange's own answer about it is final, ms. */
export function settledAfterMs(recvWindowMs: number): number {
  return recvWindowMs + CLOCK_MARGIN_MS;
}

/**
 * Finds out how orders stand whose requests have an unproven outcome. Nothing is resent and nothing is guessed: an order
 * that is absent from every list, twice, after the last moment at which it could have been accepted, was never accepted;
 * and an amend or cancel that the order does not show, twice, never happened.
 */
export class UnknownOrders {
  readonly #parts: UnknownOrdersParts;
  readonly #asking = new Set<string>();
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

  /** Starts to ask about `order`, unless that is under way. `sentAt`: of the request in doubt, monotonic. */
  resolve(order: Order, sentAt = this.#parts.clock.monotonic()): void {
    const { clientOrderId } = order;
    if (this.#asking.has(clientOrderId)) return;
    this.#asking.add(clientOrderId);
    this.#settle(order, sentAt)
      .finally(() => this.#asking.delete(clientOrderId))
      .then(() => this.#parts.onResolved(clientOrderId), this.#parts.onFault);
  }

  async #settle(order: Order, sentAt: number): Promise<void> {
    const { clock, recvWindowMs } = this.#parts;
    const { clientOrderId } = order;
    // A gone order is settled already; a request in doubt is, once its time window has passed.
    const isSettled = order.state.tag === 'open' && pendingTerms(order) === undefined;
    if (!isSettled) await sleep(clock, Math.max(0, sentAt + settledAfterMs(recvWindowMs) - clock.monotonic()));
    let last: Reading | undefined;
    while (!this.#stopped) {
      const doubt = this.#doubtOf(clientOrderId);
      if (doubt === undefined) return;
      const reading = await this.#ask(order);
      // What was sent while the answer was on its way is another question.
      const isSame = this.#doubtOf(clientOrderId) === doubt;
      const counts = reading !== 'absent' || this.#isBeyondDelay(sentAt);
      if (isSame && counts && reading !== 'unreachable' && reading === last) this.#disprove(clientOrderId, reading);
      last = isSame ? reading : undefined;
      if (this.#doubtOf(clientOrderId) === undefined) return;
      await sleep(clock, BETWEEN_READS_MS);
    }
  }

  /** Lists may be late: only where the private stream was up all the time, and has not shown the order, are they believed before that. */
  #isBeyondDelay(sentAt: number): boolean {
    const { clock, recvWindowMs, watchedSince } = this.#parts;
    const since = watchedSince();
    if (since !== undefined && since <= sentAt) return true;
    return clock.monotonic() >= sentAt + settledAfterMs(recvWindowMs) + READS_LATE_MS;
  }

  /** What is in doubt about it: its state, or the change that was asked for. Undefined once an event or a row has settled it. */
  #doubtOf(clientOrderId: string): OrderState | PendingChange | undefined {
    const order = this.#parts.store.get(clientOrderId);
    if (order === undefined || !isLive(order)) return undefined;
    if (order.state.tag !== 'open') return order.state;
    return order.change.kind === 'cancel' || (order.change.kind === 'amend' && order.change.unknown) ? order.change : undefined;
  }

  /** Two looks in a row, after the last moment at which it could have happened, do not show it: it never did. */
  #disprove(clientOrderId: string, reading: 'present' | 'absent'): void {
    const { store, observer, clock } = this.#parts;
    const isAcknowledged = store.get(clientOrderId)?.state.tag === 'open';
    if (reading === 'present') store.apply(clientOrderId, { type: 'changeDisproved' }, clock.monotonic());
    // An order that rested is somewhere; only its create can be disproved by its absence.
    else if (!isAcknowledged) observer.neverAccepted(clientOrderId);
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
