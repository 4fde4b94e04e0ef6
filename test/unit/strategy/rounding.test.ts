import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grid } from '../../../src/model/grid.ts';
import { askTicks, bidTicks, floorLots, floorTickLots } from '../../../src/strategy/rounding.ts';

describe('rounding', () => {
  test('a bid is floored and an ask is ceiled, never by more than one tick', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (estimate) => {
        const tolerance = 1e-9 * Math.max(1, Math.abs(estimate));
        expect(bidTicks(estimate)).toBeLessThanOrEqual(estimate + tolerance);
        expect(askTicks(estimate)).toBeGreaterThanOrEqual(estimate - tolerance);
        expect(askTicks(estimate) - bidTicks(estimate)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('an estimate that only float noise keeps off a whole tick is that tick', () => {
    expect(bidTicks(0.29 / 0.01)).toBe(29);
    expect(askTicks(1.1 / 0.1)).toBe(11);
    expect(floorLots(0.3, grid('0.1'))).toBe(3);
  });

  test('a whole number of ticks stays where it is in both directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (whole) => {
        expect(bidTicks(whole)).toBe(askTicks(whole));
      }),
      { numRuns: 1000 },
    );
  });

  test('what is not finite is a bug, not a price', () => {
    for (const estimate of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => bidTicks(estimate)).toThrow('cannot be rounded');
      expect(() => askTicks(estimate)).toThrow('cannot be rounded');
    }
  });

  test('a limit in dollars is never rounded up, and beyond what integers hold it is the largest integer', () => {
    expect(floorTickLots(5, { atomsPerTickLot: 10_000 })).toBe(50_000);
    expect(floorTickLots(0.00019, { atomsPerTickLot: 10_000 })).toBe(1);
    expect(floorTickLots(1e12, { atomsPerTickLot: 1 })).toBe(Number.MAX_SAFE_INTEGER);
  });
});
