import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemorySamples } from '../../../src/harness/measures/memory-samples.ts';
import { LatencyColumn, RangeColumn, SumColumn } from '../../../src/harness/series/columns.ts';
import { RunSeries } from '../../../src/harness/series/run-series.ts';
import { SymbolSeries, type Observation } from '../../../src/harness/series/symbol-series.ts';
import { Timeline } from '../../../src/harness/series/timeline.ts';

const DAY_MS = 86_400_000;

const NOTHING: Observation = {
  mid: undefined,
  bid: undefined,
  ask: undefined,
  position: 0,
  spreadUsd: 0,
  adverseUsd: 0,
  feesUsd: 0,
  fundingUsd: 0,
  netUsd: 0,
  riskRatio: undefined,
};

/** Events as [gap to the one before, value]. */
const events = fc.array(fc.tuple(fc.double({ min: 0, max: 5000, noNaN: true }), fc.integer({ min: -1000, max: 1000 })), {
  minLength: 1,
  maxLength: 300,
});

describe('a timeline', () => {
  test('of any length stays within its slots, and each holds exactly what happened in its interval', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 20 }), (gaps, most) => {
        const range = new RangeColumn(most);
        const sum = new SumColumn(most);
        const timeline = new Timeline(100, most, [range, sum]);
        let now = 0;
        const seen = gaps.map(([gap, value]) => {
          now += gap;
          const slot = timeline.slotAt(now);
          range.add(slot, value);
          sum.add(slot, value);
          return { at: now, value };
        });
        const { starts, intervalMs } = timeline;
        expect(starts.length).toBeLessThanOrEqual(most);
        for (const [slot, start] of starts.entries()) {
          const values = seen.filter(({ at }) => at >= start && at < start + intervalMs).map(({ value }) => value);
          expect(sum.sum(slot)).toBe(values.reduce((total, value) => total + value, 0));
          const [low, high] = [Math.min(...values), Math.max(...values)];
          const pair = range.pair(slot);
          expect([...pair].sort((a, b) => a - b)).toEqual([low, high]);
          // In the order in which they came: some low of the interval precedes some high, or the other way round.
          const inOrder = values.some((value, i) => value === pair[0] && values.slice(i).includes(pair[1]));
          expect(inOrder).toBe(true);
        }
        const covered = seen.filter(({ at }) => starts.some((start) => at >= start && at < start + intervalMs));
        expect(covered).toHaveLength(seen.length);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps latency quantiles within two per cent when intervals join', () => {
    const column = new LatencyColumn(4);
    const timeline = new Timeline(1000, 4, [column]);
    const all = Array.from({ length: 4000 }, (_, i) => 0.5 + ((i * 7919) % 4000) / 8);
    for (const [i, ms] of all.entries()) column.add(timeline.slotAt(i * 10), ms);
    const sorted = all.slice().sort((a, b) => a - b);
    const merged = new LatencyColumn(1);
    for (const ms of all) merged.add(0, ms);
    for (const q of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
      expect(Math.abs((merged.quantile(0, q) ?? 0) / exact - 1)).toBeLessThan(0.02);
    }
    expect(timeline.starts.reduce((sum, _, slot) => sum + column.count(slot), 0)).toBe(all.length);
    expect(Math.max(...timeline.starts.map((_, slot) => column.max(slot) ?? 0))).toBe(Math.max(...all));
    expect(new LatencyColumn(1).quantile(0, 0.5)).toBeUndefined();
  });
});

describe('the series of a day', () => {
  test('are bounded and lose no spike of a second', () => {
    const series = new SymbolSeries();
    for (let atMs = 0; atMs < DAY_MS; atMs += 1000) {
      const mid = atMs === 50_000_000 ? 90_000 : 95_000 + (atMs % 7);
      series.observe({ ...NOTHING, mid }, atMs);
      if (atMs % 10_000 === 0) series.addFill(atMs % 20_000 === 0 ? 'buy' : 'sell', mid, atMs);
      series.addQuoting({ isTwoSided: atMs < DAY_MS / 2, inventory: atMs < DAY_MS / 4 ? 'soft' : 'hard' }, 1000, atMs);
      series.addOrders('asks', atMs === 60_000_000 ? [mid, mid + 3, mid + 500] : [mid, mid + 3], atMs);
    }
    const { atMs, mid, bought, sold, quoting, backBids, backAsks } = series.columns('BTCUSDT', { ...NOTHING, mid: 95_001 }, DAY_MS);
    expect(atMs.length).toBeLessThanOrEqual(2 * 2048 + 1);
    expect(atMs.length).toBeGreaterThan(2048);
    expect(mid).toHaveLength(atMs.length);
    expect(atMs.every((at, i) => i === 0 || at >= (atMs[i - 1] ?? 0))).toBe(true);
    expect(mid.filter((value) => value === 90_000)).toHaveLength(1);
    expect(mid.at(-1)).toBe(95_001);
    expect(bought).toContain(90_000);
    expect(sold.some((value) => value !== null)).toBe(true);
    const [first, last] = [quoting.share[10], quoting.share.at(-1)];
    expect([first, last]).toEqual([1, 0]);
    expect([quoting.inventorySoft[10], quoting.inventoryHard[10]]).toEqual([1, 0]);
    expect([quoting.inventorySoft.at(-1), quoting.inventoryHard.at(-1)]).toEqual([0, 1]);
    // The best order of a side is in its own column; a side or a place that never had an order has none.
    expect([backBids.length, backAsks.length]).toEqual([0, 2]);
    expect(backAsks[0]).toHaveLength(atMs.length);
    expect(backAsks[1]?.filter((price) => price !== null)).toEqual([95_500 + (60_000_000 % 7), 95_500 + (60_000_000 % 7)]);
  });

  test('count rates a second, also in the shorter interval at the end', () => {
    const series = new RunSeries();
    for (let atMs = 0; atMs < 5000; atMs += 100) series.count('placed', atMs);
    const { atMs, perSecond, memoryMb, latencyMs } = series.columns(5000);
    expect(atMs).toEqual([0, 2000, 4000]);
    expect(perSecond.placed).toEqual([10, 10, 10]);
    expect(latencyMs.p50).toEqual([null, null, null]);
    expect(memoryMb).toBeNull();
  });
});

test('memory slope is the growth per hour after the warm-up', () => {
  const memory = new MemorySamples();
  for (let second = 0; second < 3600; second += 1)
    memory.add(second * 1000, (second < 60 ? 500 : 100 + (second / 3600) * 25) * 1024 * 1024);
  expect(memory.slope).toBeCloseTo(25, 6);
  expect(memory.peakMb).toBe(500);
  expect(new MemorySamples().slope).toBeUndefined();
});
