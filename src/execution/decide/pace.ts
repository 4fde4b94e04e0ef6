import type { Move, OrderDiff } from '../../strategy/order-diff.ts';
import type { Situation } from './assess.ts';

/**
 * Cancels always pass; the rest waits for its interval, rate and lane. A quote that is missing comes before one that could
 * be better, the levels nearest to fair value before the others.
 */
export function pace(diff: OrderDiff, { view: { at, activity }, settings: { quoting } }: Situation): OrderDiff {
  if (diff.places.length + diff.amends.length === 0) return diff;
  const isTooSoon = at - activity.lastChangeAt < quoting.minIntervalMs;
  const room = isTooSoon ? 0 : Math.max(0, quoting.maxInFlight - activity.inFlight);
  const places = first(diff.places, Math.min(room, activity.placeRoom), (quote) => quote.level);
  const amends = first(diff.amends, Math.min(room, activity.amendRoom) - places.length, urgencyOf);
  return { cancels: diff.cancels, amends, places, kept: diff.kept };
}

/** By level, and within one level the longest move first. */
function urgencyOf({ order, to }: Move): number {
  return to.level - 1 + 1 / (1 + Math.abs(order.price - to.price));
}

/** The `count` elements with the least `rank`; equal ones as they came. */
function first<T>(list: readonly T[], count: number, rank: (element: T) => number): readonly T[] {
  if (count <= 0) return [];
  return list.length <= count ? list : [...list].sort((a, b) => rank(a) - rank(b)).slice(0, count);
}
