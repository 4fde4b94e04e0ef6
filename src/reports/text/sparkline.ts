/** Values over time, for a plot in text; null and NaN are gaps. */
export interface Trace {
  readonly atMs: readonly number[];
  readonly values: readonly (number | null)[];
}

const BARS = '▁▂▃▄▅▆▇█';

/** `width` characters from 0 to `endMs`. Each shows the last value in its interval, or else the last one before it. */
export function sparkline(trace: Trace, endMs: number, width: number): string {
  const cells = cellsOf(trace, endMs, width);
  const [low, high] = rangeOf(trace);
  return cells.map((value) => (value === undefined ? ' ' : barOf(value, low, high))).join('');
}

/** Lowest and highest value; undefined without values. */
export function rangeOf({ values }: Trace): readonly [number, number] | readonly [undefined, undefined] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [undefined, undefined] : [low, high];
}

/** A `×` for each interval in which something happened. */
export function markLine(instantsMs: readonly number[], endMs: number, width: number): string {
  const cells = new Set(instantsMs.map((atMs) => cellAt(atMs, endMs, width)));
  return Array.from({ length: width }, (_, cell) => (cells.has(cell) ? '×' : '·')).join('');
}

function cellsOf({ atMs, values }: Trace, endMs: number, width: number): (number | undefined)[] {
  const cells = Array.from<number | undefined>({ length: width });
  let filled = -1;
  let last: number | undefined;
  for (const [i, at] of atMs.entries()) {
    const cell = cellAt(at, endMs, width);
    for (let held = filled + 1; held < cell; held += 1) cells[held] = last;
    const value = values[i] ?? Number.NaN;
    last = Number.isNaN(value) ? (cell === filled ? last : undefined) : value;
    cells[cell] = last;
    filled = cell;
  }
  return cells;
}

function cellAt(atMs: number, endMs: number, width: number): number {
  return Math.max(0, Math.min(width - 1, Math.floor((atMs / Math.max(endMs, 1)) * width)));
}

function barOf(value: number, low = value, high = value): string {
  const share = high === low ? 0 : (value - low) / (high - low);
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? ' ';
}
