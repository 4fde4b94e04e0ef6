import type { VenueOrder } from '../venue.ts';

const FORGOTTEN_AFTER_MS = 86_400_000;
const FEWEST = 10_000;

/** The orders of one account that are over; those that Bybit forgets are dropped from time to time, so that a run of weeks fits into memory. */
export class ClosedOrders {
  #orders: VenueOrder[] = [];
  readonly #byId = new Map<string, VenueOrder>();
  /** So many make it worth to look for what can go: never more often than the list doubles. */
  #tidyAt = FEWEST;

  add(order: VenueOrder): void {
    this.#orders.push(order);
    this.#byId.set(order.orderId, order);
    if (this.#orders.length >= this.#tidyAt) this.#forget(order.updatedAt);
  }

  find(orderId: string): VenueOrder | undefined {
    return this.#byId.get(orderId);
  }

  newestFirst(): readonly VenueOrder[] {
    return this.#orders.toReversed();
  }

  #forget(now: number): void {
    for (const order of this.#orders) if (!isRemembered(order, now)) this.#byId.delete(order.orderId);
    this.#orders = [...this.#byId.values()];
    this.#tidyAt = Math.max(FEWEST, 2 * this.#orders.length);
  }
}

/** What ended without a fill leaves the history after a day. */
export function isRemembered({ filled, updatedAt }: VenueOrder, now: number): boolean {
  return filled > 0 || updatedAt > now - FORGOTTEN_AFTER_MS;
}
