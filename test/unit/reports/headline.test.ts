import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { trendHtml } from '../../../src/reports/html/trend.ts';
import { soakHtml } from '../../../src/reports/soak/soak-html.ts';
import { soakReport } from '../../../src/reports/soak/soak-report.ts';
import { LONG_ORIGIN, longSoak } from '../../support/bots/long-soak.ts';

test('the first screen of a soak names what failed, the net edge with its interval, the largest position and the drawdown', async () => {
  const report = soakReport(await longSoak(1, ['BTCUSDT']), LONG_ORIGIN, resolve({}));
  const header = /<header[\s\S]*<\/header>/.exec(soakHtml(report))?.[0] ?? '';
  const [low, high] = report.pnl.netEdgeIntervalBps ?? [0, 0];
  expect(low).toBeLessThan(report.pnl.netEdgeBps ?? 0);
  expect(high).toBeGreaterThan(report.pnl.netEdgeBps ?? 0);
  for (const gate of report.gates.filter(({ status }) => status === 'fail')) expect(header).toContain(`<strong>${gate.name}</strong>`);
  expect(header).toContain(`95 %: ${low.toFixed(2)} to`);
  expect(header).toContain(`${report.symbols[0]?.largestPosition} coins`);
});

test('of many failures the first few are named, so that the figures stay on the first screen', async () => {
  const run = await longSoak(1, ['BTCUSDT']);
  const broken = Array.from({ length: 20 }, (_, i) => ({
    id: 'I8',
    name: `rule ${i}`,
    sources: [],
    found: 'x',
    holds: false,
    lookedAt: true,
  }));
  const report = soakReport({ ...run, invariants: broken }, LONG_ORIGIN, resolve({}));
  const [, list = ''] = /<ul class="failed"[^>]*>([\s\S]*?)<\/ul>/.exec(soakHtml(report)) ?? [];
  const gates = report.gates.filter(({ status }) => status === 'fail').length;
  expect(list.match(/<li>/g)).toHaveLength(6);
  expect(list).toContain('rule 4');
  expect(list).not.toContain('rule 5');
  expect(list).toContain(`${15 + gates} more, in the tables below`);
});

test('drawdown and largest position are those of the sampled run', async () => {
  const { pnl, series, symbols } = soakReport(await longSoak(1, ['BTCUSDT']), LONG_ORIGIN, resolve({}));
  let [high, drawdown] = [0, 0];
  // The last value is the one at the end, after the last sample.
  for (const net of series.total.netUsd.slice(0, -1)) {
    high = Math.max(high, net ?? high);
    drawdown = Math.max(drawdown, high - (net ?? high));
  }
  expect(pnl.drawdownUsd).toBeCloseTo(drawdown, 2);
  const positions = series.symbols[0]?.position ?? [];
  expect(symbols[0]?.largestPosition).toBe(Math.max(...positions.map((coins) => Math.abs(coins ?? 0))));
});

test('a trend of any number of values keeps the lowest and the highest, and has few points', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 5000 });
  fc.assert(
    fc.property(values, (all) => {
      const atMs = all.map((_, i) => i);
      const html = trendHtml({ title: 'net', atMs, values: all, endMs: all.length, text: String, hasSides: true });
      const path = /class="line" d="([^"]*)"/.exec(html)?.[1] ?? '';
      const heights = [...path.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
      const [bottom, top] = [Math.min(0, ...all), Math.max(0, ...all)];
      const y = (value: number): number => 100 - ((value - bottom) / (top - bottom || 1)) * 100;
      expect(Math.min(...heights)).toBeCloseTo(y(Math.max(...all)), 0);
      expect(Math.max(...heights)).toBeCloseTo(y(Math.min(...all)), 0);
      expect(heights.length).toBeLessThanOrEqual(802);
    }),
    { numRuns: 50 },
  );
});
