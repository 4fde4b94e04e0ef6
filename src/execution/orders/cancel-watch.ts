import { isOwn, type CancelPort, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { ExchangeEvent } from '../../exchange/exchange.ts';
import { OrderRelay } from '../../exchange/order-relay.ts';
import type { Fill, OrderReport } from '../../model/order.ts';
import type { Clock } from '../../util/clock.ts';
import type { OrderStore } from './order-store.ts';

/**
 * What the private stream says of orders, for the cancel-all that is running and for the next one: what may be mmbot's and is not in the
 * store nobody else keeps, and lists may be late to show it.
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

  /** Monotonic; undefined while the stream is down. */
  get upSince(): number | undefined {
    return this.#upSince;
  }

  /** It came up before the start cleared the account, and has not been down since: nothing goes unheard. False before that. */
  get isUnbroken(): boolean {
    return this.#isCleared && this.#upSince !== undefined && !this.#wasDown;
  }

  /** Nothing of earlier runs is left. */
  cleared(): void {
    this.#isCleared = true;
  }

  /** The same port, with this stream behind it. */
  port(port: CancelPort): CancelPort {
    return { ...port, listen: (listener) => this.#relay.listen(listener) };
  }

  state(state: 'up' | 'down'): void {
    this.#wasDown ||= state === 'down';
    this.#upSince = state === 'down' ? undefined : (this.#upSince ?? this.#clock.monotonic());
    this.#relay.state(state);
  }

  /** True when it shows an open order of mmbot's that this run has not placed, in a symbol that it knows. */
  observe(event: ExchangeEvent): boolean {
    if (event.type === 'otherOrder') {
      this.#heard(event.news);
      return false;
    }
    if (event.type === 'order') return this.#heard({ order: orderIn(event.report), isOpen: event.report.status === 'open' });
    // What is executed was alive; whether it still is, its own record tells.
    return event.type === 'fill' && this.#store.find(event.fill) === undefined && this.#heard({ order: orderOf(event.fill), isOpen: true });
  }

  #heard(news: OrderNews): boolean {
    const { order, isOpen } = news;
    // One whose owner cannot be told may be mmbot's.
    const isStray = isOwn(order) !== false && this.#store.find(order) === undefined;
    if (!this.#relay.heard(news, isStray)) this.#missed();
    return isStray && isOpen && order.kind === 'plain';
  }

  /** As if the stream had been down until now: what had to be forgotten the lists alone can tell. */
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
