import { lots, ticks } from '../../../src/model/units.ts';
import { assert } from '../../../src/util/assert.ts';
import type { Random } from '../../../src/util/random.ts';
import { BookOrder, type Direction } from '../../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../../src/simulator/matching/matching-engine.ts';

/** The market of Avellaneda and Stoikov (2008), in the paper's own units. */
export interface AvellanedaStoikovMarket {
  readonly price: number;
  readonly sigma: number;
  readonly horizon: number;
  /** Length of a step. */
  readonly step: number;
  /** A and k: a quote δ away is taken with probability A·e^(-kδ)·step, literally. */
  readonly intensity: number;
  readonly decay: number;
}

export interface MakerView {
  readonly price: number;
  /** Units, long > 0. */
  readonly inventory: number;
  readonly timeLeft: number;
}

/** Of both quotes from the price; below 0 beyond it. */
export interface Distances {
  readonly bid: number;
  readonly ask: number;
}

/** `profit`: cash and inventory at the last price. */
export interface PathEnd {
  readonly profit: number;
  readonly inventory: number;
}

interface Run {
  readonly market: AvellanedaStoikovMarket;
  readonly paths: number;
  readonly random: Random;
  /** The maker under test. */
  readonly quote: (view: MakerView) => Distances;
}

/** Steps of the engine's grid in one unit of price: fine enough not to be seen in the paper's two decimals. */
const GRID = 1e6;
const ONE = lots(1);

/**
 * The published check of a quoter: no queue and no adverse selection, a price that moves ±σ√step, and a maker whose two
 * orders of one unit rest alone in a real book, where each is taken by chance. Not a market in which a PnL means anything.
 */
export function runAvellanedaStoikov({ market, paths, random, quote }: Run): PathEnd[] {
  const path = new Path(market, random.fork('price'), random.fork('takers'), quote);
  return Array.from({ length: paths }, () => path.run());
}

class Path {
  readonly #market: AvellanedaStoikovMarket;
  readonly #moves: Random;
  readonly #takers: Random;
  readonly #quote: Run['quote'];
  readonly #engine = new MatchingEngine((maker, _taker, price, quantity) => this.#filled(maker.direction * quantity, price));
  readonly #bid = new BookOrder(1, ticks(1), ONE);
  readonly #ask = new BookOrder(-1, ticks(1), ONE);
  readonly #taker = new BookOrder(1, ticks(1), ONE);
  #inventory = 0;
  /** In steps of the grid. */
  #cash = 0;

  constructor(market: AvellanedaStoikovMarket, moves: Random, takers: Random, quote: Run['quote']) {
    this.#market = market;
    this.#moves = moves;
    this.#takers = takers;
    this.#quote = quote;
  }

  run(): PathEnd {
    const { horizon, step, sigma } = this.#market;
    const move = sigma * Math.sqrt(step);
    let { price } = this.#market;
    this.#inventory = 0;
    this.#cash = 0;
    for (let i = 0; i < Math.round(horizon / step); i += 1) {
      this.#trade(price, this.#quote({ price, inventory: this.#inventory, timeLeft: horizon - i * step }));
      price += this.#moves.uniform() < 0.5 ? move : -move;
    }
    return { profit: this.#cash / GRID + this.#inventory * price, inventory: this.#inventory };
  }

  #trade(price: number, distances: Distances): void {
    this.#rest(this.#bid, price - distances.bid);
    this.#rest(this.#ask, price + distances.ask);
    this.#take(this.#ask, distances.ask);
    this.#take(this.#bid, distances.bid);
    for (const order of [this.#bid, this.#ask]) if (order.queue !== undefined) this.#engine.remove(order);
  }

  #rest(order: BookOrder, price: number): void {
    order.price = ticks(Math.round(price * GRID));
    order.leaves = ONE;
    assert(this.#engine.submit(order, 'PostOnly') === 'resting', 'the bid of a quote is below its ask');
  }

  #take(order: BookOrder, distance: number): void {
    const { intensity, decay, step } = this.#market;
    if (this.#takers.uniform() >= intensity * Math.exp(-decay * distance) * step) return;
    const direction: Direction = order.direction === 1 ? -1 : 1;
    this.#taker.direction = direction;
    this.#taker.price = order.price;
    this.#taker.leaves = ONE;
    this.#engine.submit(this.#taker, 'IOC');
  }

  #filled(quantity: number, price: number): void {
    this.#inventory += quantity;
    this.#cash -= quantity * price;
  }
}
