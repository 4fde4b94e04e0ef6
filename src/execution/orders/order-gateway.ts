import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange, RequestClass, Transport } from '../../exchange/exchange.ts';
import type { Amend, NewOrder, Order } from '../../model/order.ts';
import type { Approved } from '../../risk/gate.ts';
import type { Clock } from '../../util/clock.ts';
import type { Breakers } from '../limits/breakers.ts';
import type { Plan } from '../decide/decision.ts';
import type { Failure, Recorder } from '../events.ts';
import type { Journal } from '../journal.ts';
import type { OrderStore } from './order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';

export interface GatewayParts {
  readonly exchange: Pick<Exchange, 'place' | 'amend' | 'cancel' | 'together' | 'entries'>;
  readonly store: OrderStore;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  /** Choose the transport; only creates and amends can be blocked. */
  readonly breakers: Pick<Breakers, 'forChange' | 'forCancel'>;
  readonly clock: Clock;
  readonly record: Recorder;
  /** A create or amend that has waited longer than this for the disk and its lane is dropped: its price is stale. */
  readonly queueDeadlineMs: number;
  /**
   * Called to query this order: the outcome of the request sent at `sentAt` (monotonic) is in doubt, or the exchange responded that
   * the order is gone.
   */
  readonly askAbout: (order: Order, sentAt: number) => void;
  /** An acknowledged change that the private stream has not shown within this time is queried. */
  readonly confirmWithinMs: number;
  /** Called on a bug or a broken journal: trading must stop. */
  readonly onFault: (error: unknown) => void;
}

type Way =
  | { readonly via: Transport; readonly reason?: undefined }
  | { readonly via?: undefined; readonly reason: 'not_recorded' | 'waited_too_long' | 'fenced' | 'breaker_open' };

/**
 * Sends all order requests: writes the intent to the journal before sending, applies the rate limit per lane, and puts the response
 * into the store. A response never proves the state of an order; streams and queries do.
 */
export class OrderGateway {
  readonly #parts: GatewayParts;
  readonly #inFlight = new Map<string, number>();
  #total = 0;
  /** Since when no create or amend may be sent, monotonic; undefined while they may. */
  #fencedAt: number | undefined;
  /** One callback per plan that waits for the disk: settles whether its intents are durable. */
  readonly #unrecorded = new Set<(isDurable: boolean) => void>();
  readonly #idle: (() => void)[] = [];

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Requests of this symbol that are queued, or sent without a response yet. */
  inFlight(symbol: string): number {
    return this.#inFlight.get(symbol) ?? 0;
  }

  /** From now on no create or amend is sent, not even a queued one; cancels still are. Returns since when this holds, monotonic. */
  fence(): number {
    this.#fencedAt ??= this.#parts.clock.monotonic();
    for (const settle of this.#unrecorded) settle(false);
    return this.#fencedAt;
  }

  /** Resolves when no request is queued or waits for a response. */
  drained(): Promise<void> {
    return this.#total === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Cancels are sent first. Creates and amends are sent once all their intents are durable, and dropped when the journal fails. */
  execute(plan: Plan): void {
    this.cancel(...plan.cancels);
    if (this.#fencedAt !== undefined || plan.places.length + plan.amends.length === 0) return;
    const recorded = this.#intend(plan);
    for (const amend of plan.amends) this.#track(amend.symbol, this.#amend(amend, recorded));
    for (const order of plan.places) this.#track(order.symbol, this.#place(order, recorded));
  }

  /**
   * Cancels never wait for the disk, the risk gate or another lane. With room in their lane, those that the WebSocket carries are on the wire
   * when this returns, so the caller's next steps do not delay them. Over TLS that holds for the first call in a turn of the event
   * loop; Node sends what follows at the end of the turn.
   */
  cancel(...orders: readonly Order[]): void {
    if (orders.length === 0) return;
    this.#parts.exchange.together(() => {
      for (const order of orders) this.#cancelNow(order);
    });
  }

  #cancelNow(order: Order): void {
    const { store, journal, clock, record } = this.#parts;
    const { symbol, clientOrderId } = order;
    store.apply(clientOrderId, { type: 'cancelSent' }, clock.monotonic());
    record({ type: 'cancelSent', symbol, clientOrderId });
    journal.append({ type: 'cancelIntent', at: clock.now(), symbol, clientOrderId });
    this.#track(symbol, this.#cancel(order));
  }

