import { fixed } from '../text/format.ts';
import { escapeHtml } from './elements.ts';
import type { RichTable } from './rich-table.ts';
import { richTableHtml } from './rich-table.ts';
import { placeOn, type Scale } from './scale.ts';

/** A plot that is no time series: drawn in the report, as wide as the page, without a script. */
export interface Drawing {
  readonly title: string;
  readonly unit: string;
  /** What it shows, for those who cannot see it. */
  readonly description: string;
  readonly height: number;
  readonly x: readonly AxisText[];
  readonly xLabel: string;
  readonly y: Scale;
  /** SVG; its places are shares of the drawing, %. */
  readonly body: string;
  /** The same figures. */
  readonly data: RichTable;
  /** HTML below it: what its lines are. */
  readonly legend?: string;
}

export interface AxisText {
  readonly place: number;
  readonly text: string;
}

/** Its figures are beside it as a table, folded. */
export function drawingHtml({ title, unit, description, height, x, xLabel, y, body, data, legend = '' }: Drawing): string {
  const heights = y.ticks.map((tick) => ({ tick, place: 100 - placeOn(y, tick) }));
  const rows = heights.map(
    ({ tick, place }) =>
      `<line${Math.abs(tick) < 1e-9 ? ' class="zero"' : ''} x2="100%" y1="${place}%" y2="${place}%"/><text class="end" x="-8" y="${place}%" dy="4">${fixed(tick, y.digits)}</text>`,
  );
  const columns = x.map(
    ({ place, text }) => `<line x1="${place}%" x2="${place}%" y2="100%"/><text x="${place}%" y="100%" dy="18">${escapeHtml(text)}</text>`,
  );
  return `<figure class="plot drawn"><figcaption>${escapeHtml(title)}<small>${escapeHtml(unit)}</small></figcaption>
<div class="drawing" style="height:${height}px"><svg role="img" aria-label="${escapeHtml(description)}"><g class="grid">${rows.join('')}${columns.join('')}</g>
${body}</svg></div><p class="x-label">${escapeHtml(xLabel)}</p>${legend}
<details class="data"><summary>data<span class="hidden"> of ${escapeHtml(title)}</span></summary>${richTableHtml(data)}</details></figure>`;
}

/** A line between two points, in percent of the drawing: its thickness does not change with the width of the drawing. */
export function lineHtml(className: string, from: readonly [x: number, y: number], to: readonly [x: number, y: number]): string {
  return `<line class="${className}" x1="${from[0]}%" y1="${from[1]}%" x2="${to[0]}%" y2="${to[1]}%"/>`;
}
