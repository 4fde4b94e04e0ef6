import { keyOf, type OrderName, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';

/** The orders that the stream has shown as live. Closed orders never reopen, so any later event of a closed order is outdated. */
export class OrderWitness {
  readonly #alive = new Map<string, { readonly order: RestingOrder; readonly heardAt: number }>();
  readonly #ended = new Set<string>();
  #upSince: number | undefined;

  /** Since when no event was missed (if the exchange delivers all), monotonic; undefined while the stream is down. */
  get upSince(): number | undefined {
    return this.#upSince;
  }

  state(state: 'up' | 'down', at: number): void {
    this.#upSince = state === 'down' ? undefined : (this.#upSince ?? at);
  }

  heard({ order, isOpen }: OrderNews, at: number): void {
    const key = keyOf(order);
    if (!isOpen) return this.ended(order);
    if (this.#ended.has(key)) return;
    const known = this.#alive.get(key);
    // A stop that was triggered is in the book from then on.
    if (known === undefined || (known.order.kind !== 'plain' && order.kind === 'plain'))
      this.#alive.set(key, { order, heardAt: known?.heardAt ?? at });
  }

  ended(order: OrderName): void {
    const key = keyOf(order);
    this.#alive.delete(key);
    // Without an exchange order id, the same key could later mean another order.
    if (order.exchangeOrderId !== '') this.#ended.add(key);
  }

  isEnded(order: OrderName): boolean {
    return this.#ended.has(keyOf(order));
  }

  /** Live orders first reported before `at`. */
  aliveBefore(at: number): RestingOrder[] {
    return [...this.#alive.values()].filter(({ heardAt }) => heardAt < at).map(({ order }) => order);
  }

  alive(): RestingOrder[] {
    return [...this.#alive.values()].map(({ order }) => order);
  }
}