  /** One sync for the whole plan. Resolves to false when it failed (the journal itself reports the failure) or when `fence` was called. */
  #intend({ places, amends }: Plan): Promise<boolean> {
    const { store, journal, clock } = this.#parts;
    const at = clock.now();
    const intendedAt = clock.monotonic();
    for (const order of places) {
      journal.append({ type: 'placeIntent', at, order });
      store.intend(order, intendedAt);
    }
    for (const amend of amends) {
      const { clientOrderId, price, quantity } = amend;
      journal.append({ type: 'amendIntent', at, amend });
      store.apply(clientOrderId, { type: 'amendSent', terms: { price, quantity } }, intendedAt);
    }
    return new Promise((resolve) => {
      const settle = (isDurable: boolean): void => {
        this.#unrecorded.delete(settle);
        resolve(isDurable);
      };
      this.#unrecorded.add(settle);
      journal.synced().then(
        () => settle(true),
        () => settle(false),
      );
    });
  }

  async #place(order: Approved<NewOrder>, recorded: Promise<boolean>): Promise<void> {
    const { exchange, store, clock, record } = this.#parts;
    const { clientOrderId } = order;
    const dueAt = clock.monotonic();
    const { via, reason } = await this.#wayFor('create', dueAt, recorded);
    if (reason !== undefined) return this.#placeDropped(clientOrderId, reason);
    const sentAt = clock.monotonic();
    record({ type: 'orderSent', order });
    const ack = await outcomeOf(exchange.place(order, via));
    if (ack instanceof ExchangeError) return this.#placeFailed(order, ack, sentAt);
    store.apply(clientOrderId, { type: 'acknowledged', exchangeOrderId: ack.exchangeOrderId }, clock.monotonic());
    this.#answer(clientOrderId, 'acknowledged', '');
    record({ type: 'orderAcked', order, latencyMs: clock.monotonic() - dueAt, queueMs: sentAt - dueAt });
  }

  #placeDropped(clientOrderId: string, reason: string): void {
    const { store, clock, record } = this.#parts;
    store.apply(clientOrderId, { type: 'neverAccepted' }, clock.monotonic());
    this.#answer(clientOrderId, 'dropped', reason);
    record({ type: 'requestDropped', kind: 'place', clientOrderId, reason });
  }

  #placeFailed(order: NewOrder, error: ExchangeError, sentAt: number): void {
    const { store, clock, record } = this.#parts;
    const { clientOrderId } = order;
    if (error.unsent !== undefined) return this.#placeDropped(clientOrderId, error.unsent);
    if (error.outcome === 'not-applied' && error.kind !== 'duplicate') {
      store.apply(clientOrderId, { type: 'refused', reason: error.kind }, clock.monotonic());
      this.#answer(clientOrderId, 'refused', error.message);
      record({ type: 'orderRefused', order, ...failure(error) });
      return;
    }
    store.apply(clientOrderId, { type: 'outcomeUnknown' }, clock.monotonic());
    this.#answer(clientOrderId, 'unknown', error.message);
    record({ type: 'orderUnknown', order, ...failure(error) });
    this.#ask(clientOrderId, sentAt);
  }

  async #amend(amend: Approved<Amend>, recorded: Promise<boolean>): Promise<void> {
    const { exchange, clock, record } = this.#parts;
    const { clientOrderId } = amend;
    const dueAt = clock.monotonic();
    const { via, reason } = await this.#wayFor('amend', dueAt, recorded);
    if (reason !== undefined) return this.#amendDropped(clientOrderId, reason);
    const sentAt = clock.monotonic();
    record({ type: 'amendSent', amend });
    const ack = await outcomeOf(exchange.amend(amend, via));
    if (ack instanceof ExchangeError) {
      if (ack.unsent !== undefined) return this.#amendDropped(clientOrderId, ack.unsent);
      record({ type: 'amendFailed', amend, ...failure(ack) });
      return this.#changeFailed(clientOrderId, 'amendRefused', ack, sentAt);
    }
    record({ type: 'amendAcked', amend, latencyMs: clock.monotonic() - dueAt, queueMs: sentAt - dueAt });
    this.#expectConfirmation(clientOrderId, sentAt);
  }

  #amendDropped(clientOrderId: string, reason: string): void {
    const { store, clock, record } = this.#parts;
    store.apply(clientOrderId, { type: 'amendRefused' }, clock.monotonic());
    record({ type: 'requestDropped', kind: 'amend', clientOrderId, reason });
  }

  async #cancel({ symbol, clientOrderId, exchangeOrderId }: Order): Promise<void> {
    const { exchange, clock, limiter, breakers, record } = this.#parts;
    const dueAt = clock.monotonic();
    // With room in the lane, the cancel is sent in the call of `cancel`.
    if (!limiter.take('cancel')) await limiter.acquire('cancel');
    const sentAt = clock.monotonic();
    const ack = await outcomeOf(exchange.cancel({ symbol, clientOrderId, exchangeOrderId }, breakers.forCancel(exchange.entries())));
    if (ack instanceof ExchangeError) {
      record({ type: 'cancelFailed', symbol, clientOrderId, ...failure(ack) });
      return this.#changeFailed(clientOrderId, 'cancelRefused', ack, sentAt);
    }
    record({ type: 'cancelAcked', symbol, clientOrderId, latencyMs: clock.monotonic() - dueAt });
    this.#expectConfirmation(clientOrderId, sentAt);
  }

  /** A refused change leaves the order as it was. If it is gone, or the cancel or an amend is in doubt, the exchange is queried. */
  #changeFailed(clientOrderId: string, refusal: 'amendRefused' | 'cancelRefused', error: ExchangeError, sentAt: number): void {
    const { store, clock } = this.#parts;
    const isUnknown = error.outcome === 'unknown' || error.kind === 'gone';
    const change = store.apply(clientOrderId, { type: isUnknown ? 'changeUnknown' : refusal }, clock.monotonic())?.after.change;
    if (isUnknown || change?.kind === 'amend') this.#ask(clientOrderId, sentAt);
  }

  /** An acknowledgment does not prove the change: when the stream does not show it in time, the exchange is queried. */
  #expectConfirmation(clientOrderId: string, sentAt: number): void {
    const { store, clock, confirmWithinMs } = this.#parts;
    const change = store.get(clientOrderId)?.change;
    if (change === undefined || change.kind === 'none') return;
    clock.schedule(confirmWithinMs, () => {
      const now = store.get(clientOrderId)?.change;
      // A pending cancel remains the same request when an earlier amend is confirmed.
      if (now !== change && !(now?.kind === 'cancel' && change.kind === 'cancel')) return;
      store.apply(clientOrderId, { type: 'changeUnknown' }, clock.monotonic());
      this.#ask(clientOrderId, sentAt);
    });
  }

  #ask(clientOrderId: string, sentAt: number): void {
    const order = this.#parts.store.get(clientOrderId);
    if (order !== undefined) this.#parts.askAbout(order, sentAt);
  }

  #answer(clientOrderId: string, outcome: 'acknowledged' | 'refused' | 'unknown' | 'dropped', reason: string): void {
    this.#parts.journal.append({ type: 'answer', at: this.#parts.clock.now(), clientOrderId, outcome, reason });
  }

  /** Waits for the disk and the lane. Resolves to the transport for the request, or to the reason not to send it. */
  async #wayFor(requestClass: RequestClass, dueAt: number, recorded: Promise<boolean>): Promise<Way> {
    const { clock, limiter, queueDeadlineMs, breakers, exchange } = this.#parts;
    const isDurable = await recorded;
    if (this.#fencedAt !== undefined) return { reason: 'fenced' };
    if (!isDurable) return { reason: 'not_recorded' };
    const patienceMs = dueAt + queueDeadlineMs - clock.monotonic();
    const granted = patienceMs > 0 && (await limiter.acquire(requestClass, patienceMs));
    if (!granted) return { reason: 'waited_too_long' };
    if (this.#fencedAt !== undefined) return { reason: 'fenced' };
    const via = breakers.forChange(exchange.entries());
    return via === undefined ? { reason: 'breaker_open' } : { via };
  }

  #track(symbol: string, request: Promise<void>): void {
    this.#inFlight.set(symbol, this.inFlight(symbol) + 1);
    this.#total += 1;
    const done = (): void => {
      this.#inFlight.set(symbol, this.inFlight(symbol) - 1);
      this.#total -= 1;
      if (this.#total === 0) for (const wake of this.#idle.splice(0)) wake();
    };
    request.then(done, (error: unknown) => {
      done();
      this.#parts.onFault(error);
    });
  }
}

function failure(error: ExchangeError): Failure {
  return { reason: error.kind, error };
}

/** The acknowledgment, or the ExchangeError as a value. Any other error is a bug and is rethrown. */
async function outcomeOf<T>(request: Promise<T>): Promise<T | ExchangeError> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}
