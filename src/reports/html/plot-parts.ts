import type { Gate } from '../../harness/measures/gates.ts';
import { pack } from './packed.ts';
import type { Plot, PlotColor, PlotLine } from './plots.ts';

/** Parts that the plots of several reports share. */

export type Figures = readonly (number | null)[];
export type Limits = Plot['limits'];

export const NO_LIMITS: Limits = [];

export function line(label: string, color: PlotColor, shape: PlotLine['shape'], digits: number, figures: Figures): PlotLine {
  return { label, color, shape, digits, y: pack(figures) };
}

export function scaled(figures: Figures, factor: number): Figures {
  return figures.map((value) => (value === null ? null : Number((value * factor).toFixed(4))));
}

/** The bound of a gate, drawn in the plot of the figure that it judges. `factor` converts from the gate’s unit to the plot’s. */
export function limitOf({ bound, atMost }: Gate, color: PlotColor, what: string, factor = 1): Limits[number] {
  const value = bound * factor;
  return { value, color, text: `${what} ${atMost ? 'at most' : 'at least'} ${value}` };
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
