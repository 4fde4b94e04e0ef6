import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { avellanedaStoikovForm } from '../../../../src/strategy/models/avellaneda-stoikov.ts';
import { glftForm } from '../../../../src/strategy/models/glft.ts';

const positive = fc.double({ min: 0.01, max: 10, noNaN: true });

describe('closed forms', () => {
  test('glft is the published example of the hftbacktest tutorial to the last digit', () => {
    const { half, skewPerUnit } = glftForm({
      gamma: 0.05,
      sigma: 10.69,
      intensity: 2.986162360812285,
      decay: 0.04235741115084049,
      size: 1,
    });
    expect(Math.abs(half - 20.47208533844371)).toBeLessThan(1e-12);
    expect(Math.abs(skewPerUnit - 9.76326865029227)).toBeLessThan(1e-12);
  });

  test('avellaneda-stoikov is the first row of the published table: spread 1.49 for gamma 0.1', () => {
    // The table prints the average over time: the horizon shrinks from 1 to 0.
    const spreads = Array.from(
      { length: 200 },
      (_, i) => 2 * avellanedaStoikovForm({ gamma: 0.1, sigma: 2, decay: 1.5, horizon: 1 - i / 200 }).half,
    );
    expect(spreads.reduce((sum, spread) => sum + spread, 0) / 200).toBeCloseTo(1.49, 2);
  });

  test('avellaneda-stoikov is its formula for any terms', () => {
    fc.assert(
      fc.property(positive, positive, positive, positive, (gamma, sigma, decay, horizon) => {
        const { half, skewPerUnit } = avellanedaStoikovForm({ gamma, sigma, decay, horizon });
        const variance = gamma * sigma ** 2 * horizon;
        expect(skewPerUnit).toBeCloseTo(variance, 9);
        expect(2 * half).toBeCloseTo(variance + (2 / gamma) * Math.log(1 + gamma / decay), 9);
      }),
      { numRuns: 1000 },
    );
  });

  test('both widen and lean more with volatility and risk, and quote closer where orders reach less deep', () => {
    fc.assert(
      fc.property(positive, positive, positive, positive, (gamma, sigma, decay, intensity) => {
        for (const form of [
          (s: number, k: number) => avellanedaStoikovForm({ gamma, sigma: s, decay: k, horizon: 1 }),
          (s: number, k: number) => glftForm({ gamma, sigma: s, intensity, decay: k, size: 1 }),
        ]) {
          expect(form(sigma * 2, decay).half).toBeGreaterThan(form(sigma, decay).half);
          expect(form(sigma * 2, decay).skewPerUnit).toBeGreaterThan(form(sigma, decay).skewPerUnit);
          expect(form(sigma, decay).half).toBeGreaterThan(form(sigma, decay * 2).half);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
