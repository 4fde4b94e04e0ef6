import { isLive, openQuantity, opposite, pendingTerms, type Amend, type NewOrder, type Order, type Side } from '../model/order.ts';
import type { Held } from '../model/position.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import { defined } from '../util/assert.ts';

interface Open {
  readonly id: string;
  readonly side: Side;
  open: number;
  low: number;
  high: number;
}

/**
 * What may be held on one symbol and what could still fill: every order that is or may be live, an amend in doubt with its worse
 * terms.
 */
export class Exposure {
  readonly #held: Held;
  /** Few enough to be looked through. */
  readonly #orders: Open[] = [];

  constructor(held: Held, orders: Iterable<Order>) {
    this.#held = held;
    for (const order of orders) {
      if (!isLive(order)) continue;
      const pending = pendingTerms(order)?.price ?? order.price;
      this.#orders.push({
        id: order.clientOrderId,
        side: order.side,
        open: openQuantity(order),
        low: Math.min(order.price, pending),
        high: Math.max(order.price, pending),
      });
    }
  }

  addPlace({ clientOrderId, side, price, quantity }: NewOrder): void {
    this.#orders.push({ id: clientOrderId, side, open: quantity, low: price, high: price });
  }

  /** Until the exchange says which terms hold, the worse of both count. */
  addAmend(order: Order, { price, quantity }: Amend): void {
    const known = defined(
      this.#orders.find(({ id }) => id === order.clientOrderId),
      `live order ${order.clientOrderId}`,
    );
    known.open = Math.max(known.open, quantity - order.filled);
    known.low = Math.min(known.low, price);
    known.high = Math.max(known.high, price);
  }

  /** Whether an order with the same terms is or may be live: the same intent was sent twice. */
  hasTwin(side: Side, price: number, quantity: number): boolean {
    for (const order of this.#orders) {
      if (order.side === side && order.low === price && order.high === price && order.open === quantity) return true;
    }
    return false;
  }

  /** Position when everything that rests on `side`, and `extra`, fills; without the order named `replaced`. */
  worstPosition(side: Side, extra: number, replaced?: string): Lots {
    let resting = extra;
    for (const order of this.#orders) if (order.side === side && order.id !== replaced) resting += order.open;
    return lots(side === 'buy' ? this.#held.high + resting : this.#held.low - resting);
  }

  /** The nearest price of ours that an order on `side` must not reach. */
  ownOpposite(side: Side): Ticks | undefined {
    let nearest: number | undefined;
    for (const order of this.#orders) {
      if (order.side !== opposite(side)) continue;
      const price = side === 'buy' ? order.low : order.high;
      if (nearest === undefined || (side === 'buy' ? price < nearest : price > nearest)) nearest = price;
    }
    return nearest === undefined ? undefined : ticks(nearest);
  }

  /** True when filling it only brings the position nearer to zero, whatever of it may be held. */
  isReducing(side: Side, quantity: number, replaced?: string): boolean {
    const worst = this.worstPosition(side, quantity, replaced);
    return side === 'buy' ? this.#held.high < 0 && worst <= 0 : this.#held.low > 0 && worst >= 0;
  }
}
