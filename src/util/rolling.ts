import { at, nearestRank } from './array.ts';

/** Counts the events of the last `windowMs`; memory is proportional to their number. */
export class RollingCount {
  readonly #windowMs: number;
  #times: number[] = [];
  #first = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** `now`: monotonic ms, never decreasing. */
  add(now: number): void {
    this.#times.push(now);
  }

  count(now: number): number {
    while (this.#first < this.#times.length && at(this.#times, this.#first) <= now - this.#windowMs) this.#first += 1;
    if (this.#first > 1024 && this.#first * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }

  /** Removes the newest events until at most `most` are left. */
  forgetNewest(now: number, most: number): void {
    this.#times.length -= Math.max(0, this.count(now) - most);
  }

  /** When the oldest counted event leaves the window; undefined when there is none. */
  nextExpiry(now: number): number | undefined {
    return this.count(now) === 0 ? undefined : at(this.#times, this.#first) + this.#windowMs;
  }
}

/** Values of the last `windowMs`, at most `capacity` of them (the oldest are removed first). */
export class RollingValues {
  readonly #windowMs: number;
  readonly #capacity: number;
  /** Two lists, because a list of numbers becomes a typed array at once. */
  readonly #times: number[] = [];
  readonly #values: number[] = [];

  constructor(windowMs: number, capacity: number) {
    this.#windowMs = windowMs;
    this.#capacity = capacity;
  }

  add(now: number, value: number): void {
    this.#times.push(now);
    this.#values.push(value);
    this.#trim(now);
  }

  /** Nearest-rank quantile, 0 < q <= 1; undefined without values. */
  quantile(now: number, q: number): number | undefined {
    this.#trim(now);
    // Typed arrays sort numbers without calling back.
    const ascending = new Float64Array(this.#values).sort();
    return ascending.length === 0 ? undefined : nearestRank(ascending, q);
  }

  #trim(now: number): void {
    let expired = Math.max(0, this.#values.length - this.#capacity);
    while (expired < this.#times.length && at(this.#times, expired) <= now - this.#windowMs) expired += 1;
    if (expired === 0) return;
    this.#times.splice(0, expired);
    this.#values.splice(0, expired);
  }
}
