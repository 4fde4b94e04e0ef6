import { READS_LATE_MS } from '../../exchange/complete.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { isLive, pendingTerms, type Order, type OrderState, type PendingChange } from '../../model/order.ts';
import { defined } from '../../util/assert.ts';
import { sleep, type Clock, type Instant } from '../../util/clock.ts';
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
type Doubt = OrderState | PendingChange;

interface Look {
  readonly doubt: Doubt;
  readonly reading: Reading;
}

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
  /** By client order id, when the newest create or amend in doubt was sent, monotonic. */
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
   * Starts to ask about `order`, unless that is under way. `sentAt`: of the request in doubt, monotonic; not given where nothing new is in
   * doubt.
   */
  resolve(order: Order, sentAt?: Instant): void {
    const { clientOrderId } = order;
    const asked = this.#asking.get(clientOrderId);
    if (asked === undefined) this.#asking.set(clientOrderId, sentAt ?? this.#parts.clock.monotonic());
    // A cancel that is sent again and again does not prolong the doubt about what it is to cancel; only an amend brings new terms.
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
      // What was sent while the answer was on its way, or since the look before, is another question.
      const isSame = this.#doubtOf(clientOrderId) === doubt;
      if (isSame && last?.doubt === doubt && reading !== 'unreachable' && reading === last.reading) this.#disprove(clientOrderId, reading);
      last = isSame && counts ? { doubt, reading } : undefined;
      if (this.#doubtOf(clientOrderId) === undefined) return;
      await sleep(clock, BETWEEN_READS_MS);
    }
  }

  /** From this monotonic time on nothing that is in doubt can still be taken. */
  #finalAt(clientOrderId: string): Instant {
    return defined(this.#asking.get(clientOrderId), clientOrderId) + settledAfterMs(this.#parts.recvWindowMs);
  }

  /** Lists may be late: only where the private stream was up all the time, and has not shown it, are they believed before that. */
  #isBeyondDelay(clientOrderId: string): boolean {
    const { clock, watchedSince } = this.#parts;
    const since = watchedSince();
    if (since !== undefined && since <= defined(this.#asking.get(clientOrderId), clientOrderId)) return true;
    return clock.monotonic() >= this.#finalAt(clientOrderId) + READS_LATE_MS;
  }

  /** What is in doubt about it: its state, or the change that was asked for. Undefined once an event or a row has settled it. */
  #doubtOf(clientOrderId: string): Doubt | undefined {
    const order = this.#parts.store.get(clientOrderId);
    if (order === undefined || !isLive(order)) return undefined;
    if (order.state.tag !== 'open') return order.state;
    return order.change.kind === 'cancel' || (order.change.kind === 'amend' && order.change.unknown) ? order.change : undefined;
  }

  /** Two looks in a row, after the last moment at which it could have happened, do not show it: it never did. */
  #disprove(clientOrderId: string, reading: 'present' | 'absent'): void {
    const { store, observer, clock } = this.#parts;
    const order = this.#order(clientOrderId);
    const isBeyondDelay = this.#isBeyondDelay(clientOrderId);
    if (reading === 'present') {
      // The row may be from before the amend. A cancel can be sent again whether it was taken or not.
      const isPlain = isBeyondDelay || pendingTerms(order) === undefined;
      if (isPlain) store.apply(clientOrderId, { type: 'changeDisproved' }, clock.monotonic());
      else if (order.change.kind === 'cancel') store.apply(clientOrderId, { type: 'cancelRefused' }, clock.monotonic());
    }
    // An order that rested is somewhere; only its create can be disproved by its absence.
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

/** A gone order is settled already; a request in doubt is, once its time window has passed. */
function isFinal(order: Order): boolean {
  return order.state.tag === 'open' && pendingTerms(order) === undefined;
}
