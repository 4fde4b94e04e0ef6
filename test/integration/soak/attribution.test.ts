import { describe, expect, test } from 'vitest';
import { sumUp } from '../../../src/harness/measures/measures.ts';
import { costsOf } from '../../../src/reports/causes/costs.ts';
import type { Attribution } from '../../../src/reports/causes/held-back.ts';
import { markoutFigures } from '../../../src/reports/causes/markout-figures.ts';
import { attribution, sumsOf } from '../../support/bots/attribution.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

test.each(['1', '2', '3'])('parts of the PnL sum to the net of the ledger, and times to all of it: seed %s', async (seed) => {
  const wrong = (await sumsOf(seed)).filter(({ sum, whole }) => Math.abs(sum - whole) > 1e-9);
  expect(wrong).toEqual([]);
});

type Sets = Readonly<Record<string, string | number | boolean>>;

/** Runs settings for two minutes and returns what held the quotes back, worst first. Every change to try is one that can be made. */
async function heldBack(sets: Sets, profile?: string): Promise<Attribution['heldBack']> {
  const settings = settingsOf(profile, sets);
  const run = await virtualSoak({ settings, seed: '7', durationMs: 120_000 });
  const { heldBack: causes } = attribution(run, settings);
  const costs = costsOf(run.statistics, settings, []);
  for (const { change } of [...causes, ...costs]) settingsOf(profile, { ...sets, ...changesIn(change ?? '') });
  return causes;
}

/** What the `--set` of a text would set. */
function changesIn(text: string): Sets {
  return Object.fromEntries([...text.matchAll(/--set ([\w.]+)=([\w.]+)/g)].map(([, key = '', value = '']) => [key, value]));
}

/** The profile of a newcomer: three levels, 4 bps, 2,000 USD. */
const FIRST = {
  'quoting.levels': 3,
  'quoting.baseSpreadBps': 4,
  'quoting.feeFloor': false,
  'risk.maxPositionUsd': 2000,
  'risk.maxOrderUsd': 2000,
};

describe('what held quotes back', () => {
  test('hard inventory at a single order, with the change that cures it', async () => {
    const [worst] = await heldBack(FIRST);
    expect(worst).toMatchObject({ kind: 'guard', code: 'inventory_hard', settings: [{ key: 'risk.hardInventoryRatio' }, {}, {}] });
    expect(worst?.share).toBeGreaterThan(0.1);
    expect(worst?.change).toContain(
      '--set risk.hardInventoryRatio=0.5 --set risk.softInventoryRatio=0.3 --set thresholds.riskRatioP95=0.64',
    );
    const cured = await heldBack({ ...FIRST, 'risk.hardInventoryRatio': 0.5, 'risk.softInventoryRatio': 0.3 });
    // Some of it stays where the market runs away.
    const left = cured.find(({ code }) => code === 'inventory_hard')?.share ?? 0;
    expect(left).toBeLessThan((worst?.share ?? 0) / 2);
  });

  test.each<[string, Record<string, number>, string, string]>([
    ['an order below the smallest lot', { 'quoting.orderSizeUsd': 20 }, 'no_size', 'order_size'],
    ['fewer changes a minute than levels ask for', { 'quoting.levels': 4, 'quoting.replacesPerMinute': 20 }, 'late', 'replacesPerMinute'],
    ['answers that count as slow', { 'risk.softLatencyP95Ms': 2, 'risk.hardLatencyP95Ms': 4 }, 'hold', 'latency_hard'],
    ['no room for orders', { 'risk.maxOpenOrders': 1 }, 'denied', 'open_orders'],
  ])('%s', async (_, sets, kind, code) => {
    const [worst] = await heldBack(sets);
    expect(worst).toMatchObject({ kind, code });
    expect(worst?.settings[0]?.key).toBeDefined();
    expect(worst?.change).not.toBeNull();
  });
});

test('a profile that loses money is told what on, and changes that its other settings allow', async () => {
  const settings = settingsOf('s1');
  const { statistics } = await virtualSoak({ settings, seed: '7', durationMs: 120_000 });
  const totals = sumUp(statistics);
  const costs = costsOf(statistics, settings, []);
  expect(costs[0]).toMatchObject({ part: 'fees', usd: -totals.feesUsd });
  for (const { change } of costs) expect(() => settingsOf('s1', changesIn(change))).not.toThrow();
});

test('markouts have a curve for all fills, for each side and for each level', async () => {
  const { statistics } = await virtualSoak({ settings: settingsOf('s1'), seed: '7', durationMs: 120_000 });
  const { horizonsMs, curves } = markoutFigures([...statistics.symbols.values()]);
  const [all, buys, sells, ...levels] = curves;
  const counts = (curve: typeof all): number => curve?.figures[0]?.count ?? 0;
  expect(horizonsMs).toHaveLength(8);
  expect(counts(all)).toBeGreaterThan(5);
  expect(counts(buys) + counts(sells)).toBe(counts(all));
  expect(levels.reduce((sum, curve) => sum + counts(curve), 0)).toBe(counts(all));
  expect(levels.map(({ level }) => level)).toContain(0);
  expect(levels.map(({ level }) => level)).not.toContain(null);
});
