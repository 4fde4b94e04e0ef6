import { isOwn, type CancelPort, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { ExchangeEvent } from '../../exchange/exchange.ts';
import { OrderRelay } from '../../exchange/order-relay.ts';
import type { Fill, OrderReport } from '../../model/order.ts';
import type { Clock } from '../../util/clock.ts';
import type { OrderStore } from './order-store.ts';

/**
 * Collects order news of the private stream for a running or later cancel-all. Only this class remembers orders that may be mmbot's
 * but are not in the store, and the exchange's order lists may show them late.
 */
export class CancelWatch {
  readonly #clock: Clock;
  readonly #store: OrderStore;
  readonly #relay = new OrderRelay();
  #upSince: number | undefined;
  #wasDown = false;
  #isCleared = false;

  constructor({ clock, store }: { readonly clock: Clock; readonly store: OrderStore }) {
    this.#clock = clock;
    this.#store = store;
  }

  /** Since when the stream is up, monotonic; undefined while it is down. */
  get upSince(): number | undefined {
    return this.#upSince;
  }

  /** True when the stream came up before the start-up cancel-all completed and has not been down: no event was missed. False before. */
  get isUnbroken(): boolean {
    return this.#isCleared && this.#upSince !== undefined && !this.#wasDown;
  }

  /** No orders of earlier runs are left. */
  get isCleared(): boolean {
    return this.#isCleared;
  }

  cleared(): void {
    this.#isCleared = true;
  }

  /** The same port, with `listen` served by this stream. */
  port(port: CancelPort): CancelPort {
    return { ...port, listen: (listener) => this.#relay.listen(listener) };
  }

  state(state: 'up' | 'down'): void {
    this.#wasDown ||= state === 'down';
    this.#upSince = state === 'down' ? undefined : (this.#upSince ?? this.#clock.monotonic());
    this.#relay.state(state);
  }

  /** True when the event shows an open order that is or may be mmbot's but was not placed by this run. */
  observe(event: ExchangeEvent): boolean {
    if (event.type === 'otherOrder') {
      this.#heard(event.news);
      return false;
    }
    if (event.type === 'order') return this.#heard({ order: orderIn(event.report), isOpen: event.report.status === 'open' });
    // A filled order was live; the event of the order itself shows whether it still is.
    return event.type === 'fill' && this.#store.find(event.fill) === undefined && this.#heard({ order: orderOf(event.fill), isOpen: true });
  }

  #heard(news: OrderNews): boolean {
    const { order, isOpen } = news;
    // An order whose owner is unknown may be mmbot's.
    const isStray = isOwn(order) !== false && this.#store.find(order) === undefined;
    if (!this.#relay.heard(news, isStray)) this.#missed();
    return isStray && isOpen && order.kind === 'plain';
  }

  /** Treats the stream as if it had been down until now: news was discarded, so only the order lists can show it. */
  #missed(): void {
    this.#wasDown = true;
    if (this.#upSince !== undefined) this.#upSince = this.#clock.monotonic();
  }
}

function orderIn({ symbol, exchangeOrderId, clientOrderId, kind, side, createdAt }: OrderReport): RestingOrder {
  return {
    category: 'linear',
    symbol,
    exchangeOrderId,
    clientOrderId,
    kind,
    side,
    price: '',
    quantity: undefined,
    filled: undefined,
    createdAt,
  };
}

function orderOf({ symbol, exchangeOrderId, clientOrderId, side }: Fill): RestingOrder {
  const terms = { kind: 'plain', price: '', quantity: undefined, filled: undefined } as const;
  return { category: 'linear', symbol, exchangeOrderId, clientOrderId, side, ...terms };
}
