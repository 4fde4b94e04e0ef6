import type { Settings } from '../../config/fields.ts';
import type { Touch } from '../../model/book.ts';
import type { Order } from '../../model/order.ts';
import { beyondLimit } from '../../risk/over-limit.ts';
import { diffOrders, type DiffRules, type OrderDiff } from '../../strategy/order-diff.ts';
import type { Quote } from '../../strategy/quote.ts';
import { floorTickLots } from '../../strategy/rounding.ts';
import type { Situation } from './assess.ts';

/** An order may be this much larger or smaller than its quote before it is worth an amend of its own. */
const QUANTITY_TOLERANCE = 1.5;

export interface Changes {
  /** Orders that the position limit no longer allows: canceled also where a quote would keep them. */
  readonly beyond: readonly Order[];
  readonly diff: OrderDiff;
}

/** What has to change so that the resting orders become the quotes. */
export function diff({ view, settings, market }: Situation, quotes: readonly Quote[]): Changes {
  const limit = floorTickLots(settings.risk.maxPositionUsd, view.instrument);
  const orders = view.orders.map(({ order }) => order);
  const beyond = beyondLimit(view.held, orders, limit);
  const within = beyond.length === 0 ? view.orders : view.orders.filter(({ order }) => !beyond.includes(order));
  return { beyond, diff: diffOrders(quotes, within, diffRules(settings.quoting, market.touch)) };
}

/**
 * A move is worth the queue place when it gains more than the threshold, or when the order is old. The place of a young
 * order is not given up for a better place alone.
 */
function diffRules(quoting: Settings['quoting'], touch: Touch): DiffRules {
  const threshold = (quoting.repriceThresholdBps * touch.bid.price) / 10_000;
  return {
    isWorthMoving({ order, agedMs }, { price, plainPrice }) {
      if (agedMs >= quoting.maxOrderAgeMs) return true;
      if (agedMs < quoting.queueHeadroomMs && isBetween(order.price, price, plainPrice)) return false;
      return Math.abs(order.price - price) >= threshold;
    },
    isWorthGrowing: ({ agedMs }) => agedMs >= quoting.maxOrderAgeMs,
    quantityTolerance: QUANTITY_TOLERANCE,
  };
}

function isBetween(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b);
}
