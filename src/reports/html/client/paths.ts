import uPlot from 'uplot';
import type { PlotLine } from '../plots.ts';
import { isFill } from './overlays.ts';

/** How uPlot draws a line of each shape; undefined: its default. */
export function pathOf(shape: PlotLine['shape']): uPlot.Series.PathBuilder | undefined {
  if (isFill(shape) || shape === 'note') return () => null;
  if (shape === 'bars' || shape === 'outline') return bins;
  if (shape === 'quotes' || shape === 'faint') return levels;
  if (shape === 'steps' || shape === 'area') return uPlot.paths.stepped?.({ align: 1 });
  return uPlot.paths.linear?.();
}

/** A histogram: each bin goes from its x to the next one, up from the bottom of the plot. */
function bins(u: uPlot, series: number, first: number, last: number): uPlot.Series.Paths {
  const [xs, counts] = [u.data[0], u.data[series] ?? []];
  const [stroke, fill] = [new Path2D(), new Path2D()];
  const floor = u.bbox.top + u.bbox.height;
  const topOf = (i: number): number => {
    const count = i < first || i > last ? null : counts[i];
    return count === null || count === undefined || count === 0 ? floor : u.valToPos(count, 'y', true);
  };
  for (let i = first; i < last; i += 1) {
    const [before, top, after] = [topOf(i - 1), topOf(i), topOf(i + 1)];
    if (top === floor) continue;
    const [left, right] = [u.valToPos(xs[i] ?? 1, 'x', true), u.valToPos(xs[i + 1] ?? 1, 'x', true)];
    fill.rect(left, top, Math.max(1, right - left - 1), floor - top);
    stroke.moveTo(left, before);
    stroke.lineTo(left, top);
    stroke.lineTo(right, top);
    if (after === floor) stroke.lineTo(right, floor);
  }
  return { stroke, fill };
}

/** A longer jump than this, px, is no move of an order: another order has become the best. */
const LONGEST_MOVE = 16;

/** Prices of orders: level, with a stroke between two of them only where it is short. Long strokes would hide the rest of the plot. */
function levels(u: uPlot, series: number, first: number, last: number): uPlot.Series.Paths {
  const [xs, prices] = [u.data[0], u.data[series] ?? []];
  const stroke = new Path2D();
  let before: number | undefined;
  for (let i = first; i <= last; i += 1) {
    const price = prices[i];
    if (price === null || price === undefined) {
      before = undefined;
      continue;
    }
    const [x, y] = [u.valToPos(xs[i] ?? 0, 'x', true), Math.round(u.valToPos(price, 'y', true))];
    const isMove = before !== undefined && Math.abs(y - before) <= LONGEST_MOVE * devicePixelRatio;
    if (isMove) stroke.lineTo(x, y);
    else stroke.moveTo(x, y);
    stroke.lineTo(u.valToPos(xs[i + 1] ?? xs[i] ?? 0, 'x', true), y);
    before = y;
  }
  return { stroke };
}
