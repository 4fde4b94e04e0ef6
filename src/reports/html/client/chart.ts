import uPlot from 'uplot';
import { unpack } from '../packed.ts';
import type { Plot, PlotData, PlotLine } from '../plots.ts';
import { drawFills, drawLimits, drawMarks, isFill } from './overlays.ts';
import { figureText, percentileText, TIME_STEPS, timeText } from './text.ts';
import { colorOf } from './theme.ts';
import type { Zoom } from './zoom.ts';

const SYNC = 'run';
const TALL = 300;
const LOW = 200;
/** The same for all plots, so that their time axes line up. */
const AXIS_WIDTH = 66;
const SHARES = [1, 2, 4, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

export interface ChartParts {
  readonly plot: Plot;
  readonly data: PlotData;
  readonly zoom: Zoom;
  readonly host: HTMLElement;
  readonly onHover: (atMs: number | undefined) => void;
}

/** Draws a plot into `host`; the plot follows the width of the host. */
export function createChart(parts: ChartParts): uPlot {
  const { plot, host } = parts;
  const columns: uPlot.AlignedData = [unpack(plot.x).map((x) => x ?? 0), ...plot.lines.map(({ y }) => unpack(y))];
  return new uPlot(optionsOf(parts), columns, host);
}

function optionsOf({ plot, data, zoom, host, onHover }: ChartParts): uPlot.Options {
  const isTime = plot.axis === 'time';
  return {
    width: host.clientWidth,
    height: plot.width === 'full' ? TALL : LOW,
    scales: { x: xScale(plot, zoom), y: yScale(plot) },
    series: [{ label: isTime ? 'at' : 'share', value: (u, x) => xText(plot, u, x) }, ...plot.lines.map((line) => seriesOf(line, plot))],
    axes: [xAxis(plot), yAxis(plot)],
    legend: { markers: markersOf(plot) },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: isTime, y: false, setScale: false },
      dataIdx: (u, line, hovered) => nearbyFill(u, plot.lines[line - 1], line, hovered),
      ...(isTime ? { sync: { key: SYNC, scales: ['x', null] } } : {}),
    },
    hooks: {
      drawAxes: [(u) => isTime && drawMarks(u, data.marks, plot), (u) => drawFills(u, plot, false)],
      draw: [(u) => drawFills(u, plot, true), (u) => drawLimits(u, plot)],
      setSelect: [(u) => selected(u, zoom)],
      setCursor: [(u) => isTime && onHover(hoveredAt(u))],
    },
  };
}

/** Colors come from the style sheet, so that they change with it. */
function markersOf({ lines }: Plot): uPlot.Legend.Markers {
  return {
    width: 2,
    stroke: (_, index) => `var(--${lines[index - 1]?.color ?? 'ink'})`,
    dash: (_, index) => {
      const shape = lines[index - 1]?.shape ?? 'note';
      if (!isDrawn(shape)) return 'hidden';
      return shape === 'dashed' || shape === 'dotted' ? shape : 'solid';
    },
  };
}

function isDrawn(shape: PlotLine['shape']): boolean {
  return !isFill(shape) && shape !== 'note';
}

function xScale({ axis, x }: Plot, zoom: Zoom): uPlot.Scale {
  if (axis === 'time') return { time: false, range: () => [zoom.span.min, zoom.span.max] };
  const last = unpack(x).at(-1) ?? 10;
  return { time: false, distr: 3, range: () => [1, Math.max(10, last)] };
}

/** A log axis has room for the limits; on a linear axis they would squeeze the lines. */
function yScale({ scale, atLeast, limits }: Plot): uPlot.Scale {
  const bounds = [...(atLeast ?? []), ...(scale === 'log' ? limits.map(({ value }) => value) : [])];
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  if (scale === 'log') {
    const range: uPlot.Range.Function = (_, min, max) => [0.8 * Math.max(0.01, Math.min(min ?? low, low)), 2 * Math.max(max ?? high, high)];
    return { distr: 3, range };
  }
  return {
    range: (_, min, max) => {
      const [from, to] = [Math.min(min ?? low, low), Math.max(max ?? high, high)];
      if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
      if (from === to) return [from - (from === low ? 0 : 1), to + 1];
      const margin = (to - from) * 0.06;
      // A bound set by the plot needs no margin.
      return [from === low ? from : from - margin, to === high ? to : to + margin];
    },
  };
}

