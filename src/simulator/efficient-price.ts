import { at } from '../util/array.ts';
import { randomExponential, randomNormal, type Random } from '../util/random.ts';
import type { MarketKnobs } from './markets.ts';

const BP = 1e-4;
const HOUR_SECONDS = 3600;

/** Mean duration in seconds, and how busy the market is. */
const REGIMES = [
  { sigma: 'quietSigma', meanSeconds: 600, activity: 0.6 },
  { sigma: 'normalSigma', meanSeconds: 300, activity: 1 },
  { sigma: 'wildSigma', meanSeconds: 60, activity: 2 },
] as const;

const NORMAL = 1;

/** A crash or rally under way: so many bps a second for so long, one leg after the other. */
interface Leg {
  readonly bpsPerSecond: number;
  readonly seconds: number;
}

const FLASH_SECONDS = 3;
const RECOVERY_SECONDS = 30;
const RECOVERED = 0.8;

/** Where the price would be without a book: a diffusion whose volatility changes, with jumps. In ticks, a float. */
export class EfficientPrice {
  readonly #knobs: MarketKnobs;
  readonly #random: Random;
  #value: number;
  #regime = NORMAL;
  #regimeSeconds: number;
  #legs: Leg[] = [];

  constructor(startPrice: number, knobs: MarketKnobs, random: Random) {
    this.#value = startPrice;
    this.#knobs = knobs;
    this.#random = random;
    this.#regimeSeconds = randomExponential(random, REGIMES[NORMAL].meanSeconds);
  }

  get value(): number {
    return this.#value;
  }

  /** Of takers and makers, 1 in a normal regime. */
  get activity(): number {
    return at(REGIMES, this.#regime).activity;
  }

  /** For good. */
  move(bps: number): void {
    this.#value *= 1 + bps * BP;
  }

  advance(seconds: number): void {
    this.#switchRegime(seconds);
    const sigma = this.#knobs[at(REGIMES, this.#regime).sigma];
    this.move(sigma * Math.sqrt(seconds) * randomNormal(this.#random));
    if (this.#happens(this.#knobs.jumpsPerHour, seconds)) this.move(this.#sign() * randomExponential(this.#random, this.#knobs.jumpBps));
    if (this.#happens(this.#knobs.flashesPerHour, seconds) && this.#legs.length === 0) this.#startFlash();
    this.#advanceFlash(seconds);
  }

  #switchRegime(seconds: number): void {
    this.#regimeSeconds -= seconds;
    if (this.#regimeSeconds > 0) return;
    this.#regime = this.#regime === NORMAL ? (this.#random.uniform() < 0.5 ? 0 : 2) : NORMAL;
    this.#regimeSeconds = randomExponential(this.#random, at(REGIMES, this.#regime).meanSeconds);
  }

  #startFlash(): void {
    const bps = this.#sign() * this.#knobs.flashBps;
    this.#legs = [
      { bpsPerSecond: bps / FLASH_SECONDS, seconds: FLASH_SECONDS },
      { bpsPerSecond: (-bps * RECOVERED) / RECOVERY_SECONDS, seconds: RECOVERY_SECONDS },
    ];
  }

  #advanceFlash(seconds: number): void {
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
