import type { Settings } from '../config/fields.ts';
import type { MarketView, Touch } from '../model/book.ts';

/** Levels of each side that count as the depth near the touch. */
export const DEPTH_LEVELS = 5;

/** The fair value in ticks; never below the best bid or above the best ask. */
export function fairValueOf(kind: Settings['quoting']['fairValue'], book: MarketView, touch: Touch): number {
  switch (kind) {
    case 'mid':
      return midPrice(touch);
    case 'imbalance':
      return imbalancePrice(book, touch);
    default:
      return microPrice(touch);
  }
}

/** Best bid and ask, each weighted by the quantity of the other side, so the price leans to the thinner side. */
export function microPrice({ bid, ask }: Touch): number {
  return leaning({ bid, ask }, bid.quantity / (bid.quantity + ask.quantity));
}

export function midPrice({ bid, ask }: Touch): number {
  return (bid.price + ask.price) / 2;
}

/** Like the micro-price, but weighted by the quantities of the first levels: one large order at the touch moves it less. */
function imbalancePrice({ bids, asks }: MarketView, touch: Touch): number {
  const bid = bids.displayedQuantity(DEPTH_LEVELS);
  const ask = asks.displayedQuantity(DEPTH_LEVELS);
  return leaning(touch, bid / (bid + ask));
}

/** Computed from the spread: a weighted mean of two large prices could round to a price outside the touch. */
function leaning({ bid, ask }: Touch, share: number): number {
  return bid.price + (ask.price - bid.price) * share;
}
