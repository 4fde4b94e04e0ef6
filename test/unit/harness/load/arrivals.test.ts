import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrivalTimes, type Arrival } from '../../../../src/harness/load/arrivals.ts';
import { seededRandom } from '../../../../src/util/random.ts';

function until(endMs: number, arrival: Arrival, perSecond: number, seed = '1'): number[] {
  const times: number[] = [];
  for (const at of arrivalTimes(arrival, perSecond, seededRandom(seed))) {
    if (at >= endMs) return times;
    times.push(at);
  }
  return times;
}

describe('arrivals', () => {
  test('constant ones come at even distances, and as many as the rate says in any stretch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 60 }), (perMinute, seconds) => {
        const times = until(seconds * 60_000, 'constant', perMinute / 60);
        expect(times).toHaveLength(perMinute * seconds);
      }),
      { numRuns: 50 },
    );
  });

  test('constant ones do not drift: the last of a day is as exact as the first', () => {
    const times = until(86_400_000, 'constant', 3);
    expect(times.at(-1)).toBeCloseTo((times.length - 0.5) * (1000 / 3), 6);
  });

  test('Poisson ones have the mean and the spread of independent senders', () => {
    const times = until(3_600_000, 'poisson', 10);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(98);
    expect(mean).toBeLessThan(102);
    // Of an exponential the two are equal; of even distances the second is 0.
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
  });

  test('the same seed brings the same times', () => {
    expect(until(10_000, 'poisson', 5, 'a')).toEqual(until(10_000, 'poisson', 5, 'a'));
    expect(until(10_000, 'poisson', 5, 'a')).not.toEqual(until(10_000, 'poisson', 5, 'b'));
  });
});
