import type { Move, OrderDiff } from '../../strategy/order-diff.ts';
import type { Situation } from './assess.ts';
import type { Budget, Waiting } from './decision.ts';

export interface Paced {
  readonly diff: OrderDiff;
  /** Undefined when every change may leave now. */
  readonly waiting: Waiting | undefined;
}

/**
 * Cancels always pass; the rest waits for its interval, rate and lane. A quote that is missing comes before one that could
 * be better, the levels nearest to fair value before the others.
 */
export function pace(diff: OrderDiff, situation: Situation): Paced {
  if (diff.places.length + diff.amends.length === 0) return { diff, waiting: undefined };
  const { activity } = situation.view;
  const room = isTooSoon(situation) ? 0 : Math.max(0, situation.settings.quoting.maxInFlight - activity.inFlight);
  const places = first(diff.places, Math.min(room, activity.placeRoom), (quote) => quote.level);
  const amends = first(diff.amends, Math.min(room, activity.amendRoom) - places.length, isReducing(situation) ? shrinkingFirst : urgencyOf);
  const paced = { cancels: diff.cancels, amends, places, kept: diff.kept };
  if (places.length === diff.places.length && amends.length === diff.amends.length) return { diff: paced, waiting: undefined };
  const budget = budgetOf(situation, room, places.length < diff.places.length ? 'place' : 'amend');
  return { diff: paced, waiting: waitingOf(budget, diff, paced) };
}

/** What of `diff` is not in `paced`. */
function waitingOf(budget: Budget, diff: OrderDiff, paced: OrderDiff): Waiting {
  const waiting = { budget, buy: { places: 0, moves: 0 }, sell: { places: 0, moves: 0 }, moves: diff.amends };
  for (const { side } of diff.places) waiting[side].places += 1;
  for (const { side } of paced.places) waiting[side].places -= 1;
  for (const { to } of diff.amends) waiting[to.side].moves += 1;
  for (const { to } of paced.amends) waiting[to.side].moves -= 1;
  return waiting;
}

/** The budget that a change would still have to wait for if the others had room. */
function budgetOf(situation: Situation, room: number, kind: 'place' | 'amend'): Budget {
  const { activity } = situation.view;
  const rateRoom = kind === 'place' ? activity.placeRoom : activity.amendRoom;
  if (rateRoom <= 0 || rateRoom < room) return activity.isLaneScarce[kind] ? 'opsPerSecond' : 'replacesPerMinute';
  return isTooSoon(situation) ? 'minIntervalMs' : 'maxInFlight';
}

function isTooSoon({ view: { at, activity }, settings: { quoting } }: Situation): boolean {
  return at - activity.lastChangeAt < quoting.minIntervalMs;
}

/** By level, and within one level the longest move first. */
function urgencyOf({ order, to }: Move): number {
  return to.level - 1 + 1 / (1 + Math.abs(order.price - to.price));
}

function isReducing({ view, guard }: Situation): boolean {
  return guard.level === 'reducing' || view.trading.mode === 'reducing';
}

/** The risk gate denies every other change of orders that would reduce more than is held, until one of them has shrunk. */
function shrinkingFirst(move: Move): number {
  const { order, to } = move;
  return to.quantity < order.quantity - order.filled ? -1 : urgencyOf(move);
}

/** The `count` elements with the least `rank`; equal ones as they came. */
function first<T>(list: readonly T[], count: number, rank: (element: T) => number): readonly T[] {
  if (count <= 0) return [];
  return list.length <= count ? list : [...list].sort((a, b) => rank(a) - rank(b)).slice(0, count);
}
