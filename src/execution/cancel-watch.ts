import { isOwn, keyOf, type CancelPort, type OrderListener, type OrderNews, type RestingOrder } from '../exchange/cancel-port.ts';
import type { ExchangeEvent } from '../exchange/exchange.ts';
import { OWN_PREFIX, type Fill, type OrderReport } from '../model/order.ts';
import type { Clock } from '../util/clock.ts';
import type { OrderStore } from './order-store.ts';

/** What the private stream says of orders, for the cancel-all that is running. */
export class CancelWatch {
  readonly #clock: Clock;
  readonly #store: OrderStore;
  readonly #listeners = new Set<OrderListener>();
  /** Of mmbot's, in symbols that this run does not trade: nobody else keeps them. */
  readonly #elsewhere = new Map<string, OrderNews>();
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

  /** The same port, with this stream behind it until it is disposed of. */
  port(port: CancelPort): CancelPort & Disposable {
    const listeners: OrderListener[] = [];
    return {
      ...port,
      listen: (listener) => {
        listeners.push(listener);
        this.#listeners.add(listener);
        for (const news of this.#elsewhere.values()) listener.onNews(news);
      },
      [Symbol.dispose]: () => {
        for (const listener of listeners) this.#listeners.delete(listener);
      },
    };
  }

  state(state: 'up' | 'down'): void {
    this.#wasDown ||= state === 'down';
    this.#upSince = state === 'down' ? undefined : (this.#upSince ?? this.#clock.monotonic());
    for (const { onState } of this.#listeners) onState(state);
  }

  /** True when it shows an open order of mmbot's that this run has not placed, in a symbol that it trades. */
  observe(event: ExchangeEvent): boolean {
    if (event.type === 'otherOrder') return this.#heardElsewhere(event.news);
    if (event.type === 'order') {
      const { report } = event;
      return this.#tell(orderIn(report), report.status === 'open');
    }
    // What is executed was alive; whether it still is, its own record tells.
    return event.type === 'fill' && this.#store.find(event.fill) === undefined && this.#tell(orderOf(event.fill), true);
  }

  #heardElsewhere(news: OrderNews): false {
    const key = keyOf(news.order);
    // One whose owner cannot be told may be mmbot's.
    if (news.isOpen && isOwn(news.order) !== false) this.#elsewhere.set(key, news);
    else this.#elsewhere.delete(key);
    for (const { onNews } of this.#listeners) onNews(news);
    return false;
  }

  #tell(order: RestingOrder, isOpen: boolean): boolean {
    for (const { onNews } of this.#listeners) onNews({ order, isOpen });
    const isStray = order.clientOrderId.startsWith(OWN_PREFIX) && this.#store.find(order) === undefined;
    return isStray && isOpen && order.kind === 'plain';
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
