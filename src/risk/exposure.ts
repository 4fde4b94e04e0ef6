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
 * The possible position of one symbol and the orders that could still fill: every order that is or may be live. With an amend in
 * doubt, the worse of the old and the new terms count.
 */
export class Exposure {
  readonly #held: Held;
  /** Few enough for a linear search. */
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

  /** Until the exchange reports which terms hold, the worse of both count. */
  addAmend(order: Order, { price, quantity }: Amend): void {
    const known = defined(
      this.#orders.find(({ id }) => id === order.clientOrderId),
      `live order ${order.clientOrderId}`,
    );
    known.open = Math.max(known.open, quantity - order.filled);
    known.low = Math.min(known.low, price);
    known.high = Math.max(known.high, price);
  }

  /** True when an order with the same terms is or may be live: the candidate is then a duplicate. */
  hasTwin(side: Side, price: number, quantity: number): boolean {
    for (const order of this.#orders) {
      if (order.side === side && order.low === price && order.high === price && order.open === quantity) return true;
    }
    return false;
  }

  /** The position if all orders resting on `side` and `extra` lots more fill; the order with the id `replaced` is left out. */
  worstPosition(side: Side, extra: number, replaced?: string): Lots {
    let resting = extra;
    for (const order of this.#orders) if (order.side === side && order.id !== replaced) resting += order.open;
    return lots(side === 'buy' ? this.#held.high + resting : this.#held.low - resting);
  }

  /** The nearest price of our own opposite orders: an order on `side` must not reach it. */
  ownOpposite(side: Side): Ticks | undefined {
    let nearest: number | undefined;
    for (const order of this.#orders) {
      if (order.side !== opposite(side)) continue;
      const price = side === 'buy' ? order.low : order.high;
      if (nearest === undefined || (side === 'buy' ? price < nearest : price > nearest)) nearest = price;
    }
    return nearest === undefined ? undefined : ticks(nearest);
  }

  /** True when the fill can only bring the position nearer to zero, for every position in the possible range. */
  isReducing(side: Side, quantity: number, replaced?: string): boolean {
    const worst = this.worstPosition(side, quantity, replaced);
    return side === 'buy' ? this.#held.high < 0 && worst <= 0 : this.#held.low > 0 && worst >= 0;
  }
}
