import { build, type Histogram as Hdr } from 'hdr-histogram-js';

/** Values from 0.001 to an hour of ms, three digits kept, in bounded memory. */
export class Histogram {
  readonly #hdr: Hdr = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
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
  }

  /** 0 < q < 1. */
  quantile(q: number): number | undefined {
    return this.count === 0 ? undefined : this.#hdr.getValueAtPercentile(q * 100) / 1000;
  }
}
