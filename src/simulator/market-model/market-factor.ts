import { at } from '../../util/array.ts';
import { randomExponential, randomNormal, type Random } from '../../util/random.ts';

/** Mean duration in seconds, and relative activity. */
const REGIMES = [
  { regime: 'quiet', meanSeconds: 600, activity: 0.6 },
  { regime: 'normal', meanSeconds: 300, activity: 1 },
  { regime: 'wild', meanSeconds: 60, activity: 2 },
] as const;

const NORMAL = 1;

export type Regime = (typeof REGIMES)[number]['regime'];

/**
 * The random factor common to all symbols. Each symbol has its own copy with the same random stream, so that all copies agree at
 * every step and none depends on which other symbols are traded.
 */
export class MarketFactor {
  readonly #random: Random;
  #index = NORMAL;
  #seconds: number;
  #shock = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#seconds = randomExponential(random, REGIMES[NORMAL].meanSeconds);
  }

  /** Standard normal, new at every step. */
  get shock(): number {
    return this.#shock;
  }

  get regime(): Regime {
    return at(REGIMES, this.#index).regime;
  }

  /** Activity of takers and makers; 1 in a normal regime. */
  get activity(): number {
    return at(REGIMES, this.#index).activity;
  }

  advance(seconds: number): void {
    this.#shock = randomNormal(this.#random);
    this.#seconds -= seconds;
    if (this.#seconds > 0) return;
    this.#index = this.#index === NORMAL ? (this.#random.uniform() < 0.5 ? 0 : 2) : NORMAL;
    this.#seconds = randomExponential(this.#random, at(REGIMES, this.#index).meanSeconds);
  }
}
