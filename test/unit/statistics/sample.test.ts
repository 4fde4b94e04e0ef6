import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../src/statistics/sample.ts';

describe('a sample', () => {
  it('has mean, median, extremes, deviation and the 95 % interval of the mean', () => {
    // scipy.stats.t.interval(0.95, 4, loc=3.2, scale=scipy.stats.sem([1, 2, 3, 4, 6]))
    const sample = sampleOf([6, 1, 4, 2, 3]);
    expect(sample).toMatchObject({ count: 5, mean: 3.2, median: 3, lowest: 1, highest: 6 });
    expect(sample?.deviation).toBeCloseTo(1.923538, 6);
    expect(sample?.interval?.[0]).toBeCloseTo(0.8116116, 6);
    expect(sample?.interval?.[1]).toBeCloseTo(5.5883884, 6);
  });

  it('takes the middle of the two middle values', () => {
    expect(sampleOf([1, 10, 2, 4])?.median).toBe(3);
  });

  it('has no interval with one value, and is nothing without values', () => {
    expect(sampleOf([5])).toEqual({ count: 1, mean: 5, median: 5, lowest: 5, highest: 5, deviation: undefined, interval: undefined });
    expect(sampleOf([])).toBeUndefined();
  });

  it('is the same to the last bit in any order', () => {
    const values = [0.1, 0.2, 0.3, 1e10, -1e10, 0.7];
    expect(sampleOf(values.toReversed())).toEqual(sampleOf(values));
  });
});
