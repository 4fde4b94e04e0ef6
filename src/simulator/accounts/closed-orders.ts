import type { VenueOrder } from '../venue/orders.ts';

const FORGOTTEN_AFTER_MS = 86_400_000;
const FEWEST = 10_000;

/**
 * The closed orders of one account. Those that Bybit no longer lists are dropped from time to time, so that a run of weeks fits into
 * memory.
 */
export class ClosedOrders {
  #orders: VenueOrder[] = [];
  readonly #byId = new Map<string, VenueOrder>();
  /** Clean up when the list reaches this length; the length at least doubles between cleanups. */
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

/** Bybit keeps orders without a fill in the history for one day only. */
export function isRemembered({ filled, updatedAt }: VenueOrder, now: number): boolean {
  return filled > 0 || updatedAt > now - FORGOTTEN_AFTER_MS;
}
