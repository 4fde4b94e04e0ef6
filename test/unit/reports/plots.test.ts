import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { histogramPlot } from '../../../src/reports/html/plot-parts.ts';
import { unpack } from '../../../src/reports/html/packed.ts';
import type { Plot, PlotData } from '../../../src/reports/html/plots.ts';
import { withoutExplainAt } from '../../../src/reports/soak/explain-command.ts';
import { soakInstants, soakPlots } from '../../../src/reports/soak/soak-plots.ts';
import { soakReport, type SoakReport } from '../../../src/reports/soak/soak-report.ts';
import { Histogram } from '../../../src/util/histogram.ts';
import { LONG_ORIGIN, longSoak } from '../../support/bots/long-soak.ts';

describe('a histogram of latencies', () => {
  const histogram = new Histogram();
  for (const ms of [0, 1, 1, 1.05, 2, 100]) histogram.record(ms);

  test('counts each value once, in bins that are 12 % wide', () => {
    const bins = histogram.bins();
    expect(bins.reduce((sum, [, count]) => sum + count, 0)).toBe(6);
    expect(bins.map(([fromMs, count]) => [Number(fromMs.toPrecision(3)), count])).toEqual([
      [0.001, 1],
      [1, 3],
      [2, 1],
      [100, 1],
    ]);
  });

  test('is drawn with every bin between the lowest and the highest, empty ones too', () => {
    const { x, lines } = histogramPlot([{ label: 'order', color: 'blue', bins: histogram.bins().slice(1) }], []);
    const [starts, counts] = [unpack(x), lines[0] === undefined ? [] : unpack(lines[0].y)];
    // From 1 to 100 ms, and where the last bin ends.
    expect([starts[0], starts.length]).toEqual([1, 2 * 20 + 2]);
    expect(counts.filter((count) => count !== null)).toEqual([3, 1, 1]);
    expect([counts[0], counts[40], counts[41]]).toEqual([3, 1, null]);
  });
});

const plotsOf = (report: SoakReport): PlotData => soakPlots(report, soakInstants(report));

describe('the plots of a soak', async () => {
  const of = async (symbols: readonly string[]) => soakReport(await longSoak(1, symbols), LONG_ORIGIN, resolve({}));
  const [one, two] = await Promise.all([of(['BTCUSDT']), of(['BTCUSDT', 'ETHUSDT'])]);
  const plot = (plots: readonly Plot[] = [], title: string): Plot | undefined => plots.find((each) => each.title === title);

  test('of several symbols begin with their sum', () => {
    expect(plotsOf(one).groups.map(({ title }) => title)).toEqual(['BTCUSDT', 'The run as a whole']);
    const { groups } = plotsOf(two);
    expect(groups.map(({ title }) => title)).toEqual(['All symbols', 'BTCUSDT', 'ETHUSDT', 'The run as a whole']);
    const net = plot(groups[0]?.plots, 'PnL of all symbols and its components')?.lines.find(({ label }) => label === 'net');
    expect(unpack(net?.y ?? { decimals: 0, steps: [] }).at(-1)).toBeCloseTo(
      two.symbols.reduce((sum, { netUsd }) => sum + netUsd, 0),
      3,
    );
  });

  test('have the orders behind the best ones as one name of the legend', () => {
    const lines = plot(plotsOf(one).groups[0]?.plots, 'Price, own quotes and fills')?.lines ?? [];
    const behind = lines.filter(({ group }) => group === 'orders behind').map(({ label }) => label);
    expect(behind).toEqual(['bid 2', 'bid 3', 'bid 4', 'ask 2', 'ask 3', 'ask 4']);
  });

  test('show the position in USDT with SOFT, HARD and the maximum of both signs, and the time at SOFT', () => {
    const { limits = [], lines = [], bands = [] } = plot(plotsOf(one).groups[0]?.plots, 'Position') ?? {};
    expect(limits.map(({ text }) => text)).toEqual([
      'SOFT 1,200',
      'SOFT -1,200',
      'HARD 2,000',
      'HARD -2,000',
      'maximum 20,000',
      'maximum -20,000',
    ]);
    const [first] = one.series.symbols;
    const at = (first?.position ?? []).findIndex((coins) => coins !== null && coins !== 0);
    const usd = unpack(lines[0]?.y ?? { decimals: 0, steps: [] })[at];
    expect(usd).toBeCloseTo((first?.position[at] ?? 0) * (first?.mid[at] ?? 0), 1);
    expect(bands.map(({ label }) => label)).toEqual(['inventory SOFT']);
    const shares = unpack(bands[0]?.share ?? { decimals: 0, steps: [] });
    // A quarter of the made-up turns.
    expect(shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) / shares.length).toBeCloseTo(0.25, 1);
  });

  test('name the command of a decision once', () => {
    const repeat = 'mmbot soak --clock virtual --duration 24h --seed long';
    expect(plotsOf(one).instants.explain).toBe(`${repeat} --explain-at`);
    expect(withoutExplainAt('mmbot soak --explain-at 1:35 --seed 7 --explain-at=0:01')).toBe('mmbot soak --seed 7');
  });
});
