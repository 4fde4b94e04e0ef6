import { isLive, openQuantity, type Order, type Side } from '../model/order.ts';
import { toward, type Held } from '../model/position.ts';
import type { TickLots } from '../model/units.ts';

const SIDES = ['buy', 'sell'] as const;

/**
 * Orders that no longer fit into the limit, because the position may be larger than when they were approved. The orders nearest
 * to the market stay; orders that cannot be canceled now are counted first.
 */
export function beyondLimit(held: Held, orders: readonly Order[], limit: TickLots): readonly Order[] {
  const live = orders.filter(isLive);
  return SIDES.flatMap((side) => beyondOn(side, toward(side, held), live, limit));
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
