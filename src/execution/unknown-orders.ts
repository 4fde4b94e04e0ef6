import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { isLive, type Order } from '../model/order.ts';
import { sleep, type Clock } from '../util/clock.ts';
import type { OrderStore } from './order-store.ts';

/** The exchange takes timestamps up to a second ahead of its own clock, and our estimate of it may be off by this much. */
const CLOCK_MARGIN_MS = 1000 + 250;
const BETWEEN_READS_MS = 1000;

export interface UnknownOrdersParts {
  readonly exchange: Exchange;
  readonly store: OrderStore;
  readonly clock: Clock;
  /** A request that the exchange has not taken by then can no longer be taken. */
  readonly recvWindowMs: number;
  readonly onResolved: (clientOrderId: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** How long after a request the exchange's own answer about it is final, ms. */
export function settledAfterMs(recvWindowMs: number): number {
  return recvWindowMs + CLOCK_MARGIN_MS;
}

/**
 * Finds out how orders stand whose requests have an unproven outcome. Nothing is resent and nothing is guessed: an order
 * that is absent from every list, twice, after the last moment at which it could have been accepted, was never accepted.
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

  /** Starts to ask about `order`, unless that is under way. */
  resolve(order: Order): void {
    const { clientOrderId } = order;
    if (this.#asking.has(clientOrderId)) return;
    this.#asking.add(clientOrderId);
    this.#settle(order)
      .finally(() => this.#asking.delete(clientOrderId))
      .then(() => this.#parts.onResolved(clientOrderId), this.#parts.onFault);
  }

  async #settle(order: Order): Promise<void> {
    const { clock, store, recvWindowMs } = this.#parts;
    const neverAcknowledged = order.state.tag === 'unknown' || order.state.tag === 'pending';
    // A gone order is settled already; a request in doubt is, once its time window has passed.
    if (neverAcknowledged || order.change.kind === 'amend') await sleep(clock, settledAfterMs(recvWindowMs));
    let absences = 0;
    while (!this.#stopped && this.#isInDoubt(order.clientOrderId)) {
      const found = await this.#ask(order);
      if (found === 'present') return;
      absences = found === 'absent' ? absences + 1 : 0;
      if (absences >= 2 && neverAcknowledged) {
        store.apply(order.clientOrderId, { type: 'neverAccepted' }, clock.now());
        return;
      }
      await sleep(clock, BETWEEN_READS_MS);
    }
  }

  /** An event may have settled it meanwhile. */
  #isInDoubt(clientOrderId: string): boolean {
    const order = this.#parts.store.get(clientOrderId);
    return order !== undefined && isLive(order) && (order.state.tag !== 'open' || order.change.kind !== 'none');
  }

  async #ask(order: Order): Promise<'present' | 'absent' | 'unreachable'> {
    const { exchange, store, clock } = this.#parts;
    try {
      const { value: report } = await exchange.findOrder(order);
      if (report === undefined) return 'absent';
      const change = store.report(report, clock.now());
      // The order itself tells whether the amend or cancel took effect: what did not show by now never will.
      if (change !== undefined && isLive(change.after)) store.apply(order.clientOrderId, { type: 'changeRefused' }, clock.now());
      return 'present';
    } catch (error) {
      if (error instanceof ExchangeError) return 'unreachable';
      throw error;
    }
  }
}
