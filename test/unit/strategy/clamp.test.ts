import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from '../../../src/model/order.ts';
import { centiBps } from '../../../src/model/units.ts';
import { clampReprice } from '../../../src/strategy/clamp.ts';

const sides = fc.constantFrom<Side>('buy', 'sell');
const maxima = fc.integer({ min: 0, max: 5000 }).map(centiBps);
const deltas = fc.oneof(
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.integer({ min: -10_000, max: 10_000 }).map((hundredths) => hundredths / 100),
  fc.constantFrom(0.29, 1.1, 0.10000000000000002, 0.9999999, -0.29, -1.1, 0.1 + 0.2, 1e-300, -1e-300, Number.MAX_VALUE),
);

/** The decimal expansion of a double is exact: compared as a fraction of whole numbers, without any rounding. */
function isBelow(hundredths: number, value: number): boolean {
  return compareExactly(hundredths, value) < 0;
}

function compareExactly(hundredths: number, value: number): number {
  // value = mantissa · 2^exponent exactly; hundredths / 100 against the shortest decimal that names the same double.
  const shortest = value.toString();
  const [digits = '0', exponent = '0'] = shortest.split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  const scale = BigInt(fraction.length) - BigInt(exponent);
  const units = BigInt(whole + fraction);
  const left = BigInt(hundredths) * (scale > 0n ? 10n ** scale : 1n);
  const right = units * 100n * (scale < 0n ? 10n ** -scale : 1n);
  return left < right ? -1 : left > right ? 1 : 0;
}

describe('clamp of a price move', () => {
  test.each([
    ['buy', 0.9999999, 100, 99],
    ['sell', 0.9999999, 100, 100],
    ['buy', 0.29, 100, 29],
    ['sell', 0.29, 100, 29],
    ['buy', 1.1, 200, 110],
    ['sell', 1.1, 200, 110],
    ['buy', 0.10000000000000002, 100, 10],
    ['sell', 0.10000000000000002, 100, 11],
    // Just below a hundredth, where multiplying by 100 rounds up to it.
    ['buy', 0.049999999999999996, 100, 4],
    ['sell', 0.049999999999999996, 100, 5],
    ['sell', -0.049999999999999996, 100, -4],
    ['buy', -0.291, 100, -30],
    ['sell', -0.291, 100, -29],
    // The plan's own clamp passes the maximum here.
    ['sell', 0.999, 99, 99],
    ['buy', -0.999, 99, -99],
    ['buy', 7, 100, 100],
    ['sell', -7, 100, -100],
  ] as const)('%s by %d bps of at most %d hundredths is %d hundredths', (side, delta, max, expected) => {
    expect(clampReprice(side, delta, centiBps(max))).toBe(expected);
  });

  test('never beyond the maximum, the sign kept, and never more eager than asked for', () => {
    fc.assert(
      fc.property(sides, deltas, maxima, (side, delta, max) => {
        const moved = clampReprice(side, delta, max) ?? Number.NaN;
        expect(Math.abs(moved)).toBeLessThanOrEqual(max);
        expect(moved * delta).toBeGreaterThanOrEqual(0);
        const isInside = Math.abs(delta) * 100 <= max;
        if (isInside && side === 'buy') expect(compareExactly(moved, delta)).toBeLessThanOrEqual(0);
        if (isInside && side === 'sell') expect(isBelow(moved, delta)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('is less than one hundredth from what was asked for, and what is on the grid stays where it is', () => {
    fc.assert(
      fc.property(sides, deltas, maxima, (side, delta, max) => {
        const moved = clampReprice(side, delta, max) ?? Number.NaN;
        const bounded = Math.sign(delta) * Math.min(max, Math.abs(delta) * 100);
        expect(Math.abs(moved - bounded)).toBeLessThan(1 + 1e-9);
        expect(clampReprice(side, moved / 100, max)).toBe(moved);
        for (const other of ['buy', 'sell'] as const) expect(clampReprice(other, moved / 100, max)).toBe(moved);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is no number has no safe move', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(clampReprice('buy', bad, centiBps(50))).toBeUndefined();
      expect(clampReprice('sell', bad, centiBps(50))).toBeUndefined();
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 0.5]) expect(() => centiBps(bad)).toThrow('whole number');
  });
});
