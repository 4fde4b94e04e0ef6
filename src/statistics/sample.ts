import { at } from '../util/array.ts';
import { studentT } from './student-t.ts';

export type Interval = readonly [low: number, high: number];

/** 95 % of the intervals contain the truth, unless told otherwise. */
export const OUTSIDE = 0.05;

/** Values of one measure, one for each seed. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Undefined with fewer than two values, as is the interval of the mean. */
  readonly deviation: number | undefined;
  readonly interval: Interval | undefined;
}

/** The same for any order of the values; undefined without values. For the mean of a difference, pass differences of the same seeds. */
export function sampleOf(values: readonly number[]): Sample | undefined {
  if (values.length === 0) return undefined;
  // Sums of floats depend on the order, and results must not depend on which run ended first.
  const ascending = values.toSorted((a, b) => a - b);
  const count = ascending.length;
  const mean = sum(ascending) / count;
  const deviation = count < 2 ? undefined : Math.sqrt(sum(ascending.map((value) => (value - mean) ** 2)) / (count - 1));
  return {
    count,
    mean,
    median: (at(ascending, (count - 1) >> 1) + at(ascending, count >> 1)) / 2,
    lowest: at(ascending, 0),
    highest: at(ascending, count - 1),
    deviation,
    interval: deviation === undefined ? undefined : around(mean, deviation / Math.sqrt(count), count - 1),
  };
}

/** The interval of an estimate with a standard error; `outside` is the share of such intervals that may miss the truth. */
export function around(estimate: number, error: number, freedom: number, outside = OUTSIDE): Interval {
  const reach = studentT(outside, freedom) * error;
  return [estimate - reach, estimate + reach];
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
