import { keyOf, type OrderListener, type OrderNews } from './cancel-port.ts';

/** More open orders than an account may have. */
const MOST_ALIVE = 10_000;
/** Ends that are remembered, so that an execution that comes after them revives nothing. */
const MOST_ENDED = 20_000;

/**
 * What an order stream says, for whoever listens, and for those who begin to listen later: they are told whether it is up and which orders
 * it has shown alive. Orders never open again, so that what is said of one after its end is old, and is not passed on.
 */
export class OrderRelay {
  readonly #listeners = new Set<OrderListener>();
  readonly #alive = new Map<string, OrderNews>();
  readonly #ended = new Set<string>();
  #isUp = false;

  /** Until the returned function is called. */
  listen(listener: OrderListener): () => void {
    this.#listeners.add(listener);
    if (this.#isUp) listener.onState('up');
    for (const news of this.#alive.values()) listener.onNews(news);
    return () => void this.#listeners.delete(listener);
  }

  state(state: 'up' | 'down'): void {
    this.#isUp = state === 'up';
    for (const { onState } of this.#listeners) onState(state);
  }

  /** `isKept`: for those who begin to listen later too. False when an open order had to be forgotten for it. */
  heard(news: OrderNews, isKept = true): boolean {
    const key = keyOf(news.order);
    if (news.isOpen && this.#ended.has(key)) return true;
    if (!news.isOpen) this.#alive.delete(key);
    if (isKept) this.#keep(key, news);
    for (const { onNews } of this.#listeners) onNews(news);
    return this.#alive.size <= MOST_ALIVE || !forgetOldest(this.#alive);
  }

  #keep(key: string, news: OrderNews): void {
    if (news.isOpen) this.#alive.set(key, news);
    // Without an id of its own it could be another one the next time.
    else if (news.order.exchangeOrderId !== '') this.#ended.add(key);
    if (this.#ended.size > MOST_ENDED) forgetOldest(this.#ended);
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): boolean {
  const [oldest] = kept.keys();
  return oldest !== undefined && kept.delete(oldest);
}
