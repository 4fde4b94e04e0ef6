import type uPlot from 'uplot';
import { unpack } from '../packed.ts';
import type { Plot, PlotLine, PlotMark } from '../plots.ts';
import { colorOf } from './theme.ts';

const MARK_COLORS = { freeze: 'red', fault: 'amber', stream: 'purple', book: 'purple', decision: 'blue' } as const;

/** With more marks of one kind than this, they are drawn as a strip at the top instead of bands, which would hide the plot. */
const MOST_BANDS = 40;
const STRIP_PX = 5;

/**
 * Draws the marks behind the lines: a band for an interval, a hairline for an instant. Full-width plots also show their names where there
 * is room.
 */
export function drawMarks(u: uPlot, marks: readonly PlotMark[], { width }: Plot): void {
  const { left, width: across } = u.bbox;
  const [from, to] = [u.posToVal(left, 'x', true), u.posToVal(left + across, 'x', true)];
  const shown = marks.filter(({ fromMs, toMs }) => toMs >= from && fromMs <= to);
  const isMany = (kind: PlotMark['kind']): boolean => shown.filter((mark) => mark.kind === kind).length > MOST_BANDS;
  const strips = new Set(shown.map(({ kind }) => kind).filter(isMany));
  inside(u, () => {
    for (const mark of shown) drawMark(u, mark, strips.has(mark.kind));
    if (width === 'full')
      nameMarks(
        u,
        shown.filter(({ kind }) => !strips.has(kind)),
      );
  });
}

function drawMark(u: uPlot, { fromMs, toMs, kind }: PlotMark, isStrip: boolean): void {
  const { ctx, bbox } = u;
  const hairline = Math.max(1, devicePixelRatio);
  const [left, right] = [u.valToPos(fromMs, 'x', true), u.valToPos(toMs, 'x', true)];
  const height = isStrip ? STRIP_PX * devicePixelRatio : bbox.height;
  ctx.fillStyle = colorOf(MARK_COLORS[kind]);
  ctx.globalAlpha = isStrip ? 0.75 : 0.16;
  ctx.fillRect(left, bbox.top, Math.max(hairline, right - left), height);
  ctx.globalAlpha = 0.75;
  if (!isStrip) ctx.fillRect(left, bbox.top, hairline, height);
  ctx.globalAlpha = 1;
}

/** Names freezes first, because a freeze ends the quoting and the other marks only disturb it. */
function nameMarks(u: uPlot, marks: readonly PlotMark[]): void {
  const { ctx, bbox } = u;
  const gap = 6 * devicePixelRatio;
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  const taken: (readonly [number, number])[] = [];
  for (const { fromMs, kind, text } of marks.toSorted((a, b) => Number(b.kind === 'freeze') - Number(a.kind === 'freeze'))) {
    const start = Math.max(u.valToPos(fromMs, 'x', true), bbox.left) + gap / 2;
    const end = start + ctx.measureText(text).width;
    const isFree = end <= bbox.left + bbox.width && taken.every(([from, to]) => end + gap < from || start > to + gap);
    if (!isFree) continue;
    taken.push([start, end]);
    ctx.fillStyle = colorOf(MARK_COLORS[kind]);
    ctx.fillText(text, start, bbox.top + (STRIP_PX + 2) * devicePixelRatio);
  }
}

/** Shades the time of each state behind the lines. */
export function drawBands(u: uPlot, { bands = [] }: Plot): void {
  const { ctx, bbox } = u;
  inside(u, () => {
    for (const { color, x, share, intervalMs } of bands) {
      const shares = unpack(share);
      ctx.fillStyle = colorOf(color);
      for (const [i, start] of unpack(x).entries()) {
        if (start === null || (shares[i] ?? 0) === 0) continue;
        const [left, right] = [u.valToPos(start, 'x', true), u.valToPos(start + intervalMs, 'x', true)];
        ctx.globalAlpha = 0.3 * (shares[i] ?? 0);
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
      }
    }
    ctx.globalAlpha = 1;
  });
}

/**
 * Draws the limits as dashed lines with the name at the right: below the line, but above it for the highest one, which may be close to the
 * next. A limit beyond the axis is named at the edge.
 */
