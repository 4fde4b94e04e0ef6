import { stripVTControlCharacters } from 'node:util';
import { longestPart, WAYS, widthOf } from './words.ts';

/** How a table with borders fits into a terminal: the columns of the text in each of its columns, and of the space beside the borders. */
export interface Fit {
  readonly widths: readonly number[];
  readonly padding: number;
}

/** A narrower column of sentences is hard to read. */
const READABLE = 16;
/** Longest figure, such as `13.49 – 14.17 ms`; longer texts that begin with a digit are sentences. */
const FIGURE = 20;

/**
 * The widths of the columns of `lines` in a table of at most `columns`: as wide as their texts if these fit, otherwise the widest columns of
 * text are narrowed. Undefined when that leaves no room for readable text.
 */
export function fit(lines: readonly (readonly string[])[], columns: number): Fit | undefined {
  const natural = widest(lines, widthOf);
  const gentle = WAYS.map((way) => widest(lines, (cell) => leastWidth(cell, way)));
  const harsh = widest(lines, (cell) => (isFigure(cell) ? widthOf(cell) : Math.min(READABLE, leastWidth(cell, 0))));
  for (const least of [...gentle, harsh]) {
    for (const padding of [1, 0]) {
      // A border beside each column, and one more.
      const widths = narrowed(natural, least, columns - natural.length * (2 * padding + 1) - 1);
      if (widths !== undefined) return { widths, padding };
    }
  }
  return undefined;
}

/** A table of some of the columns of another one. */
export interface Part extends Fit {
  readonly columns: readonly number[];
}

/** As many columns of `lines` beside each other as have room with each row on one line; then the others, again after the first one. */
export function partsOfTable(lines: readonly (readonly string[])[], columns: number): readonly Part[] {
  const [first = 0, ...others] = widest(lines, widthOf);
  const groups: number[][] = [];
  for (const [i, width] of others.entries()) {
    const last = groups.at(-1);
    const used = (last ?? []).reduce((sum, column) => sum + (others[column - 1] ?? 0) + 1, first + 2);
    if (last !== undefined && used + width + 1 <= columns) last.push(i + 1);
    else groups.push([i + 1]);
  }
  return groups.map((group) => {
    const widths = [first, ...group.map((column) => others[column - 1] ?? 0)];
    const isRoomy = widths.reduce((sum, width) => sum + width + 3, 1) <= columns;
    return { columns: [0, ...group], widths, padding: isRoomy ? 1 : 0 };
  });
}

/** A figure stays on one line, with its unit. */
function isFigure(cell: string): boolean {
  return /^([≤≥] |[-+])?\d/.test(stripVTControlCharacters(cell)) && widthOf(cell) <= FIGURE;
}

/** Wide enough to read, when words are broken in this way. */
function leastWidth(cell: string, way: number): number {
  const width = widthOf(cell);
  return isFigure(cell) ? width : Math.max(longestPart(cell, way), Math.min(READABLE, Math.ceil(width / 2)));
}

function widest(lines: readonly (readonly string[])[], columnsOf: (cell: string) => number): readonly number[] {
  const [head = []] = lines;
  return head.map((_, i) => Math.max(1, ...lines.map((cells) => columnsOf(cells[i] ?? ''))));
}

/** Narrows the widest of the columns that are wider than `least`, until the sum is `room`. Undefined when that is not possible. */
function narrowed(natural: readonly number[], least: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...natural];
  for (let excess = widths.reduce((sum, width) => sum + width, -room); excess > 0; excess -= 1) {
    const spare = widths.map((width, i) => (width > (least[i] ?? width) ? width : 0));
    const at = spare.indexOf(Math.max(...spare));
    const width = spare[at] ?? 0;
    if (width === 0) return undefined;
    widths[at] = width - 1;
  }
  return widths;
}
