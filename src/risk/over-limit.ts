import { isLive, openQuantity, type Order, type Side } from '../model/order.ts';
import { toward, type Held } from '../model/position.ts';
import type { TickLots } from '../model/units.ts';

const SIDES = ['buy', 'sell'] as const;
const NONE: readonly Order[] = [];

/**
 * Orders that no longer fit into the limit, because the position may be larger than when they were approved. The orders nearest
 * to the market stay; orders that cannot be canceled now are counted first.
 */
export function beyondLimit(held: Held, orders: readonly Order[], limit: TickLots): readonly Order[] {
  const sides = SIDES.filter((side) => isBeyond(side, held, orders, limit));
  return sides.length === 0 ? NONE : sides.flatMap((side) => beyondOn(side, toward(side, held), orders.filter(isLive), limit));
}

/** Whether all orders of a side together exceed the limit. They seldom do, and then none has to be chosen. */
function isBeyond(side: Side, held: Held, orders: readonly Order[], limit: TickLots): boolean {
  let worst: number = toward(side, held);
  let price = Number.POSITIVE_INFINITY;
  for (const order of orders) {
    if (order.side !== side || !isLive(order)) continue;
    worst += openQuantity(order);
    price = Math.min(price, order.price);
  }
  return price < Number.POSITIVE_INFINITY && worst * price > limit;
}

function beyondOn(side: Side, known: number, live: readonly Order[], limit: TickLots): readonly Order[] {
  const orders = live.filter((order) => order.side === side);
  const [fixed, free] = [orders.filter((order) => !isCancelable(order)), orders.filter(isCancelable)];
  // Valued at the lowest price: orders that the gate approved at any of these prices are then inside the limit.
  const price = Math.min(...orders.map((order) => order.price));
  const beyond: Order[] = [];
  let worst = known + fixed.reduce((sum, order) => sum + openQuantity(order), 0);
  for (const order of free.sort((a, b) => (side === 'buy' ? b.price - a.price : a.price - b.price))) {
    if ((worst + openQuantity(order)) * price > limit) beyond.push(order);
    else worst += openQuantity(order);
  }
  return beyond;
}

function isCancelable({ state, change }: Order): boolean {
  return state.tag === 'open' && change.kind !== 'cancel';
}
