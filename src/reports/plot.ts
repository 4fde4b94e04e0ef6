/** A time series plot as inline SVG: no script, no request, readable in both colour schemes. */

export interface PlotLine {
  readonly label: string;
  /** A CSS class that the page colours. */
  readonly style: string;
  /** `undefined` breaks the line. Stepped lines hold their value until the next point. */
  readonly points: readonly { readonly x: number; readonly y: number | undefined }[];
  readonly stepped?: boolean;
}

export interface PlotDots {
  readonly label: string;
  readonly style: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly PlotLine[];
  readonly dots?: readonly PlotDots[];
  /** Vertical marks. */
  readonly marks?: readonly { readonly x: number; readonly text: string }[];
  readonly digits: number;
}

const WIDTH = 960;
const HEIGHT = 220;
const LEFT = 78;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;

/** `xMax`: the right end, ms; the axis shows elapsed time. Empty when there is nothing to draw. */
export function plotSvg(plot: Plot, xMax: number): string {
  const range = rangeOf(plot);
  if (range === undefined || xMax <= 0) return '';
  const x = (value: number): number => LEFT + (value / xMax) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => TOP + ((range.high - value) / (range.high - range.low)) * (HEIGHT - TOP - BOTTOM);
  const scale: Scale = { x, y };
  const legend = [...plot.lines, ...(plot.dots ?? [])].map(({ label, style }) => `<span class="key ${style}">${label}</span>`).join('');
  return [
    `<figure><figcaption><b>${escapeHtml(plot.title)}</b> <small>${escapeHtml(plot.unit)}</small>${legend}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(plot.title)}">`,
    ...gridLines(range, plot.digits, scale, xMax),
    ...(plot.marks ?? []).map(
      (mark) =>
        `<line class="mark" x1="${r(x(mark.x))}" x2="${r(x(mark.x))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"><title>${escapeHtml(mark.text)}</title></line>`,
    ),
    ...dots(plot, scale),
    ...plot.lines.map((line) => `<path class="${line.style}" d="${pathOf(line, scale)}"/>`),
    '</svg></figure>',
  ].join('\n');
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function rangeOf({ lines, dots = [] }: Plot): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points } of [...lines, ...dots]) {
    for (const { y } of points) {
      if (y === undefined) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (low > high) return undefined;
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return { low: low - margin, high: high + margin };
}

function pathOf({ points, stepped = false }: PlotLine, { x, y }: Scale): string {
  let isBroken = true;
  let path = '';
  for (const point of points) {
    if (point.y === undefined) {
      isBroken = true;
      continue;
    }
    const [px, py] = [r(x(point.x)), r(y(point.y))];
    path += isBroken ? `M${px} ${py}` : stepped ? `H${px}V${py}` : `L${px} ${py}`;
    isBroken = false;
  }
  return path;
}

/** Under the lines; when there are many they are faint, so that density shows. */
function dots({ dots: groups = [] }: Plot, { x, y }: Scale): string[] {
  const count = groups.reduce((sum, { points }) => sum + points.length, 0);
  const opacity = count > 300 ? 0.35 : 0.9;
  return groups.flatMap(({ points, style }) =>
    points.map((point) => `<circle class="${style}" r="2" opacity="${opacity}" cx="${r(x(point.x))}" cy="${r(y(point.y))}"/>`),
  );
}

function gridLines(range: Range, digits: number, { x, y }: Scale, xMax: number): string[] {
  const xs = [0, 1, 2, 3, 4].map((i) => (xMax * i) / 4);
  return [
    ...roundValues(range).map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${r(y(value))}" y2="${r(y(value))}"/><text x="${LEFT - 6}" y="${r(y(value) + 4)}" text-anchor="end">${value.toFixed(digits)}</text>`,
    ),
    ...xs.map(
      (value, i) =>
        `<text x="${r(x(value))}" y="${HEIGHT - 6}" text-anchor="${i === 0 ? 'start' : i === 4 ? 'end' : 'middle'}">${clockText(value)}</text>`,
    ),
  ];
}

/** Four or so values to label, multiples of 1, 2 or 5 times a power of ten. */
function roundValues({ low, high }: Range): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function clockText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A tenth of a unit is finer than any screen. */
function r(value: number): string {
  return String(Math.round(value * 10) / 10);
}
