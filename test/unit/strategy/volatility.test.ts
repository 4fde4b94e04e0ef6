import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annualizedVolatilityBps, Volatility, type VolatilityReading } from '../../../src/strategy/volatility.ts';

function after(prices: readonly number[], sampleMs = 1000): VolatilityReading {
  const volatility = new Volatility(sampleMs);
  for (const price of prices) volatility.sample(price);
  return volatility.reading;
}

describe('volatility', () => {
  test('is zero below two returns', () => {
    for (const prices of [[], [100], [100, 101]]) {
      expect(after(prices)).toEqual({ perSampleBps: 0, perRootSecondBps: 0, annualizedBps: 0 });
      expect(annualizedVolatilityBps(prices)).toBe(0);
    }
  });

  test('is the sample standard deviation of log-returns in bps', () => {
    const move = Math.log(101 / 100);
    expect(after([100, 101, 100]).perSampleBps).toBeCloseTo(Math.sqrt(2) * move * 10_000, 9);
    expect(annualizedVolatilityBps([100, 101, 100], 1)).toBeCloseTo(Math.sqrt(2) * move * 10_000, 9);
  });

  test('is annualized by 252 days for daily prices, by a year of 365 days for the interval of a live sample', () => {
    const move = Math.sqrt(2) * Math.log(101 / 100) * 10_000;
    expect(annualizedVolatilityBps([100, 101, 100])).toBeCloseTo(move * Math.sqrt(252), 6);
    expect(after([100, 101, 100], 1000).annualizedBps).toBeCloseTo(move * Math.sqrt(31_536_000), 3);
    expect(after([100, 101, 100], 250).annualizedBps).toBeCloseTo(move * Math.sqrt(4 * 31_536_000), 3);
  });

  test('is smoothed with weight 0.1 for the newest window, per square root of a second', () => {
    const moves = [100, 101, 100, 103, 99, 100];
    const volatility = new Volatility(250);
    let smoothed: number | undefined;
    moves.forEach((price, i) => {
      volatility.sample(price);
      if (i < 2) return;
      const window = volatility.reading.perSampleBps;
      smoothed = smoothed === undefined ? window : 0.1 * window + 0.9 * smoothed;
      expect(volatility.reading.perRootSecondBps).toBeCloseTo(smoothed * 2, 9);
    });
  });

  test('steady growth has none', () => {
    expect(after([100, 110, 121, 133.1]).perSampleBps).toBeCloseTo(0, 9);
  });

  test('bad prices are dropped, not absorbed, wherever they come', () => {
    const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, -5);
    const good = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(good, bad), { maxLength: 60 }), (prices) => {
        const sound = prices.filter((price) => price > 0 && Number.isFinite(price));
        expect(after(prices)).toEqual(after(sound));
        expect(annualizedVolatilityBps(prices)).toBe(annualizedVolatilityBps(sound));
        expect(after(prices).perSampleBps).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('only the last twenty returns count', () => {
    const calm = Array.from({ length: 21 }, () => 100);
    expect(after([50, 200, 50, 200, ...calm]).perSampleBps).toBe(0);
  });
});
