import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src/config/fields.ts';
import { load } from '../../../src/config/load.ts';
import { configWarnings, type TradedSymbol } from '../../../src/config/warnings.ts';

type Sets = Readonly<Record<string, string | number | boolean>>;

const symbols = (count: number, smallestUsd = 65): readonly TradedSymbol[] =>
  Array.from({ length: count }, (_, i) => ({ symbol: `S${i}USDT`, smallestUsd, makerFeeBps: 2 }));
const BTC = symbols(1);

function settingsOf(sets: Sets, profile?: string): Settings {
  const assignments = Object.entries(sets).map(([key, value]) => `${key}=${value}`);
  return load({ env: {}, cwd: process.cwd() }, { profile, overrides: undefined, typed: { assignments, flags: [] } }).settings;
}

const codes = (sets: Sets, facts = BTC): readonly string[] => configWarnings(settingsOf(sets), facts).map(({ code }) => code);

/** What the options of a text would set. */
function changesIn(text: string): Sets {
  return Object.fromEntries([...text.matchAll(/--set ([\w.]+)=([\w.]+)/g)].map(([, key = '', value = '']) => [key, value]));
}

/** Settings that a warning is for. */
const ILL: readonly { readonly code: string; readonly sets: Sets; readonly facts?: readonly TradedSymbol[] }[] = [
  { code: 'fills_reach_hard', sets: { 'risk.maxPositionUsd': 2000, 'risk.maxOrderUsd': 2000 } },
  { code: 'order_too_small', sets: { 'quoting.orderSizeUsd': 20 } },
  { code: 'order_too_small', sets: { 'quoting.maxDeltaRatio': 0.001 } },
  { code: 'soft_size_too_small', sets: { 'quoting.orderSizeUsd': 100 } },
  { code: 'too_few_changes', sets: { 'quoting.levels': 4 } },
  { code: 'spread_below_fees', sets: { 'quoting.baseSpreadBps': 3, 'quoting.feeFloor': false } },
  { code: 'spread_below_floor', sets: { 'quoting.baseSpreadBps': 4 } },
  { code: 'gate_cannot_fail', sets: { 'thresholds.riskRatioP95': 0.4 } },
  { code: 'level_never_reached', sets: { 'risk.hardInventoryRatio': 1 } },
  { code: 'too_few_open_orders', sets: { 'quoting.levels': 4, 'risk.maxOpenOrders': 20 }, facts: symbols(3) },
  { code: 'too_little_open_notional', sets: { 'quoting.levels': 4, 'risk.maxOpenNotionalUsd': 3000 }, facts: symbols(3) },
  { code: 'book_age_short', sets: { 'risk.staleBookMs': 200 } },
  { code: 'latency_short', sets: { 'risk.softLatencyP95Ms': 2, 'risk.hardLatencyP95Ms': 4 } },
];

describe.each(ILL)('$code', ({ code, sets, facts = BTC }) => {
  test('is found, and no more after the change that it proposes', () => {
    const warning = configWarnings(settingsOf(sets), facts).find((each) => each.code === code);
    expect(warning).toMatchObject({ text: expect.any(String), change: expect.stringContaining('--set ') });
    const changed = changesIn(warning?.change ?? '');
    expect(Object.keys(changed).length).toBeGreaterThan(0);
    // The first of several alternatives.
    const single = changesIn((warning?.change ?? '').split(', or')[0] ?? '');
    expect(codes({ ...sets, ...single }, facts)).not.toContain(code);
  });
});

test('s1 is told that its changes are rationed and its fees exceed its spread', () => {
  const found = configWarnings(settingsOf({}, 's1'), BTC).map(({ code }) => code);
  expect(found).toEqual(['too_few_changes', 'spread_below_fees']);
});

test('a run with defaults is not warned about its own settings', () => {
  expect(configWarnings(settingsOf({}), BTC)).toEqual([]);
});

test.each(['s1', 'conservative'])('profile %s has a risk gate that can fail', (profile) => {
  expect(configWarnings(settingsOf({}, profile), BTC).map(({ code }) => code)).not.toContain('gate_cannot_fail');
});

test('what the exchange decides is not warned about before it was asked', () => {
  expect(codes({ 'quoting.orderSizeUsd': 20, 'quoting.baseSpreadBps': 1 }, [{ symbol: 'BTCUSDT' }])).toEqual([]);
});

test('every change that is proposed is one that can be made, whatever the other settings are', () => {
  const some = fc.record({
    'quoting.levels': fc.integer({ min: 1, max: 10 }),
    'quoting.orderSizeUsd': fc.integer({ min: 10, max: 2000 }),
    'quoting.baseSpreadBps': fc.integer({ min: 1, max: 60 }),
    'quoting.maxOrderAgeMs': fc.integer({ min: 100, max: 60_000 }),
    'quoting.replacesPerMinute': fc.integer({ min: 10, max: 600 }),
    'risk.maxOrderUsd': fc.constant(2000),
    'risk.maxPositionUsd': fc.integer({ min: 2000, max: 50_000 }),
    'risk.softInventoryRatio': fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
    'risk.hardInventoryRatio': fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
    'execution.opsPerSecond': fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 5, max: 3000 }), (sets, count, smallestUsd) => {
      fc.pre(sets['risk.softInventoryRatio'] <= sets['risk.hardInventoryRatio']);
      for (const { change } of configWarnings(settingsOf(sets), symbols(count, smallestUsd))) {
        const together = changesIn(change.split(', or')[0] ?? '');
        expect(() => settingsOf({ ...sets, ...together })).not.toThrow();
      }
    }),
    { numRuns: 200 },
  );
});
