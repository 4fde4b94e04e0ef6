import { randomNormal, type Random } from '../../util/random.ts';

const BP = 1e-4;
/** Size and duration of the errors in what makers believe the price to be; they grow with the volatility. */
const NOISE_BPS_PER_SIGMA = 0.1;
const NOISE_SECONDS = 0.15;
/** The reference stays at least while the price moves by less than this, also where a tick is wide. */
const LEAST_TICKS = 0.6;

/**
 * The price around which the makers quote. They do not give up their places in the queues for every small move: the reference stays until the
 * price has moved by more than a band, then it follows at once. So the touch has time to grow, and a level that is new is thin.
 */
export class ReferencePrice {
  readonly #bandBps: number;
  /** It must not depend on the book, or setups could not be compared on the same market. */
  readonly #random: Random;
  /** Share of the noise that is left after a step, and of new noise beside it. */
  readonly #persistence: number;
  readonly #renewal: number;
  #noise = 0;
  #value = 0;
  #lean = 0;

  /** `seconds`: length of a step. */
  constructor(bandBps: number, random: Random, seconds: number) {
    this.#bandBps = bandBps;
    this.#random = random;
    this.#persistence = Math.exp(-seconds / NOISE_SECONDS);
    this.#renewal = Math.sqrt(1 - this.#persistence ** 2);
  }

  /** Ticks, a float. */
  get value(): number {
    return this.#value;
  }

  /** Where in the band the price is, from -1 to 1: the makers expect the next move in this direction. */
  get lean(): number {
    return this.#lean;
  }

  /** `price`: as the makers see it, ticks; `sigma`: its volatility, bps per square root of a second. */
  step(price: number, sigma: number): void {
    this.#noise = this.#noise * this.#persistence + this.#renewal * randomNormal(this.#random);
    const believed = price * (1 + this.#noise * NOISE_BPS_PER_SIGMA * sigma * BP);
    const band = Math.max(this.#bandBps * BP * price, LEAST_TICKS);
    if (Math.abs(believed - this.#value) >= band) this.#value = believed;
    this.#lean = (believed - this.#value) / band;
  }
}