export function drawLimits(u: uPlot, { limits }: Plot): void {
  const { ctx, bbox } = u;
  const { min = 0, max = 0 } = u.scales['y'] ?? {};
  const right = bbox.left + bbox.width - 4 * devicePixelRatio;
  inside(u, () => {
    ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
    for (const { value, text, color } of limits) {
      ctx.fillStyle = colorOf(color);
      const isAbove = value > max;
      if (isAbove || value < min) {
        ctx.textAlign = 'left';
        ctx.textBaseline = isAbove ? 'top' : 'bottom';
        const [left, edge] = [bbox.left + 4 * devicePixelRatio, isAbove ? bbox.top + 3 : bbox.top + bbox.height - 3];
        ctx.fillText(`${isAbove ? '↑' : '↓'} ${text}`, left, edge);
        continue;
      }
      ctx.textAlign = 'right';
      const y = u.valToPos(value, 'y', true);
      dashedLine(u, color, [bbox.left, y], [bbox.left + bbox.width, y]);
      const isOuter = limits.length > 1 && limits.every((other) => other.value <= value || other.value > max);
      ctx.textBaseline = isOuter ? 'bottom' : 'top';
      ctx.fillText(text, right, y + (isOuter ? -2 : 3) * devicePixelRatio);
    }
  });
}

/** Draws vertical lines with their names, one below the other: the first on the left of its line, the others on the right if there is room. */
export function drawPosts(u: uPlot, { posts = [] }: Plot): void {
  const { ctx, bbox } = u;
  const { min = 0, max = 0 } = u.scales['x'] ?? {};
  const gap = 5 * devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  for (const [i, { x, text, color }] of posts.entries()) {
    if (x < min || x > max) continue;
    const left = u.valToPos(x, 'x', true);
    dashedLine(u, color, [left, bbox.top], [left, bbox.top + bbox.height]);
    const isLeft = i === 0 || left + gap + ctx.measureText(text).width > bbox.left + bbox.width;
    ctx.textAlign = isLeft ? 'right' : 'left';
    ctx.fillStyle = colorOf(color);
    ctx.fillText(text, isLeft ? left - gap : left + gap, bbox.top + (3 + 14 * i) * devicePixelRatio);
  }
  ctx.restore();
}

export function drawPin(u: uPlot, atMs: number | undefined): void {
  if (atMs === undefined) return;
  const { ctx, bbox } = u;
  const x = u.valToPos(atMs, 'x', true);
  inside(u, () => {
    ctx.fillStyle = colorOf('ink');
    ctx.fillRect(x - devicePixelRatio / 2, bbox.top, devicePixelRatio, bbox.height);
    ctx.beginPath();
    ctx.arc(x, bbox.top, 4 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  });
}

type Point = readonly [x: number, y: number];

function dashedLine({ ctx }: uPlot, color: Parameters<typeof colorOf>[0], from: Point, to: Point): void {
  ctx.strokeStyle = colorOf(color);
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** More triangles than this would hide the lines. */
const MANY = 300;

/** Draws fills as triangles: up for a buy, down for a sell. Few triangles go over the lines, many go under them. */
export function drawFills(u: uPlot, { lines }: Plot, isOver: boolean): void {
  const { ctx } = u;
  const { min = 0, max = 0 } = u.scales['x'] ?? {};
  const [first, last] = [u.valToIdx(min), u.valToIdx(max)];
  inside(u, () => {
    for (const [index, { shape, color }] of lines.entries()) {
      if (!isFill(shape) || u.series[index + 1]?.show !== true) continue;
      const prices = u.data[index + 1] ?? [];
      const shown = prices.slice(first, last + 1).filter((price) => price !== null && price !== undefined).length;
      if (shown > MANY === isOver) continue;
      const size = (shown > 1000 ? 1.8 : shown > MANY ? 3 : 4.5) * devicePixelRatio;
      ctx.fillStyle = colorOf(color);
      ctx.strokeStyle = colorOf('page');
      ctx.lineWidth = devicePixelRatio / 2;
      for (let i = first; i <= last; i += 1) {
        const price = prices[i];
        if (price === null || price === undefined) continue;
        triangle(ctx, u.valToPos(u.data[0][i] ?? 0, 'x', true), u.valToPos(price, 'y', true), shape === 'buys' ? size : -size);
      }
    }
  });
}

export function isFill(shape: PlotLine['shape']): boolean {
  return shape === 'buys' || shape === 'sells';
}

/** `size` below zero points down. */
function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x - Math.abs(size), y + size * 0.8);
  ctx.lineTo(x + Math.abs(size), y + size * 0.8);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

function inside({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}
