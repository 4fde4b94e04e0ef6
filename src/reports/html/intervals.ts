import type { Interval } from '../../statistics/sample.ts';
import { fixed } from '../text/format.ts';
import { placeOn, type Scale } from './scale.ts';

/**
 * Values with their intervals, drawn in a cell of a table: rows with the same scale are one plot. Places are shares of the width of the
 * cell, so that it needs no script and fits a phone. The figures are in the next cell: the drawing is not read out.
 */

/** `best`: a filled diamond; `rival`: a filled circle; `left`: a hollow circle. */
export type Shape = 'best' | 'rival' | 'left';

export interface Mark {
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly shape: Shape;
  /** A second value of the same row, above or below the other. */
  readonly line?: 'upper' | 'lower';
}

const HEIGHTS = { upper: '30%', lower: '70%', middle: '50%' } as const;

export function intervalsHtml(scale: Scale, marks: readonly Mark[]): string {
  return `<svg class="interval" aria-hidden="true">${gridHtml(scale)}${marks.map((mark) => markHtml(scale, mark)).join('')}</svg>`;
}

/** For the head of the column. */
export function axisHtml(scale: Scale): string {
  const texts = scale.ticks.map((tick) => {
    const x = placeOn(scale, tick);
    return `<text x="${x}%" y="11"${x < 6 ? ' class="first"' : x > 94 ? ' class="last"' : ''}>${fixed(tick, scale.digits)}</text>`;
  });
  return `<svg class="axis" aria-hidden="true">${texts.join('')}</svg>`;
}

function gridHtml(scale: Scale): string {
  return scale.ticks
    .map((tick) => placeOn(scale, tick))
    .map((x, i) => `<line${Math.abs(scale.ticks[i] ?? 0) < 1e-9 ? ' class="zero"' : ''} x1="${x}%" x2="${x}%" y2="100%"/>`)
    .join('');
}

function markHtml(scale: Scale, { value, interval, shape, line }: Mark): string {
  if (value === null) return '';
  const y = HEIGHTS[line ?? 'middle'];
  const at = placeOn(scale, value);
  const [from, to] = interval === null ? [at, at] : [placeOn(scale, interval[0]), placeOn(scale, interval[1])];
  const [start, end] = [Math.min(100, Math.max(0, from)), Math.min(100, Math.max(0, to))];
  return [
    `<g class="${shape}${line === 'lower' ? ' second' : ''}">`,
    start === end ? '' : `<line x1="${start}%" x2="${end}%" y1="${y}" y2="${y}"/>`,
    from < 0 ? pointed('0%', y, 'M7-4L0 0L7 4') : '',
    to > 100 ? pointed('100%', y, 'M-7-4L0 0L-7 4') : '',
    at < 0 || at > 100 ? '' : shapeHtml(shape, `${at}%`, y),
    '</g>',
  ].join('');
}

/** It goes on beyond the end of the plot. */
export function pointed(x: string, y: string, path: string): string {
  return `<svg x="${x}" y="${y}"><path class="beyond" d="${path}"/></svg>`;
}

export function shapeHtml(shape: Shape, x: string, y: string): string {
  if (shape === 'best') return `<svg x="${x}" y="${y}"><path class="shape" d="M0-7L7 0L0 7L-7 0Z"/></svg>`;
  return `<circle class="shape" cx="${x}" cy="${y}" r="4.5"/>`;
}
