import { expect, test } from 'vitest';
import { ppm } from '../../../src/model/units.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const TIGHT = { 'quoting.baseSpreadBps': 1 };

/** The least distance of a quote from fair value in any turn, bps. */
async function nearest(makerPpm: number, sets: Readonly<Record<string, string | number | boolean>> = {}): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const run = await virtualSoak({
    settings: settingsOf(undefined, { ...TIGHT, ...sets }),
    fees: { maker: ppm(makerPpm), taker: ppm(550) },
    seed: 'floor',
    durationMs: 20_000,
    onEvent: (event) => {
      if (event.type !== 'turn') return;
      const { fairValueTicks: fair = Number.NaN, quotes } = event.explanation;
      for (const { price } of quotes) least = Math.min(least, (Math.abs(price - fair) / fair) * 10_000);
    },
  });
  expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
  return least;
}

test('quotes keep the fees of the account and the margin from fair value, unless that is switched off', async () => {
  expect(await nearest(200)).toBeGreaterThanOrEqual(2.5 - 1e-4);
  expect(await nearest(150, { 'quoting.feeMarginBps': 0.1 })).toBeCloseTo(1.6, 1);
  expect(await nearest(-50)).toBeLessThan(0.6);
  expect(await nearest(200, { 'quoting.feeFloor': false })).toBeLessThan(0.6);
});

test('the oracle sees quotes below the floor', async () => {
  const settings = settingsOf(undefined, { ...TIGHT, 'quoting.feeFloor': false });
  const { invariants } = await virtualSoak({ settings, promised: settingsOf(undefined, TIGHT), seed: 'floor', durationMs: 5000 });
  expect(invariants.filter(({ holds }) => !holds).map(({ id }) => id)).toEqual(['I23']);
});
