import { lots, ticks, type Lots } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import { randomExponential, randomInt, type Random } from '../../util/random.ts';
import type { EfficientPrice } from './efficient-price.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { MarketKnobs } from './markets.ts';
import { BookOrder, type Direction } from '../matching/book-order.ts';
import type { OrderMatching } from '../matching/order-matching.ts';
import { orderSizes, wholeOf } from './order-sizes.ts';

const BP = 1e-4;
const MEDIAN_USDT = 1900;
const SIZE_SIGMA = 1.7;
/** No taker pays more than this beyond the touch. */
const WORST_BPS = 15;

/** 1 would give exponential depths; real sweeps have a fat tail. */
const SWEEP_TAIL = 1.5;

/** Each taker triggers this many others on average, most of them within EXCITED_SECONDS. */
const BRANCHING = 0.5;
const EXCITED_SECONDS = 0.05;

/** Takers are slices of this many concurrent large orders with Pareto-distributed lengths, so that their sides persist. */
const PARENTS = 3;
const PARETO_EXPONENT = 1.5;

const SNIPES_PER_SECOND = 60;

/**
 * The market orders of the background flow: clustered in time, persistent in side. Some sweep the book, some hit stale quotes.
 *
 * Arrivals, sides and depths have their own random streams, which do not depend on the book: with the same seed the same takers arrive, also when
 * clients place other orders. So setups can be compared on the same market.
 */
export class Takers {
  readonly #engine: OrderMatching;
  readonly #price: EfficientPrice;
  readonly #knobs: MarketKnobs;
  readonly #arrivals: Random;
  readonly #sides: Random;
  readonly #depths: Random;
  readonly #snipes: Random;
  readonly #size: () => Lots;
  readonly #order = new BookOrder(1, ticks(1), lots(0));
  readonly #parents: { direction: Direction; slices: number }[] = [];
  readonly #everything: Lots;
  readonly #seconds: number;
  /** Share of the excitement that is left after a step. */
  readonly #persistence: number;
  /** Takers per second beyond the base rate. */
  #excitement = 0;

  /** `seconds`: length of a step. */
  constructor(market: EmbeddedMarket, price: EfficientPrice, knobs: MarketKnobs, random: Random, seconds: number) {
    this.#engine = market.engine;
    this.#price = price;
    this.#knobs = knobs;
    this.#arrivals = random.fork('arrivals');
    this.#sides = random.fork('sides');
    this.#depths = random.fork('depths');
    this.#snipes = random.fork('snipes');
    this.#size = orderSizes(market, MEDIAN_USDT, SIZE_SIGMA, random.fork('sizes'));
    this.#everything = lots(market.instrument.maxQuantity * 1000);
    for (let i = 0; i < PARENTS; i += 1) this.#parents.push(newParent(this.#sides));
    this.#seconds = seconds;
    this.#persistence = Math.exp(-seconds / EXCITED_SECONDS);
  }

  step(): void {
    this.#snipe(1);
    this.#snipe(-1);
    const rate = this.#knobs.takersPerSecond * (1 - BRANCHING) * this.#price.activity + this.#excitement;
    const arrivals = wholeOf(rate * this.#seconds, this.#arrivals);
    this.#excitement = this.#excitement * this.#persistence + (arrivals * BRANCHING) / EXCITED_SECONDS;
    for (let i = 0; i < arrivals; i += 1) {
      const expected = this.#expectedDirection;
      const direction = this.#nextDirection();
      this.#take(direction, direction - expected);
    }
  }

  /** The mean of what the side of the next order may be, before it is known. */
  get #expectedDirection(): number {
    return this.#parents.reduce((sum, { direction }) => sum + direction, 0) / PARENTS;
  }

  #take(direction: Direction, surprise: number): void {
    if (this.#arrivals.uniform() < this.#knobs.sweepRatio) this.#sweep(direction, surprise);
    else this.#submit(direction, this.#worst(direction, WORST_BPS), this.#size());
  }

  /**
   * Takes everything up to a depth. What nobody could foresee in its side is information and moves the efficient price: if every side did, the
   * price would trend with the long series of orders of one side.
   */
  #sweep(direction: Direction, surprise: number): void {
    const depth = Math.min(this.#knobs.sweepBps * randomExponential(this.#depths, 1) ** SWEEP_TAIL, WORST_BPS);
    this.#submit(direction, this.#worst(direction, depth), this.#everything);
    this.#price.move(surprise * this.#knobs.psi * depth);
  }

  /** Takes stale quotes, the whole of them: those that the efficient price has passed by far. */
  #snipe(direction: Direction): void {
    const best = this.#best(direction);
    const edge = (this.#price.value - best) * direction;
    if (edge <= best * this.#knobs.snipeBps * BP || this.#snipes.uniform() >= SNIPES_PER_SECOND * this.#knobs.phi * this.#seconds) return;
    this.#submit(direction, this.#price.value, this.#everything);
  }

  #submit(direction: Direction, limit: number, quantity: Lots): void {
    const order = this.#order;
    order.direction = direction;
    order.price = ticks(direction === 1 ? Math.floor(limit) : Math.ceil(limit));
    order.leaves = quantity;
    this.#engine.submit(order, 'IOC');
  }

  #worst(direction: Direction, bps: number): number {
    return this.#best(direction) * (1 + direction * bps * BP);
  }

  /** The price to hit; the efficient price if that side is empty. */
  #best(direction: Direction): number {
    const { bids, asks } = this.#engine.book;
    return (direction === 1 ? asks : bids).price(0) ?? this.#price.value;
  }

  #nextDirection(): Direction {
    const index = randomInt(this.#sides, PARENTS);
    const parent = at(this.#parents, index);
    parent.slices -= 1;
    if (parent.slices <= 0) this.#parents[index] = newParent(this.#sides);
    return parent.direction;
  }
}

function newParent(random: Random): { direction: Direction; slices: number } {
  const slices = Math.floor((1 - random.uniform()) ** (-1 / PARETO_EXPONENT));
  return { direction: random.uniform() < 0.5 ? 1 : -1, slices };
}
