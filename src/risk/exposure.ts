import { isLive, openQuantity, opposite, type Amend, type NewOrder, type Order, type Side } from '../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';

/** What could still fill on one symbol: every order that is or may be live, an amend in doubt with its worse terms. */
export class Exposure {
  readonly #position: Lots;
  readonly #orders = new Map<string, { side: Side; open: number; low: number; high: number }>();

  constructor(position: Lots, orders: Iterable<Order>) {
    this.#position = position;
    for (const order of orders) {
      if (!isLive(order)) continue;
      const pending = order.change.kind === 'amend' ? order.change.price : order.price;
      this.#orders.set(order.clientOrderId, {
        side: order.side,
        open: openQuantity(order),
        low: Math.min(order.price, pending),
        high: Math.max(order.price, pending),
      });
    }
  }

  get openOrders(): number {
    return this.#orders.size;
  }

  addPlace({ clientOrderId, side, price, quantity }: NewOrder): void {
    this.#orders.set(clientOrderId, { side, open: quantity, low: price, high: price });
  }

  /** Until the exchange says which terms hold, the worse of both count. */
  addAmend(order: Order, { price, quantity }: Amend): void {
    const known = this.#orders.get(order.clientOrderId);
    const open = Math.max(known?.open ?? 0, quantity - order.filled);
    const low = Math.min(known?.low ?? price, price);
    this.#orders.set(order.clientOrderId, { side: order.side, open, low, high: Math.max(known?.high ?? price, price) });
  }

  /** Position when everything that rests on `side`, and `extra`, fills; without the order named `replaced`. */
  worstPosition(side: Side, extra: number, replaced?: string): Lots {
    let resting = extra;
    for (const [id, order] of this.#orders) if (order.side === side && id !== replaced) resting += order.open;
    return lots(this.#position + (side === 'buy' ? resting : -resting));
  }

  /** The nearest price of ours that an order on `side` must not reach. */
  ownOpposite(side: Side): Ticks | undefined {
    let nearest: number | undefined;
    for (const order of this.#orders.values()) {
      if (order.side !== opposite(side)) continue;
      const price = side === 'buy' ? order.low : order.high;
      if (nearest === undefined || (side === 'buy' ? price < nearest : price > nearest)) nearest = price;
    }
    return nearest === undefined ? undefined : ticks(nearest);
  }

  /** True when filling it only brings the position nearer to zero. */
  isReducing(side: Side, quantity: number, replaced?: string): boolean {
    const worst = this.worstPosition(side, quantity, replaced);
    return this.#position !== 0 && Math.sign(this.#position) !== (side === 'buy' ? 1 : -1) && worst * this.#position >= 0;
  }
}
