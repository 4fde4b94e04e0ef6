import { at } from '../util/array.ts';

/** Figures of series of numbers. A series that is empty or does not vary gives NaN. */

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export function variance(values: readonly number[]): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** 2));
}

/** Excess; 0 for a normal distribution. */
export function kurtosis(values: readonly number[]): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** 4)) / variance(values) ** 2 - 3;
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const [centerA, centerB] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - centerA) * (at(b, i) - centerB))) / Math.sqrt(variance(a) * variance(b));
}

export function autocorrelation(values: readonly number[], lag: number): number {
  return correlation(values.slice(lag), values.slice(0, values.length - lag));
}

/** Exponent of the tail of a distribution, from the largest 5 % (Hill 1975). */
export function tailExponent(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => b - a);
  const count = Math.floor(sorted.length * 0.05);
  const threshold = sorted[count] ?? Number.NaN;
  return 1 / mean(sorted.slice(0, count).map((value) => Math.log(value / threshold)));
}
