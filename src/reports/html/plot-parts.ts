import type { Gate } from '../../harness/measures/gates.ts';
import { BINS_PER_TENFOLD } from '../../util/histogram.ts';
import { pack } from './packed.ts';
import type { Plot, PlotColor, PlotLine } from './plots.ts';

/** Parts that the plots of several reports share. */

export type Figures = readonly (number | null)[];
export type Limits = Plot['limits'];

export const NO_LIMITS: Limits = [];

export function line(label: string, color: PlotColor, shape: PlotLine['shape'], digits: number, figures: Figures): PlotLine {
  return { label, color, shape, digits, y: pack(figures) };
}

/** Lines that are one in the legend. */
export function grouped(group: string, lines: readonly PlotLine[]): PlotLine[] {
  return lines.map((each) => ({ ...each, group }));
}

export function scaled(figures: Figures, factor: number): Figures {
  return figures.map((value) => (value === null ? null : Number((value * factor).toFixed(4))));
}

/** The bound of a gate, drawn in the plot of the figure that it judges. `factor` converts from the gate’s unit to the plot’s. */
export function limitOf({ bound, atMost }: Gate, color: PlotColor, what: string, factor = 1): Limits[number] {
  const value = bound * factor;
  return { value, color, text: `${what} ${atMost ? 'at most' : 'at least'} ${value}` };
}

/** Numbers of samples by latency, both on log axes. Each pair is where a bin begins and its count. */
export interface Bins {
  readonly label: string;
  readonly color: PlotColor;
  readonly bins: readonly (readonly [fromMs: number, count: number])[];
}

/** The first histogram is the one that `limits` are about. */
export function histogramPlot(all: readonly Bins[], limits: Limits): Plot {
  const starts = [...new Set(all.flatMap(({ bins }) => bins.map(([fromMs]) => binOf(fromMs))))];
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  const grid = starts.length === 0 ? [] : Array.from({ length: last - first + 2 }, (_, i) => first + i);
  const lines = all.map(({ label, color, bins }, index) => {
    const counts = new Map(bins.map(([fromMs, count]) => [binOf(fromMs), count]));
    return line(
      label,
      color,
      index === 0 ? 'bars' : 'outline',
      0,
      grid.map((bin) => counts.get(bin) ?? null),
    );
  });
  return {
    title: 'Latency histogram',
    unit: 'number of samples by ms',
    axis: 'log',
    scale: 'log',
    width: 'half',
    x: pack(grid.map((bin) => Number((10 ** (bin / BINS_PER_TENFOLD)).toPrecision(5)))),
    lines,
    limits: NO_LIMITS,
    posts: limits.map(({ value, text, color }) => ({ x: value, text, color })),
  };
}

function binOf(fromMs: number): number {
  return Math.round(Math.log10(fromMs) * BINS_PER_TENFOLD);
}

/** Quantiles of a latency over time, with the worst sample on top. */
export function quantileLines(quantiles: Readonly<Record<'samples' | 'p50' | 'p95' | 'p99' | 'max', Figures>>): PlotLine[] {
  return [
    line('worst', 'dim', 'dotted', 1, quantiles.max),
    line('p99', 'red', 'line', 1, quantiles.p99),
    line('p95', 'orange', 'line', 1, quantiles.p95),
    line('p50', 'blue', 'strong', 1, quantiles.p50),
    line('samples', 'dim', 'note', 0, quantiles.samples),
  ];
}

/** The distribution of a latency: pairs of a share of the samples and the ms that this share does not exceed. */
export interface Curve {
  readonly label: string;
  readonly color: PlotColor;
  readonly points: readonly (readonly [q: number, ms: number])[];
}

/** Latencies over their percentiles, each drawn up to its worst sample. The first curve is the one that the gates judge. */
export function distributionPlot(curves: readonly Curve[], limits: Limits): Plot {
  const shares = [...new Set(curves.flatMap(({ points }) => points.map(([q]) => q)))].sort((a, b) => a - b);
  const lines = curves.map(({ label, color, points }, index) => {
    const known = new Map(points);
    return line(
      label,
      color,
      index === 0 ? 'strong' : 'line',
      1,
      shares.map((q) => known.get(q) ?? null),
    );
  });
  return {
    title: 'Latency distribution',
    unit: 'ms not exceeded by this share of the samples',
    axis: 'share',
    scale: 'log',
    width: 'half',
    x: pack(shares.map((q) => Number((1 / (1 - q)).toFixed(4)))),
    lines,
    limits,
  };
}
