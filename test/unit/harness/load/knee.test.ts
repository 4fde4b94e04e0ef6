import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findKnee, type KneeAnswer } from '../../../../src/harness/load/knee.ts';

const SEARCH = { least: 0.1, most: 50_000, precision: 0.05 };

describe('the search for the knee', () => {
  test('brackets the highest rate that holds within its precision, from wherever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.5, max: 20_000, noNaN: true }),
        fc.double({ min: 0.2, max: 5000, noNaN: true }),
        async (limit, first) => {
          const { lastGood = 0, firstBad = 0 } = await findKnee({
            ...SEARCH,
            first,
            run: (rate) => Promise.resolve({ isGood: rate <= limit, judged: true }),
          });
          expect(lastGood).toBeLessThanOrEqual(limit);
          expect(firstBad).toBeGreaterThan(limit);
          expect(firstBad).toBeLessThanOrEqual(lastGood * 1.05 + 1e-9);
        },
      ),
    );
  });

  test('says so when no rate holds, and when none breaks', async () => {
    const never = (): Promise<KneeAnswer> => Promise.resolve({ isGood: false, judged: true });
    expect(await findKnee({ ...SEARCH, first: 1, run: never })).toEqual({ lastGood: undefined, firstBad: 0.1 });
    const always = (): Promise<KneeAnswer> => Promise.resolve({ isGood: true, judged: true });
    expect(await findKnee({ ...SEARCH, first: 100, run: always })).toEqual({ lastGood: 50_000, firstBad: undefined });
  });

  test('confirms a rate that had too few samples, and goes lower when the longer look breaks it', async () => {
    const asked: [number, boolean][] = [];
    const knee = await findKnee({
      ...SEARCH,
      first: 8,
      run: (rate, confirm) => {
        asked.push([rate, confirm]);
        return Promise.resolve({ isGood: confirm ? rate < 8 : rate < 9, judged: confirm });
      },
    });
    expect(asked.filter(([, confirm]) => confirm).length).toBeGreaterThan(1);
    expect(knee.lastGood).toBeLessThan(8);
    expect(asked.at(-1)).toEqual([knee.lastGood, true]);
  });

  test('ends where it is when a run was ended', async () => {
    const rates: number[] = [];
    const run = (rate: number): Promise<KneeAnswer | undefined> => {
      rates.push(rate);
      return Promise.resolve(rates.length < 3 ? { isGood: true, judged: true } : undefined);
    };
    expect(await findKnee({ ...SEARCH, first: 1, run })).toEqual({ lastGood: 2, firstBad: undefined });
  });
});
