import { pendingTerms, type Order, type Side } from '../model/order.ts';
import type { Ticks } from '../model/units.ts';
import { at, removeAt } from '../util/array.ts';
import type { Quote } from './quote.ts';

/** One of our orders that is or may be live. `agedMs`: time since its terms were last confirmed. */
export interface AgedOrder {
  readonly order: Order;
  readonly agedMs: number;
}

/** New terms for an order. When only the quantity shrinks, the price stays and the order keeps its place in the queue. */
export interface Move {
  readonly order: Order;
  readonly to: Quote;
}

/** The changes that turn the existing orders into the wanted quotes. */
export interface OrderDiff {
  readonly cancels: readonly Order[];
  readonly amends: readonly Move[];
  readonly places: readonly Quote[];
  /** Orders that stay as they are, including those with a request in flight. */
  readonly kept: number;
}

export interface DiffRules {
  /** Whether moving the order to `quote` is worth losing its place in the queue. */
  readonly isWorthMoving: (resting: AgedOrder, quote: Quote) => boolean;
  /** Whether the order may lose its place only to grow back to its full quantity. */
  readonly isWorthGrowing: (resting: AgedOrder) => boolean;
  /** The largest quantity, as a factor, by which a kept order may differ from its quote. */
  readonly quantityTolerance: number;
}

/**
 * One order per quote. Keeping an order is preferred to amending it, and amending to canceling and placing. An order at the
 * price of any quote stays, even when it was placed for another level: when the nearest order fills, the others do not all
 * move up. An order with a request in flight is left alone and serves the quote nearest to its expected price.
 */
export function diffOrders(quotes: readonly Quote[], orders: readonly AgedOrder[], rules: DiffRules): OrderDiff {
  const diff: Draft = { cancels: [], amends: [], places: [], kept: 0 };
  diffSide('buy', quotes, orders, rules, diff);
  diffSide('sell', quotes, orders, rules, diff);
  return diff;
}

interface Draft {
  readonly cancels: Order[];
  readonly amends: Move[];
  readonly places: Quote[];
  kept: number;
}

function diffSide(side: Side, quotes: readonly Quote[], orders: readonly AgedOrder[], rules: DiffRules, draft: Draft): void {
  const wanted: Quote[] = [];
  const free: AgedOrder[] = [];
  for (const quote of quotes) if (quote.side === side) wanted.push(quote);
  for (const resting of orders) if (resting.order.side === side && isSettled(resting.order)) free.push(resting);
  keepWhatFits(wanted, free, true, rules, draft);
  for (const { order } of orders) {
    if (order.side !== side || isSettled(order)) continue;
    draft.kept += 1;
    takeNearest(wanted, expectedPrice(order));
  }
  keepWhatFits(wanted, free, false, rules, draft);
  for (const to of wanted) {
    const nearest = nearestIndex(free, to.price);
    if (nearest < 0) draft.places.push(to);
    else {
      draft.amends.push({ order: at(free, nearest).order, to });
      removeAt(free, nearest);
    }
  }
  for (const { order } of free) draft.cancels.push(order);
}

/** Removes the quotes that an order serves without a move: at exactly their price, or else where a move is not worth it. */
function keepWhatFits(wanted: Quote[], free: AgedOrder[], isExact: boolean, rules: DiffRules, draft: Draft): void {
  for (let i = 0, quote = wanted[0]; quote !== undefined; quote = wanted[i]) {
    const nearest = nearestIndex(free, quote.price);
    const resting = free[nearest];
    if (resting === undefined) return;
    if (resting.order.price === quote.price || (!isExact && !rules.isWorthMoving(resting, quote))) {
      removeAt(wanted, i);
      removeAt(free, nearest);
      keepOrResize(resting, quote, rules, draft);
    } else i += 1;
  }
}

/** Shrinking keeps an order's place in the queue, growing loses it: it grows only when the larger size is worth more. */
function keepOrResize(resting: AgedOrder, to: Quote, rules: DiffRules, draft: Draft): void {
  const { order } = resting;
  const rest = order.quantity - order.filled;
  const shrinks = rest > to.quantity * rules.quantityTolerance;
  const grows = rest * rules.quantityTolerance < to.quantity && rules.isWorthGrowing(resting);
  if (shrinks || grows) draft.amends.push({ order, to: { ...to, price: order.price } });
  else draft.kept += 1;
}

function isSettled(order: Order): boolean {
  return order.state.tag === 'open' && order.change.kind === 'none';
}

function expectedPrice(order: Order): Ticks {
  return pendingTerms(order)?.price ?? order.price;
}

function takeNearest(quotes: Quote[], price: Ticks): void {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  let i = 0;
  for (const quote of quotes) {
    const gap = Math.abs(quote.price - price);
    if (gap < distance) [best, distance] = [i, gap];
    i += 1;
  }
  if (best >= 0) removeAt(quotes, best);
}

function nearestIndex(orders: readonly AgedOrder[], price: Ticks): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  let i = 0;
  for (const { order } of orders) {
    const gap = Math.abs(order.price - price);
    if (gap < distance) [best, distance] = [i, gap];
    i += 1;
  }
  return best;
}
