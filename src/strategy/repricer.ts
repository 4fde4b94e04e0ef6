import type { Settings } from '../config/fields.ts';
import type { MarketView, Touch } from '../model/book.ts';
import type { Side } from '../model/order.ts';
import { centiBps, ticks, type CentiBps, type Ticks } from '../model/units.ts';
import { clampReprice } from './clamp.ts';
import { askTicks, bidTicks } from './rounding.ts';

/** The inputs for turning a wanted price into one at which a post-only order can rest. */
export interface RepriceInputs {
  readonly book: MarketView;
  readonly touch: Touch;
  /** In ticks. */
  readonly fairValue: number;
  /** The exchange has just refused a post-only order of this side: the book moves faster than we see it. */
  readonly postOnlyBackoff: Readonly<Record<Side, boolean>>;
  readonly quoting: Pick<Settings['quoting'], 'queueNudgeMaxBps' | 'queueAheadRatio' | 'postOnlyOffsetBps'>;
}

const NO_MOVE = centiBps(0);

/**
 * The wanted price on the grid, rounded away from fair value, and moved where necessary so that it does not cross the latest
 * book. A shy side keeps the full post-only offset from the opposite side of the book.
 */
export function restingPrice(side: Side, wanted: number, inputs: RepriceInputs): Ticks {
  const { touch, postOnlyBackoff, quoting, fairValue } = inputs;
  const gap = postOnlyBackoff[side] ? Math.max(1, Math.ceil((quoting.postOnlyOffsetBps * fairValue) / 10_000)) : 1;
  return side === 'buy'
    ? ticks(Math.min(bidTicks(wanted), touch.ask.price - gap))
    : ticks(Math.max(askTicks(wanted), touch.bid.price + gap));
}

/**
 * How far the quote nearest to fair value moves toward it for a better place in the queue: the smallest move that leaves at
 * most the allowed share of the side's displayed quantity ahead of it. No move when that is already so, when the move would
 * be larger than allowed, or when it would pass fair value. Positive raises the price.
 */
export function queueNudge(side: Side, wanted: number, inputs: RepriceInputs): CentiBps {
  const { book, fairValue, quoting } = inputs;
  if (quoting.queueNudgeMaxBps === 0) return NO_MOVE;
  const levels = side === 'buy' ? book.bids : book.asks;
  const direction = side === 'buy' ? 1 : -1;
  const queue = levels.priceBeyond(quoting.queueAheadRatio * levels.total);
  // Already better than the level at which the share is exceeded.
  if (queue === undefined || (wanted - queue) * direction > 0) return NO_MOVE;
  const perBps = fairValue / 10_000;
  // 0.01 bps more: the clamp rounds the move down, and the order must still rest ahead of that level.
  const deltaBps = (queue + direction - wanted) / perBps + direction * 0.01;
  if (deltaBps * direction > quoting.queueNudgeMaxBps || deltaBps * direction <= 0) return NO_MOVE;
  if ((wanted + deltaBps * perBps - fairValue) * direction > 0) return NO_MOVE;
  return clampReprice(side, deltaBps, centiBps(Math.round(quoting.queueNudgeMaxBps * 100))) ?? NO_MOVE;
}
