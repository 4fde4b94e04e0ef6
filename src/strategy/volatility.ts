import { at } from '../util/array.ts';

/** Number of prices kept, of returns in one estimate, and the weight of the newest estimate in the smoothed one. */
const HISTORY = 100;
const WINDOW = 20;
const EMA_ALPHA = 0.1;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Volatilities of different periods differ, so each name states its unit. */
export interface VolatilityReading {
  /** Volatility of the last window, bps per sample. */
  readonly perSampleBps: number;
  /** Exponential average of `perSampleBps`, in bps per square root of a second. */
  readonly perRootSecondBps: number;
  /** Volatility of the last window, scaled to a year of 365 days, bps. */
  readonly annualizedBps: number;
}

/** Sample standard deviation of the log-returns of `prices` over `periodsPerYear` periods, in bps; 0 below two returns. */
export function annualizedVolatilityBps(prices: readonly number[], periodsPerYear = 252): number {
  return deviation(logReturns(prices)) * Math.sqrt(periodsPerYear) * 10_000;
}

/**
 * Volatility of one symbol. The caller samples the price every `sampleMs`. A price that is not finite and positive is ignored:
 * it would corrupt the exponential average for good.
 */
export class Volatility {
  readonly #sampleMs: number;
  readonly #prices: number[] = [];
  #perSampleBps = 0;
  #smoothedBps: number | undefined;
  #reading: VolatilityReading = { perSampleBps: 0, perRootSecondBps: 0, annualizedBps: 0 };

  constructor(sampleMs: number) {
    this.#sampleMs = sampleMs;
  }

  sample(price: number): void {
    if (!Number.isFinite(price) || price <= 0) return;
    this.#prices.push(price);
    if (this.#prices.length > HISTORY) this.#prices.shift();
    const returns = logReturns(this.#prices.slice(-WINDOW - 1));
    if (returns.length < 2) return;
    this.#perSampleBps = deviation(returns) * 10_000;
    this.#smoothedBps =
      this.#smoothedBps === undefined ? this.#perSampleBps : EMA_ALPHA * this.#perSampleBps + (1 - EMA_ALPHA) * this.#smoothedBps;
    this.#reading = {
      perSampleBps: this.#perSampleBps,
      perRootSecondBps: this.#smoothedBps / Math.sqrt(this.#sampleMs / 1000),
      annualizedBps: this.#perSampleBps * Math.sqrt(YEAR_MS / this.#sampleMs),
    };
  }

  get reading(): VolatilityReading {
    return this.#reading;
  }
}

function logReturns(prices: readonly number[]): number[] {
  const sound = prices.filter((price) => Number.isFinite(price) && price > 0);
  return sound.slice(1).map((price, i) => Math.log(price / at(sound, i)));
}

/** Sample standard deviation: the sum of squares is divided by the count less one. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
