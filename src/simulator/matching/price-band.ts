import type { BookView } from '../../model/book.ts';
import type { Side } from '../../model/order.ts';
import { ticks, type Ppm, type Ticks } from '../../model/units.ts';
import { scaledTowardZero, scaledUp } from '../accounts/arithmetic.ts';

const MILLION = 1_000_000;
const SAMPLES = 30;

export interface BandPrices {
  readonly mark: Ticks;
  readonly index: Ticks;
}

/** Bybit’s ratios X and Y. */
export interface BandRatios {
  readonly inner: Ppm;
  readonly outer: Ppm;
}

/** Mean distance of the mid from the mark price, over the last 30 samples at one a second. */
export class PremiumAverage {
  /** Twice the distance, which is a whole number. */
  readonly #doubled: number[] = [];
  #next = 0;
  #sum = 0;

  sample({ bids, asks }: BookView, mark: Ticks): void {
    const bid = bids.price(0);
    const ask = asks.price(0);
    if (bid === undefined || ask === undefined) return;
    const doubled = bid + ask - 2 * mark;
    this.#sum += doubled - (this.#doubled[this.#next] ?? 0);
    this.#doubled[this.#next] = doubled;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** In ticks, as a fraction of whole numbers. */
  get fraction(): { readonly numerator: number; readonly denominator: number } {
    return { numerator: this.#sum, denominator: Math.max(1, 2 * this.#doubled.length) };
  }
}

/**
 * The worst price allowed for an order of a side (bybit-v5.md §3.12), rounded to the stricter tick:
 * highest buy = min(M(1+Y), max(I, M(1+X) + max(0, P30))), lowest sell = max(M(1-Y), min(I, M(1-X) + min(0, P30))).
 */
export function priceBand(side: Side, { mark, index }: BandPrices, { inner, outer }: BandRatios, premium: PremiumAverage): Ticks {
  const { numerator, denominator } = premium.fraction;
  if (side === 'buy') {
    const dynamic = ((MILLION + inner) * denominator * mark + MILLION * Math.max(0, numerator)) / (MILLION * denominator);
    return ticks(Math.min(scaledTowardZero(mark, MILLION + outer, MILLION), Math.max(index, Math.floor(dynamic))));
  }
  const dynamic = ((MILLION - inner) * denominator * mark + MILLION * Math.min(0, numerator)) / (MILLION * denominator);
  return ticks(Math.max(1, scaledUp(mark, MILLION - outer, MILLION), Math.min(index, Math.ceil(dynamic))));
}
