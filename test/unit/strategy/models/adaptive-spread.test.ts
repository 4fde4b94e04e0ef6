import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { adaptiveTargetBps, stepAdaptive, type AdaptiveSpread } from '../../../../src/strategy/models/adaptive-spread.ts';

const { quoting } = resolve({}).settings;
const CALM = { volatility: 0, liquidity: 0, latency: 0, pnl: 0 };

describe('adaptive spread', () => {
  test('is the base in calm, and each score adds its own share', () => {
    expect(adaptiveTargetBps(CALM, quoting)).toBe(1);
    expect(adaptiveTargetBps({ ...CALM, volatility: 1 }, quoting)).toBeCloseTo(1 + 1.5 * 0.6, 12);
    expect(adaptiveTargetBps({ ...CALM, liquidity: 1 }, quoting)).toBeCloseTo(1 + 1.0 * 0.4, 12);
    expect(adaptiveTargetBps({ ...CALM, latency: 1 }, quoting)).toBeCloseTo(1 + 0.8 * 0.3, 12);
    expect(adaptiveTargetBps({ ...CALM, pnl: 1 }, quoting)).toBeCloseTo(1 + 1.2 * 0.3, 12);
    expect(adaptiveTargetBps({ ...CALM, volatility: 0.5 }, quoting)).toBeCloseTo(1.45, 12);
  });

  test('stays within its bounds for any scores; what cannot be measured counts as bad', () => {
    const score = fc.double();
    fc.assert(
      fc.property(score, score, score, score, (volatility, liquidity, latency, pnl) => {
        const target = adaptiveTargetBps({ volatility, liquidity, latency, pnl }, quoting);
        expect(target).toBeGreaterThanOrEqual(0.6);
        expect(target).toBeLessThanOrEqual(2.5);
      }),
      { numRuns: 1000 },
    );
    expect(adaptiveTargetBps({ volatility: Number.NaN, liquidity: 1, latency: 1, pnl: 1 }, quoting)).toBe(2.5);
  });

  test('moves in steps with a rest between them, and arrives', () => {
    const seen: number[] = [];
    let spread: AdaptiveSpread | undefined = { bps: 1, at: 0 };
    for (let now = 0; now <= 1000; now += 100) {
      spread = stepAdaptive(spread, 1.5, now, quoting);
      seen.push(Math.round(spread.bps * 100) / 100);
    }
    expect(seen).toEqual([1, 1, 1.2, 1.2, 1.4, 1.4, 1.5, 1.5, 1.5, 1.5, 1.5]);
    expect(stepAdaptive(undefined, 1.7, 0, quoting)).toEqual({ bps: 1.7, at: 0 });
  });
});
