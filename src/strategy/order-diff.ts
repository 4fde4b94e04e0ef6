import type { Order } from '../model/order.ts';
import type { Ticks } from '../model/units.ts';
import type { Quote } from './quote.ts';

/** What turns the orders that are there into the quotes that are wanted. */
export interface OrderDiff {
  readonly cancels: readonly Order[];
  readonly amends: readonly { readonly order: Order; readonly to: Quote }[];
  readonly places: readonly Quote[];
}

export interface DiffRules {
  /** Whether moving `order` to `quote` is worth losing its place in the queue. */
  readonly isWorthMoving: (order: Order, quote: Quote) => boolean;
  /** The largest quantity, as a factor, by which a kept order may differ from its quote. */
  readonly quantityTolerance: number;
}

/**
 * One order per quote: the best fitting order is kept or amended, a second one on the same side is canceled. Orders with
 * an answer outstanding are left alone until it is known, and nothing is placed on their side meanwhile.
 */
export function diffOrders(quotes: readonly Quote[], orders: readonly Order[], rules: DiffRules): OrderDiff {
  const cancels: Order[] = [];
  const amends: { order: Order; to: Quote }[] = [];
  const places: Quote[] = [];
  for (const side of ['buy', 'sell'] as const) {
    const wanted = quotes.filter((quote) => quote.side === side);
    const ours = orders.filter((order) => order.side === side);
    const settled = ours.filter(isSettled);
    const waiting = ours.length - settled.length;
    const [extra, pairs, missing] = pair(wanted, settled, waiting);
    cancels.push(...extra);
    amends.push(...pairs.filter(({ order, to }) => isDifferent(order, to, rules)));
    places.push(...missing);
  }
  return { cancels, amends, places };
}

function isSettled(order: Order): boolean {
  return order.state.tag === 'open' && order.change.kind === 'none';
}

/** Nearest prices first; `waiting` orders take up the places of as many quotes. */
function pair(wanted: readonly Quote[], settled: readonly Order[], waiting: number): [Order[], { order: Order; to: Quote }[], Quote[]] {
  const free = [...settled];
  const pairs: { order: Order; to: Quote }[] = [];
  const missing: Quote[] = [];
  for (const to of wanted) {
    const nearest = nearestTo(free, to.price);
    if (nearest === undefined) missing.push(to);
    else {
      free.splice(free.indexOf(nearest), 1);
      pairs.push({ order: nearest, to });
    }
  }
  return [free, pairs, missing.slice(waiting)];
}

function nearestTo(orders: readonly Order[], price: Ticks): Order | undefined {
  let best: Order | undefined;
  for (const order of orders) {
    if (best === undefined || Math.abs(order.price - price) < Math.abs(best.price - price)) best = order;
  }
  return best;
}

/** A partly filled order keeps its remainder: only price moves it. A smaller target always shrinks it, a larger one only beyond the tolerance. */
function isDifferent(order: Order, to: Quote, { isWorthMoving, quantityTolerance }: DiffRules): boolean {
  if (order.price !== to.price && isWorthMoving(order, to)) return true;
  const rest = order.quantity - order.filled;
  return rest > to.quantity * quantityTolerance || rest * quantityTolerance < to.quantity;
}
