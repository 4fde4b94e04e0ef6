import { keyOf, type OrderName, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';

/** What the order stream has shown alive. Orders never open again: whatever is said of one after its end is old. */
export class OrderWitness {
  readonly #alive = new Map<string, { readonly order: RestingOrder; readonly heardAt: number }>();
  readonly #ended = new Set<string>();
  #upSince: number | undefined;

  /** Monotonic: since then nothing went unheard, unless the exchange misleads. Undefined while the stream is down. */
  get upSince(): number | undefined {
    return this.#upSince;
  }

  state(state: 'up' | 'down', at: number): void {
    this.#upSince = state === 'down' ? undefined : (this.#upSince ?? at);
  }

  heard({ order, isOpen }: OrderNews, at: number): void {
    const key = keyOf(order);
    if (!isOpen) return this.ended(order);
    if (!this.#ended.has(key) && !this.#alive.has(key)) this.#alive.set(key, { order, heardAt: at });
  }

  ended(order: OrderName): void {
    const key = keyOf(order);
    this.#alive.delete(key);
    // Without an id of its own it could be another one the next time.
    if (order.exchangeOrderId !== '') this.#ended.add(key);
  }

  isEnded(order: OrderName): boolean {
    return this.#ended.has(keyOf(order));
  }

  /** Those heard of before `at`, and since when. */
  aliveBefore(at: number): { readonly order: RestingOrder; readonly heardAt: number }[] {
    return [...this.#alive.values()].filter(({ heardAt }) => heardAt < at);
  }

  alive(): RestingOrder[] {
    return [...this.#alive.values()].map(({ order }) => order);
  }
}
