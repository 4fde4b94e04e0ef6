import { keyOf, type OrderListener, type OrderNews } from './cancel-port.ts';

/** More open orders than an account may have. */
const MOST_ALIVE = 10_000;
/** How many closed orders are remembered, so that a later execution event does not mark them as open again. */
const MOST_ENDED = 20_000;

/**
 * Distributes the events of an order stream to listeners. A listener that registers later first gets the stream's state and the orders
 * shown as live. Closed orders never reopen, so an open event of a closed order is outdated and not forwarded.
 */
export class OrderRelay {
  readonly #listeners = new Set<OrderListener>();
  readonly #alive = new Map<string, OrderNews>();
  readonly #ended = new Set<string>();
  #isUp = false;

  /** Registers a listener until the returned function is called. */
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

  /** News was lost: listeners are told as of a stream that was down for a moment. */
  interrupted(): void {
    if (!this.#isUp) return;
    this.state('down');
    this.state('up');
  }

  /** `isKept`: remember the event for later listeners. Returns false when an open order had to be forgotten to make room. */
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
    // Without an exchange order id, the same key could later mean another order.
    else if (news.order.exchangeOrderId !== '') this.#ended.add(key);
    if (this.#ended.size > MOST_ENDED) forgetOldest(this.#ended);
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): boolean {
  const [oldest] = kept.keys();
  return oldest !== undefined && kept.delete(oldest);
}
