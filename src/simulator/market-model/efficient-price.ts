import { randomExponential, randomNormal, type Random } from '../../util/random.ts';
import { MarketFactor, type Regime } from './market-factor.ts';
import type { MarketKnobs } from './markets.ts';

const BP = 1e-4;
const HOUR_SECONDS = 3600;

/** One phase of a crash or rally: the price moves at a rate for a time; phases follow each other. */
interface Leg {
  readonly bpsPerSecond: number;
  readonly seconds: number;
}

const FLASH_SECONDS = 3;
const RECOVERY_SECONDS = 30;
const RECOVERED = 0.8;

/**
 * The price without effects of the book: a diffusion with changing volatility, partly common to all symbols, with jumps. In ticks, a float.
 */
export class EfficientPrice {
  readonly #knobs: MarketKnobs;
  readonly #random: Random;
  readonly #factor: MarketFactor;
  /** Weight of the symbol’s own shocks beside the common ones. */
  readonly #ownWeight: number;
  readonly #sigmas: Readonly<Record<Regime, number>>;
  #value: number;
  #legs: Leg[] = [];

  /** `market`: the random stream of the factor common to all symbols. */
  constructor(startPrice: number, knobs: MarketKnobs, random: Random, market: Random) {
    this.#value = startPrice;
    this.#knobs = knobs;
    this.#random = random;
    this.#factor = new MarketFactor(market);
    this.#sigmas = { quiet: knobs.quietSigma, normal: knobs.normalSigma, wild: knobs.wildSigma };
    this.#ownWeight = Math.sqrt(1 - knobs.marketCorrelation ** 2);
  }

  get value(): number {
    return this.#value;
  }

  /** Activity of takers and makers; 1 in a normal regime. */
  get activity(): number {
    return this.#factor.activity;
  }

  /** Volatility of the diffusion, bps per square root of a second. */
  get sigma(): number {
    return this.#sigmas[this.#factor.regime];
  }

  /** Moves the price permanently. */
  move(bps: number): void {
    this.#value *= 1 + bps * BP;
  }

  advance(seconds: number): void {
    this.#factor.advance(seconds);
    const shock = this.#knobs.marketCorrelation * this.#factor.shock + this.#ownWeight * randomNormal(this.#random);
    this.move(this.sigma * Math.sqrt(seconds) * shock);
    if (this.#happens(this.#knobs.jumpsPerHour, seconds)) this.move(this.#sign() * randomExponential(this.#random, this.#knobs.jumpBps));
    if (this.#happens(this.#knobs.flashesPerHour, seconds) && this.#legs.length === 0) this.#startFlash();
    this.#advanceFlash(seconds);
  }

  #startFlash(): void {
    const bps = this.#sign() * this.#knobs.flashBps;
    this.#legs = [
      { bpsPerSecond: bps / FLASH_SECONDS, seconds: FLASH_SECONDS },
      { bpsPerSecond: (-bps * RECOVERED) / RECOVERY_SECONDS, seconds: RECOVERY_SECONDS },
    ];
  }

  #advanceFlash(seconds: number): void {
    if (this.#legs.length === 0) return;
    const [leg, ...later] = this.#legs;
    if (leg === undefined) return;
    this.move(leg.bpsPerSecond * seconds);
    this.#legs = leg.seconds > seconds ? [{ ...leg, seconds: leg.seconds - seconds }, ...later] : later;
  }

  #happens(perHour: number, seconds: number): boolean {
    return perHour > 0 && this.#random.uniform() < (perHour * seconds) / HOUR_SECONDS;
  }

  #sign(): 1 | -1 {
    return this.#random.uniform() < 0.5 ? 1 : -1;
  }
}