function seriesOf(line: PlotLine, { scale, axis }: Plot): uPlot.Series {
  const { label, color, shape, digits } = line;
  const { paths } = uPlot;
  const path = !isDrawn(shape) ? () => null : shape === 'steps' || shape === 'area' ? paths.stepped?.({ align: 1 }) : paths.linear?.();
  return {
    label,
    ...(path === undefined ? {} : { paths: path }),
    ...(shape === 'dashed' ? { dash: [6, 4] } : shape === 'dotted' ? { dash: [2, 3] } : {}),
    width: shape === 'strong' ? 2.2 : shape === 'area' ? 1 : 1.3,
    points: { show: false },
    stroke: () => colorOf(color),
    ...(shape === 'area' ? { fill: () => `${colorOf(color)}33`, fillTo: () => (scale === 'log' ? 0.01 : 0) } : {}),
    // Each latency of a distribution has its own x values, and few of them where it has few samples.
    spanGaps: axis === 'share',
    // With no pointer over the plot: the value at the end; for fills and distributions the last one that exists.
    value: (u, value, index, at) => {
      const column = u.data[index] ?? [];
      const end = isFill(shape) || axis === 'share' ? lastOf(column) : column[column.length - 1];
      return figureText(at === null ? end : value, digits);
    },
  };
}

function xAxis({ axis }: Plot): uPlot.Axis {
  const common = { ...axisColors(), size: 28 };
  if (axis === 'time')
    return { ...common, incrs: TIME_STEPS, space: 72, values: (_, splits, __, ___, step) => splits.map((ms) => timeText(ms, step)) };
  return {
    ...common,
    splits: (u) => SHARES.filter((n) => n <= (u.scales['x']?.max ?? 10)),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map(percentileText),
  };
}

function yAxis({ scale, lines }: Plot): uPlot.Axis {
  const digits = Math.max(...lines.map((line) => line.digits));
  const common = { ...axisColors(), size: AXIS_WIDTH };
  if (scale === 'linear')
    return { ...common, values: (_, splits, __, ___, step) => splits.map((value) => figureText(value, decimalsFor(step, digits))) };
  return {
    ...common,
    splits: (_, __, min, max) => logSteps(min, max),
    filter: (_, splits) => splits.map((value) => (splits.length <= MOST_LABELS || isTenfold(value) ? value : null)),
    values: (_, splits) => splits.map((value) => (value === null ? '' : figureText(value, decimalsFor(value, 2)))),
  };
}

const MOST_LABELS = 7;

/** 1, 2 and 5 times each power of ten. */
function logSteps(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const tenfolds = Array.from({ length: Math.ceil(Math.log10(max)) - first + 1 }, (_, i) => first + i);
  return tenfolds
    .flatMap((power) => [1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(1))))
    .filter((value) => value >= min && value <= max);
}

function axisColors(): uPlot.Axis {
  const grid = { stroke: () => colorOf('rule'), width: 1 };
  return { stroke: () => colorOf('dim'), grid, ticks: { ...grid, size: 4 }, font: '11px system-ui, sans-serif' };
}

/** As many decimals as the step between two labels needs: 0.025 has three. */
function decimalsFor(step: number, most: number): number {
  const isExact = (decimals: number): boolean => Math.abs(step - Number(step.toFixed(decimals))) < step * 1e-6;
  const needed = Array.from({ length: 9 }, (_, decimals) => decimals).find(isExact) ?? 8;
  return Math.min(needed, Math.max(most, 3));
}

function isTenfold(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

function xText({ axis }: Plot, u: uPlot, x: number | null): string {
  if (axis === 'share') return x === null ? 'worst' : percentileText(x);
  const { min = 0, max = 0 } = u.scales['x'] ?? {};
  return x === null ? 'the end' : timeText(x, max - min < 60_000 ? 100 : 1000);
}

function lastOf(column: ArrayLike<number | null | undefined>): number | null | undefined {
  return Array.from(column).findLast((value) => value !== null && value !== undefined);
}

const NEAR_PX = 8;

/** A fill is an instant: shows the fill closest to the pointer, if it is near enough. */
function nearbyFill(u: uPlot, line: PlotLine | undefined, index: number, hovered: number): number {
  if (line === undefined || !isFill(line.shape)) return hovered;
  const x = u.valToPos(u.data[0][hovered] ?? 0, 'x');
  const isNear = (i: number): boolean => Math.abs(u.valToPos(u.data[0][i] ?? Infinity, 'x') - x) <= NEAR_PX;
  for (let by = 0; isNear(hovered - by) || isNear(hovered + by); by += 1) {
    for (const i of [hovered - by, hovered + by]) if (isNear(i) && typeof u.data[index]?.[i] === 'number') return i;
  }
  return hovered;
}

function selected(u: uPlot, zoom: Zoom): void {
  const { left, width } = u.select;
  if (width === 0) return;
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width > 4) zoom.show({ min: u.posToVal(left, 'x'), max: u.posToVal(left + width, 'x') });
}

function hoveredAt(u: uPlot): number | undefined {
  const { left = -1 } = u.cursor;
  return left < 0 ? undefined : u.posToVal(left, 'x');
}
