import type { BookSide } from '../../model/book.ts';
import { ticks, type Lots, type Ticks } from '../../model/units.ts';
import { randomExponential, type Random } from '../../util/random.ts';
import { BackgroundOrders } from './background-orders.ts';
import type { EfficientPrice } from './efficient-price.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { MarketKnobs } from './markets.ts';
import type { Direction } from '../matching/book-order.ts';
import { orderSizes, wholeOf } from './order-sizes.ts';
import { ReferencePrice } from './reference-price.ts';

const BP = 1e-4;
/** Classes of new orders: mean distance from the reference, cumulative share, and relative size. */
const DISTANCES = [
  { bps: 0.02, upTo: 0.7, ratio: 1 },
  { bps: 0.4, upTo: 0.75, ratio: 1 },
  { bps: 4, upTo: 0.95, ratio: 1 },
  { bps: 60, upTo: 1, ratio: 10 },
] as const;
const FARTHEST_BPS = 400;
const MEDIAN_USDT = 6000;
const SIZE_SIGMA = 1.2;
/** Resting orders of each side at which placing and canceling balance. */
const RESTING = 500;
const FEWEST_LEVELS = 10;
const SEEDED = 300;

const FADES_PER_SECOND = 25;
/** A level is stale when it lies further than this beyond the reference; the tolerance keeps wide ticks from flickering. */
const STALE_TICKS = 0.5;
/** Share of steps in which a maker closes a gap between bid and ask. */
const GAP_CLOSED = 0.95;
/** Size of its order, relative to others. */
const NEW_LEVEL = 12;

/** The liquidity of the background flow: orders around a delayed reference price that moves in steps. Stale orders are canceled, new ones are placed. */
export class Makers {
  readonly orders: BackgroundOrders;
  readonly #bids: BookSide;
  readonly #asks: BookSide;
  readonly #maxPrice: number;
  readonly #knobs: MarketKnobs;
  readonly #random: Random;
  readonly #reference: ReferencePrice;
  readonly #size: (ratio?: number) => Lots;
  readonly #seconds: number;
  /** Probability that a stale level is canceled in a step. */
  readonly #fades: number;

  /** `seconds`: length of a step. */
  constructor(market: EmbeddedMarket, knobs: MarketKnobs, random: Random, seconds: number) {
    this.orders = new BackgroundOrders(market.engine, random.fork('cancels'));
    this.#bids = market.engine.book.bids;
    this.#asks = market.engine.book.asks;
    this.#maxPrice = market.maxPrice;
    this.#knobs = knobs;
    this.#random = random;
    this.#reference = new ReferencePrice(knobs.bandBps, random.fork('noise'), seconds);
    this.#size = orderSizes(market, MEDIAN_USDT, SIZE_SIGMA, random.fork('sizes'));
    this.#seconds = seconds;
    this.#fades = 1 - Math.exp(-FADES_PER_SECOND * seconds);
  }

  /** `price`: the price that the makers see, in ticks; `sigma`: volatility of the efficient price. */
  step(price: number, { activity, sigma }: Pick<EfficientPrice, 'activity' | 'sigma'>): void {
    this.#reference.step(price, sigma);
    const { value: reference, lean } = this.#reference;
    const refills = this.#knobs.refillsPerSecond * activity * this.#seconds;
    this.#fade(1, reference);
    this.#fade(-1, reference);
    // The side that the makers expect to gain is refilled more often, the other less.
    this.#refill(1, reference, refills * (1 + lean));
    this.#refill(-1, reference, refills * (1 - lean));
    if (this.#random.uniform() < GAP_CLOSED) this.#closeGap(reference);
  }

  /** Refills a side with few levels, because without depth the price would jump. */
  seed(reference: number): void {
    for (const direction of [1, -1] as const) {
      if (this.#sideOf(direction).length >= FEWEST_LEVELS) continue;
      for (let i = 0; i < SEEDED; i += 1) this.#placeSomewhere(direction, reference);
    }
  }

  #fade(direction: Direction, reference: number): void {
    const side = this.#sideOf(direction);
    for (let i = 0; i < side.length;) {
      const price = side.price(i);
      if (price === undefined || (price - reference) * direction <= STALE_TICKS) return;
      const levels = side.length;
      if (this.#random.uniform() < this.#fades) this.orders.cancelAt(direction, price);
      if (side.length === levels) i += 1;
    }
  }

  #refill(direction: Direction, reference: number, expected: number): void {
    const resting = this.orders.count(direction);
    for (let cancels = wholeOf((expected * resting) / RESTING, this.#random); cancels > 0; cancels -= 1) this.orders.cancelAny(direction);
    for (let refills = wholeOf(expected, this.#random); refills > 0; refills -= 1) this.#placeSomewhere(direction, reference);
  }

  #placeSomewhere(direction: Direction, reference: number): void {
    const u = this.#random.uniform();
    const { bps, ratio } = DISTANCES.find(({ upTo }) => u < upTo) ?? DISTANCES[0];
    const distance = Math.min(randomExponential(this.#random, bps), FARTHEST_BPS) * BP * reference;
    const price = this.#anchor(direction, reference) - direction * Math.floor(distance);
    if (price > 0 && price <= this.#maxPrice) this.orders.place(direction, ticks(price), this.#size(ratio));
  }

  /** Places orders so that bid and ask lie next to the reference or to each other. */
  #closeGap(reference: number): void {
    for (const direction of [1, -1] as const) {
      const best = this.#sideOf(direction).price(0);
      const price = this.#anchor(direction, reference);
      if (best === undefined || (price - best) * direction > 0) this.orders.place(direction, price, this.#size(NEW_LEVEL));
    }
  }

  /** The best price that a maker of this side would now quote. */
  #anchor(direction: Direction, reference: number): Ticks {
    if (direction === 1) return ticks(Math.min(Math.floor(reference), (this.#asks.price(0) ?? Infinity) - 1));
    return ticks(Math.max(Math.ceil(reference), (this.#bids.price(0) ?? 0) + 1));
  }

  #sideOf(direction: Direction): BookSide {
    return direction === 1 ? this.#bids : this.#asks;
  }
}
