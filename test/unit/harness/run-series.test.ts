import { expect, test } from 'vitest';
import { MemorySamples } from '../../../src/harness/memory-samples.ts';
import { RunSeries } from '../../../src/harness/run-series.ts';

const point = (atMs: number) => ({
  atMs,
  mid: 1,
  bid: undefined,
  ask: undefined,
  position: 0,
  spreadUsd: 0,
  grossUsd: 0,
  feesUsd: 0,
  fundingUsd: 0,
  riskRatio: 0,
});

test('a series of any length stays bounded, evenly spaced, and keeps its beginning', () => {
  const series = new RunSeries();
  for (let second = 0; second < 100_000; second += 1) {
    series.add(point(second * 1000));
    series.addFill({ atMs: second, price: 1, side: 'buy' });
  }
  expect(series.points.length).toBeGreaterThan(600);
  expect(series.points.length).toBeLessThanOrEqual(1200);
  expect(series.fills.length).toBeLessThanOrEqual(2000);
  const gaps = new Set(series.points.slice(1).map(({ atMs }, i) => atMs - (series.points[i]?.atMs ?? 0)));
  expect(gaps.size).toBe(1);
  expect(series.points[0]?.atMs).toBe(0);
});

test('memory slope is the growth per hour after the warm-up', () => {
  const memory = new MemorySamples();
  for (let second = 0; second < 3600; second += 1)
    memory.add(second * 1000, (second < 60 ? 500 : 100 + (second / 3600) * 25) * 1024 * 1024);
  expect(memory.slope).toBeCloseTo(25, 6);
  expect(memory.peakMb).toBe(500);
  expect(new MemorySamples().slope).toBeUndefined();
});
