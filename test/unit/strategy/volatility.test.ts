import { describe, expect, test } from 'vitest';
import { Volatility } from '../../../src/strategy/volatility.ts';

function after(prices: readonly number[]): number {
  const volatility = new Volatility();
  for (const price of prices) volatility.sample(price);
  return volatility.bps;
}

describe('volatility', () => {
  test('is zero below two returns', () => {
    expect(after([])).toBe(0);
    expect(after([100])).toBe(0);
    expect(after([100, 101])).toBe(0);
  });

  test('is the sample standard deviation of log-returns in bps', () => {
    const returns = [Math.log(101 / 100), Math.log(100 / 101)];
    const expected = Math.sqrt(2 * (returns[0] ?? 0) ** 2) * 10_000;
    expect(after([100, 101, 100])).toBeCloseTo(expected, 9);
  });

  test('steady growth has none', () => {
    expect(after([100, 110, 121, 133.1])).toBeCloseTo(0, 9);
  });

  test('bad prices are dropped, not absorbed', () => {
    expect(after([100, Number.NaN, 101, 0, -5, Number.POSITIVE_INFINITY, 100])).toBeCloseTo(after([100, 101, 100]), 12);
  });

  test('only the last twenty returns count', () => {
    const calm = Array.from({ length: 21 }, () => 100);
    expect(after([50, 200, 50, 200, ...calm])).toBe(0);
  });
});
