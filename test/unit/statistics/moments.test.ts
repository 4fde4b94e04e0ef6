import { expect, test } from 'vitest';
import { autocorrelation, correlation, kurtosis, mean, median, tailExponent, variance } from '../../../src/statistics/moments.ts';
import { randomNormal, seededRandom } from '../../../src/util/random.ts';

const random = seededRandom('moments');
const COUNT = 100_000;
const normal = Array.from({ length: COUNT }, () => randomNormal(random));

test('of numbers that are known', () => {
  expect([mean([1, 2, 6]), median([5, 1, 3]), variance([1, 3])]).toEqual([3, 3, 1]);
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  // Two values: the fourth moment is the square of the second.
  expect(kurtosis([1, -1, 1, -1])).toBe(-2);
});

test('of a normal distribution: no excess kurtosis', () => {
  expect(kurtosis(normal)).toBeCloseTo(0, 1);
  expect(variance(normal)).toBeCloseTo(1, 1);
});

test('of a series that remembers half of the value before: correlation .5 with it, .25 with the one before that', () => {
  let last = 0;
  const series = normal.map((shock) => (last = 0.5 * last + shock));
  expect(autocorrelation(series, 1)).toBeCloseTo(0.5, 1);
  expect(autocorrelation(series, 2)).toBeCloseTo(0.25, 1);
  expect(autocorrelation(normal, 1)).toBeCloseTo(0, 1);
});

test.each([1.2, 1.5, 2.5])('the tail of a Pareto distribution has its exponent: %f', (exponent) => {
  const sizes = Array.from({ length: COUNT }, () => (1 - random.uniform()) ** (-1 / exponent));
  expect(tailExponent(sizes) / exponent).toBeCloseTo(1, 1);
});

test('of nothing: no figure', () => {
  expect([mean([]), median([]), variance([]), kurtosis([]), correlation([], []), tailExponent([])].every(Number.isNaN)).toBe(true);
});
