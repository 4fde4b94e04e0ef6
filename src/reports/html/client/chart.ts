import uPlot from 'uplot';
import { unpack } from '../packed.ts';
import type { Plot, PlotData, PlotLine } from '../plots.ts';
import { xAxis, xScale, yAxis, yScale } from './axes.ts';
import { Legend } from './legend.ts';
import { drawBands, drawFills, drawLimits, drawMarks, drawPin, drawPosts, isFill } from './overlays.ts';
import { pathOf } from './paths.ts';
import type { Pin } from './pin.ts';
import { colorOf } from './theme.ts';
import type { Zoom } from './zoom.ts';

const SYNC = 'run';
const TALL = 300;
const LOW = 200;

export interface ChartParts {
  readonly plot: Plot;
  readonly data: PlotData;
  readonly zoom: Zoom;
  readonly pin: Pin;
  readonly host: HTMLElement;
  readonly onHover: (atMs: number | undefined) => void;
}

/** A drawn plot with its data as they are. */
export interface Chart {
  readonly plot: Plot;
  readonly u: uPlot;
  readonly legend: Legend;
}

/** Draws a plot into `host`, with its legend behind it; the plot follows the width of the host. */
export function createChart(parts: ChartParts): Chart {
  const { plot, pin, host } = parts;
  const columns: uPlot.AlignedData = [unpack(plot.x).map((x) => x ?? 0), ...plot.lines.map(({ y }) => unpack(y))];
  const legend = new Legend(plot, pin, host);
  const u = new uPlot(optionsOf(parts, legend), columns, host);
  legend.bind(u);
  return { plot, u, legend };
}

function optionsOf({ plot, data, zoom, pin, host, onHover }: ChartParts, legend: Legend): uPlot.Options {
  const isTime = plot.axis === 'time';
  return {
    width: host.clientWidth,
    height: plot.width === 'full' ? TALL : LOW,
    scales: { x: xScale(plot, zoom), y: yScale(plot) },
    series: [{}, ...plot.lines.map((line) => seriesOf(line, plot))],
    axes: [xAxis(plot), yAxis(plot)],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: isTime, y: false, setScale: false },
      dataIdx: (u, line, hovered) => nearbyFill(u, plot.lines[line - 1], line, hovered),
      ...(isTime ? { sync: { key: SYNC, scales: ['x', null] } } : {}),
    },
    hooks: {
      drawAxes: [(u) => drawBands(u, plot), (u) => isTime && drawMarks(u, data.marks, plot), (u) => drawFills(u, plot, false)],
      draw: [(u) => drawFills(u, plot, true), (u) => drawLimits(u, plot), (u) => drawPosts(u, plot), (u) => isTime && drawPin(u, pin.atMs)],
      setSelect: [(u) => selected(u, zoom)],
      setLegend: [(u) => legend.show(u)],
      setCursor: [(u) => isTime && onHover(hoveredAt(u))],
      ready: [(u) => isTime && listenToClicks(u, zoom, pin)],
    },
  };
}

function seriesOf(line: PlotLine, { scale, axis }: Plot): uPlot.Series {
  const { label, color, shape } = line;
  const path = pathOf(shape);
  const filled = shape === 'area' ? '33' : shape === 'bars' ? '66' : undefined;
  return {
    label,
    ...(path === undefined ? {} : { paths: path }),
    ...(shape === 'dashed' ? { dash: [6, 4] } : shape === 'dotted' ? { dash: [2, 3] } : {}),
    width: shape === 'strong' ? 2.2 : shape === 'area' || shape === 'faint' ? 1 : 1.3,
    auto: shape !== 'note',
    points: { show: shape === 'points', size: 6, fill: () => colorOf(color) },
    stroke: () => `${colorOf(color)}${shape === 'faint' ? '73' : ''}`,
    ...(filled === undefined ? {} : { fill: () => `${colorOf(color)}${filled}`, fillTo: () => (scale === 'log' ? 0.01 : 0) }),
    // Each latency of a distribution has its own x values, and few of them where it has few samples.
    spanGaps: axis === 'share' || shape === 'points',
  };
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

/** A click pins the instant; a drag has moved in between. */
function listenToClicks(u: uPlot, zoom: Zoom, pin: Pin): void {
  let downAt = 0;
  u.over.addEventListener('pointerdown', ({ clientX }) => (downAt = clientX));
  u.over.addEventListener('click', ({ clientX, detail }) => {
    if (detail === 1 && Math.abs(clientX - downAt) <= 4) pin.set(u.posToVal(clientX - u.over.getBoundingClientRect().left, 'x'));
  });
  u.over.addEventListener('dblclick', () => {
    pin.clear();
    zoom.showAll();
  });
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
