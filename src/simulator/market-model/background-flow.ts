import { ticks } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import type { Random } from '../../util/random.ts';
import { EfficientPrice } from './efficient-price.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { Makers } from './makers.ts';
import { knobsOf, scaled, type MarketKnobs, type MarketName } from './markets.ts';
import { Takers } from './takers.ts';

export const STEP_MS = 10;
const STEP_SECONDS = STEP_MS / 1000;
/** Delay with which the makers see the efficient price. */
const DELAY_STEPS = 3;
const INDEX_SECONDS = 1;
const BASIS_SECONDS = 30;

/** All participants of one market but the clients: makers and takers. Their orders are real orders in the same queues as the clients’. */
export class BackgroundFlow {
  readonly #market: EmbeddedMarket;
  readonly #price: EfficientPrice;
  readonly #makers: Makers;
  readonly #takers: Takers;
  readonly #late: number[];
  #step = 0;
  #index: number;
  /** Smoothed distance of the mid from the efficient price. */
  #basis = 0;

  /** `factor`: the random stream of the factor common to all markets. */
  constructor(market: EmbeddedMarket, knobs: MarketKnobs, random: Random, factor: Random) {
    this.#market = market;
    this.#index = market.markPrice;
    this.#price = new EfficientPrice(market.markPrice, knobs, random.fork('price'), factor);
    this.#makers = new Makers(market, knobs, random.fork('makers'), STEP_SECONDS);
    this.#takers = new Takers(market, this.#price, knobs, random.fork('takers'), STEP_SECONDS);
    this.#late = Array.from({ length: DELAY_STEPS }, () => market.markPrice);
  }

  /** One step of 10 ms. */
  step(): void {
    const slot = this.#step % DELAY_STEPS;
    const seen = at(this.#late, slot);
    this.#price.advance(STEP_SECONDS);
    this.#late[slot] = this.#price.value;
    this.#step += 1;
    this.#makers.seed(seen);
    this.#takers.step();
    this.#makers.step(seen, this.#price);
    this.#mark();
  }

  #mark(): void {
    const { bids, asks } = this.#market.book;
    const mid = ((bids.price(0) ?? this.#index) + (asks.price(0) ?? this.#index)) / 2;
    this.#index += ((this.#price.value - this.#index) * STEP_SECONDS) / INDEX_SECONDS;
    this.#basis += ((mid - this.#price.value - this.#basis) * STEP_SECONDS) / BASIS_SECONDS;
    this.#market.indexPrice = ticks(Math.round(this.#index));
    this.#market.markPrice = ticks(Math.round(this.#index + this.#basis));
  }
}

/** One background flow per market; none for market `none`. `driver`: source of the random stream of the factor common to all markets. */
export function backgroundFlowsOf(
  markets: ReadonlyMap<string, EmbeddedMarket>,
  name: MarketName,
  random: Random,
  driver = random,
): BackgroundFlow[] {
  if (name === 'none') return [];
  return [...markets].map(
    ([symbol, market]) =>
      new BackgroundFlow(
        market,
        scaled(knobsOf(name), market.preset.volatilityRatio),
        random.fork(`market/${symbol}`),
        driver.fork('market-factor'),
      ),
  );
}
