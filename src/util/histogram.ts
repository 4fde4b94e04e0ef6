import { build, type Histogram as Hdr } from 'hdr-histogram-js';

const STEPS_PER_TENFOLD = 16;
/** Of `bins`: each is 12 % wider than the one before. */
export const BINS_PER_TENFOLD = 20;
const LEAST = 0.001;
/** 95 % of a normal distribution lie within this many standard deviations. */
const Z_95 = 1.96;
const TICKS_PER_HALVING = 5;

/** Histogram of values in ms, from 0.001 to one hour, with three significant digits, in bounded memory. */
export class Histogram {
  readonly #hdr: Hdr = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  /** Number of values by bin, counted from 1 ms. */
  readonly #bins = new Map<number, number>();
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#hdr.totalCount;
  }

  /** Undefined without samples, like the other figures. */
  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.#sum / this.count;
  }

  get max(): number | undefined {
    return this.count === 0 ? undefined : this.#max;
  }

  record(value: number): void {
    this.#hdr.recordValue(Math.max(0, Math.round(value * 1000)));
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
    const bin = Math.floor(Math.log10(Math.max(LEAST, value)) * BINS_PER_TENFOLD);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
  }

  /** 0 < q < 1. */
  quantile(q: number): number | undefined {
    return this.count === 0 ? undefined : this.#valueAt(q);
  }

  /** Quantiles with their values, in finer steps toward the highest, which comes last. */
  distribution(): readonly (readonly [q: number, value: number])[] {
    const steps = Math.floor(STEPS_PER_TENFOLD * Math.log10(Math.max(1, this.count)));
    const shares = Array.from({ length: steps }, (_, step) => 1 - 10 ** (-step / STEPS_PER_TENFOLD));
    const inner = shares.map((q) => [q, this.quantile(Math.max(q, 1 / this.count)) ?? 0] as const);
    return this.count === 0 ? [] : [...inner, [1 - 1 / (this.count + 1), this.#max]];
  }

  /** Bins that have values, lowest first: where each begins, ms, and its number of values. Values below 0.001 ms are in the first. */
  bins(): readonly (readonly [fromMs: number, count: number])[] {
    return [...this.#bins].sort(([a], [b]) => a - b).map(([bin, count]) => [10 ** (bin / BINS_PER_TENFOLD), count]);
  }

  /** 95 % confidence interval of a quantile, for any distribution; beyond the samples an end is the minimum or maximum. */
  interval(q: number): readonly [low: number, high: number] | undefined {
    const n = this.count;
    if (n === 0) return undefined;
    const spread = Z_95 * Math.sqrt((q * (1 - q)) / n);
    return [this.#valueAt(Math.max(0, q - spread)), q + spread >= 1 ? this.#max : this.#valueAt(q + spread)];
  }

  /** The end of the step that has the value, which may lie above every value. */
  #valueAt(q: number): number {
    return Math.min(this.#max, this.#hdr.getValueAtPercentile(q * 100) / 1000);
  }

  /** The text format of HdrHistogram's plotters, values in ms. */
  percentileText(): string {
    return this.#hdr.outputPercentileDistribution(TICKS_PER_HALVING, 1000);
  }
}
