import type { Touch } from '../model/book.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Order, Side } from '../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import { askTicks, bidTicks } from '../strategy/rounding.ts';

/** Shares of the price collar between which the orders lie: far from the touch so that they do not fill, inside what risk allows. */
const NEAREST = 0.3;
const FURTHEST = 0.7;
/** A wider collar is the exchange's business: it has price limits of its own. */
const WIDEST_COLLAR_BPS = 100;

/** A price for order `number` at which none of `taken` lies; undefined when no price is left there. */
export function restingPrice(
  side: Side,
  { bid, ask }: Touch,
  { number, collarBps, taken }: { readonly number: number; readonly collarBps: number; readonly taken: ReadonlySet<number> },
): Ticks | undefined {
  const mid = (bid.price + ask.price) / 2;
  const collar = (mid * Math.min(collarBps, WIDEST_COLLAR_BPS)) / 10_000;
  const places = Math.max(1, Math.floor((FURTHEST - NEAREST) * collar));
  const nearest = side === 'buy' ? bidTicks(mid - NEAREST * collar) : askTicks(mid + NEAREST * collar);
  for (let tries = 0; tries < places; tries += 1) {
    const away = (number + tries) % places;
    const price = ticks(side === 'buy' ? nearest - away : nearest + away);
    if (!taken.has(price)) return price;
  }
  return undefined;
}

/** Prices of live orders of `side`, and those that they may move to. */
export function takenPrices(orders: readonly Order[], side: Side): Set<number> {
  return new Set(
    orders
      .filter((order) => order.side === side)
      .flatMap(({ price, change }) => (change.kind === 'amend' ? [price, change.price] : [price])),
  );
}

/** The least that the exchange takes at this price, and a lot more: a price that falls must not make it too small. */
export function leastQuantity(price: Ticks, { minQuantity, minNotional }: Instrument): Lots {
  return lots(Math.max(minQuantity, Math.ceil(minNotional / price) + 1));
}
