import { unpack } from '../packed.ts';
import type { Plot, PlotBand, PlotLine } from '../plots.ts';
import { figureText, percentileText, timeText } from './text.ts';

type Column = ArrayLike<number | null | undefined>;

/** The text of a line at an index; without one, at the end. */
export function valueText({ digits }: PlotLine, axis: Plot['axis'], column: Column, index: number | null | undefined): string {
  if (typeof index === 'number') return figureText(column[index], digits);
  if (axis === 'log') return '';
  return figureText(column[column.length - 1], digits);
}

/** The text of an x value; without one, of the end. `spanMs`: what a time axis shows. */
export function xText(axis: Plot['axis'], x: number | undefined, spanMs: number): string {
  if (axis === 'share') return x === undefined ? 'worst' : percentileText(x);
  if (axis === 'log') return x === undefined ? '' : figureText(x, 2);
  return x === undefined ? 'the end' : timeText(x, spanMs < 60_000 ? 100 : 1000);
}

/** The share of a band at an instant, in per cent. */
export function bandText({ x, share, intervalMs }: PlotBand, atMs: number): string {
  const starts = unpack(x);
  const index = starts.findLastIndex((start) => start !== null && start <= atMs && atMs < start + intervalMs);
  const value = unpack(share)[index];
  return value === null || value === undefined ? '–' : `${figureText(100 * value, 0)} %`;
}

/** Index of the last x up to an instant. */
export function indexAt(xs: ArrayLike<number>, atMs: number): number {
  return Math.max(
    0,
    Array.from(xs).findLastIndex((x) => x <= atMs),
  );
}
