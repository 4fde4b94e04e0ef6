import { at } from '../../util/array.ts';
import type { Column } from './timeline.ts';

/** The lowest and the highest value of each interval, in the order in which they occurred, so that a plot shows every extreme. */
export class RangeColumn implements Column {
  readonly #pairs: Float64Array;

  constructor(most: number) {
    this.#pairs = new Float64Array(2 * most).fill(Number.NaN);
  }

  add(slot: number, value: number): void {
    const earlier = this.#pairs[2 * slot] ?? Number.NaN;
    const later = this.#pairs[2 * slot + 1] ?? Number.NaN;
    if (Number.isNaN(earlier)) this.#set(slot, value, value);
    else if (value > Math.max(earlier, later)) this.#set(slot, Math.min(earlier, later), value);
    else if (value < Math.min(earlier, later)) this.#set(slot, Math.max(earlier, later), value);
  }

  /** NaN twice for an interval without values. */
  pair(slot: number): readonly [earlier: number, later: number] {
    return [at(this.#pairs, 2 * slot), at(this.#pairs, 2 * slot + 1)];
  }

  clear(slot: number): void {
    this.#set(slot, Number.NaN, Number.NaN);
  }

  join(to: number, from: number): void {
    for (const value of this.pair(from)) if (!Number.isNaN(value)) this.add(to, value);
  }

  #set(slot: number, earlier: number, later: number): void {
    this.#pairs[2 * slot] = earlier;
    this.#pairs[2 * slot + 1] = later;
  }
}

/** The sum of each interval. */
export class SumColumn implements Column {
  readonly #sums: Float64Array;

  constructor(most: number) {
    this.#sums = new Float64Array(most);
  }

  add(slot: number, value: number): void {
    this.#sums[slot] = this.sum(slot) + value;
  }

  sum(slot: number): number {
    return at(this.#sums, slot);
  }

  clear(slot: number): void {
    this.#sums[slot] = 0;
  }

  join(to: number, from: number): void {
    this.add(to, this.sum(from));
  }
}

/** From 0.1 ms to two minutes; each bucket is 2 % wider than the one before. */
const LOWEST_MS = 0.1;
const GROWTH = 1.02;
const BUCKETS = 708;

/** A latency histogram of each interval; quantiles are accurate to one per cent. */
export class LatencyColumn implements Column {
  readonly #counts: Uint32Array;
  readonly #worst: RangeColumn;

  constructor(most: number) {
    this.#counts = new Uint32Array(most * BUCKETS);
    this.#worst = new RangeColumn(most);
  }

  add(slot: number, ms: number): void {
    const bucket = Math.floor(Math.log(Math.max(ms, LOWEST_MS) / LOWEST_MS) / Math.log(GROWTH));
    const index = slot * BUCKETS + Math.min(bucket, BUCKETS - 1);
    this.#counts[index] = at(this.#counts, index) + 1;
    this.#worst.add(slot, ms);
  }

  count(slot: number): number {
    return this.#slice(slot).reduce((sum, count) => sum + count, 0);
  }

  max(slot: number): number | undefined {
    const most = Math.max(...this.#worst.pair(slot));
    return Number.isNaN(most) ? undefined : most;
  }

  /** Undefined without samples. */
  quantile(slot: number, q: number): number | undefined {
    const rank = Math.max(1, Math.ceil(q * this.count(slot)));
    let seen = 0;
    for (const [bucket, count] of this.#slice(slot).entries()) {
      seen += count;
      if (seen >= rank) return Math.min(LOWEST_MS * GROWTH ** (bucket + 0.5), this.max(slot) ?? Infinity);
    }
    return undefined;
  }

  clear(slot: number): void {
    this.#slice(slot).fill(0);
    this.#worst.clear(slot);
  }

  join(to: number, from: number): void {
    const target = this.#slice(to);
    for (const [bucket, count] of this.#slice(from).entries()) target[bucket] = at(target, bucket) + count;
    this.#worst.join(to, from);
  }

  #slice(slot: number): Uint32Array {
    return this.#counts.subarray(slot * BUCKETS, (slot + 1) * BUCKETS);
  }
}
