import { rangeOf } from '../text/sparkline.ts';
import { escapeHtml } from './elements.ts';

/** A figure over time as a small drawing, which needs no script. */
export interface Trend {
  readonly title: string;
  readonly atMs: readonly number[];
  readonly values: readonly (number | null)[];
  readonly endMs: number;
  readonly text: (value: number) => string;
  /** Above zero is good and below it bad; without it, the line has no sides. */
  readonly hasSides: boolean;
}

const WIDTH = 1000;
const HEIGHT = 100;
const MOST_STEPS = 400;

/** An SVG of the width of the page; its text is HTML beside it, because the drawing is stretched. */
export function trendHtml(trend: Trend): string {
  const { title, text, hasSides } = trend;
  const points = thinned(trend);
  const [low, high] = rangeOf(trend);
  if (low === undefined || high === undefined) return '';
  const [bottom, top] = [Math.min(low, 0), Math.max(high, 0)];
  const y = (value: number): number => round(HEIGHT - ((value - bottom) / (top - bottom || 1)) * HEIGHT);
  const path = points.map(({ x, value }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y(value)}`).join('');
  const base = y(0);
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  const end = text(trend.values.findLast((value) => value !== null) ?? 0);
  const label = `${title}: ends at ${end}, lowest ${text(low)}, highest ${text(high)}`;
  return `<figure class="trend${hasSides ? ' sides' : ''}"><figcaption>${escapeHtml(title)}<small>low ${escapeHtml(text(low))} · high ${escapeHtml(text(high))} · end ${escapeHtml(end)}</small></figcaption>
<svg viewBox="0 -4 ${WIDTH} ${HEIGHT + 8}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">
<clipPath id="above"><rect width="${WIDTH}" y="-4" height="${round(base + 4)}"/></clipPath><clipPath id="below"><rect width="${WIDTH}" y="${base}" height="${HEIGHT + 8}"/></clipPath>
<path class="over" clip-path="url(#above)" d="${path}L${last} ${base}L${first} ${base}Z"/><path class="under" clip-path="url(#below)" d="${path}L${last} ${base}L${first} ${base}Z"/>
<path class="zero" d="M0 ${base}H${WIDTH}"/><path class="line" d="${path}"/></svg></figure>`;
}

interface Point {
  readonly x: number;
  readonly value: number;
}

/** At most two points for each step across, the lowest and the highest. */
function thinned({ atMs, values, endMs }: Trend): readonly Point[] {
  const steps: { low: Point; high: Point }[] = [];
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const share = Math.min(1, (atMs[i] ?? 0) / Math.max(1, endMs));
    const point = { x: round(share * WIDTH), value };
    const step = Math.floor(share * MOST_STEPS);
    const { low, high } = (steps[step] ??= { low: point, high: point });
    if (value < low.value) steps[step] = { low: point, high };
    else if (value > high.value) steps[step] = { low, high: point };
  }
  const pairs = steps.filter((step) => step !== undefined);
  return pairs.flatMap(({ low, high }) => (low === high ? [low] : low.x <= high.x ? [low, high] : [high, low]));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
