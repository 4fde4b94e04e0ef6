import type { Settings } from '../config/fields.ts';
import type { MarketView, Touch } from '../model/book.ts';

/** Levels of each side that count as the depth near the touch. */
export const DEPTH_LEVELS = 5;

/** What the instrument is worth now, in ticks; never outside the touch. */
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

/** The touch weighted by the opposite quantities, so it leans to the side that is thinner. */
export function microPrice({ bid, ask }: Touch): number {
  return leaning({ bid, ask }, bid.quantity / (bid.quantity + ask.quantity));
}

export function midPrice({ bid, ask }: Touch): number {
  return (bid.price + ask.price) / 2;
}

/** The same lean as the micro-price, by the quantities of the first levels: one large order at the touch moves it less. */
function imbalancePrice({ bids, asks }: MarketView, touch: Touch): number {
  const bid = bids.shown(DEPTH_LEVELS);
  const ask = asks.shown(DEPTH_LEVELS);
  return leaning(touch, bid / (bid + ask));
}

/** Not a weighted mean of two large prices: its rounding could leave the touch. */
function leaning({ bid, ask }: Touch, share: number): number {
  return bid.price + (ask.price - bid.price) * share;
}
