import { halfWidth, HORIZONS_MS, joined, type Cell, type MarkoutCells } from '../../harness/measures/markouts.ts';
import type { SymbolTally } from '../../harness/soak/symbol-tally.ts';
import { fixed, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';

/** The mid some time after fills, relative to their prices, in bps; positive is in our favor. Null where no fill is old enough. */
export interface MarkoutFigure {
  readonly count: number;
  readonly bps: number | null;
  /** Half the width of the 95 % interval of the mean, as if fills were independent. */
  readonly halfWidthBps: number | null;
}

/** One curve: a figure for each horizon. `level` and `side` are null in the curve of all fills; `level` also where it is not known. */
export interface MarkoutCurve {
  readonly group: 'all' | 'side' | 'level';
  readonly side: 'buy' | 'sell' | null;
  readonly level: number | null;
  readonly figures: readonly MarkoutFigure[];
}

export interface MarkoutFigures {
  readonly horizonsMs: readonly number[];
  readonly curves: readonly MarkoutCurve[];
}

export function markoutFigures(tallies: readonly SymbolTally[]): MarkoutFigures {
  const groups = tallies.flatMap(({ markouts }) => markouts.groups());
  const curve = (terms: Pick<MarkoutCurve, 'group' | 'side' | 'level'>, isIn: (group: MarkoutCells) => boolean): MarkoutCurve => ({
    ...terms,
    figures: HORIZONS_MS.map((_, i) => figureOf(groups.filter(isIn).map(({ cells }) => cells[i]))),
  });
  const levels = [...new Set(groups.map(({ level }) => level))].sort((a = Infinity, b = Infinity) => a - b);
  return {
    horizonsMs: HORIZONS_MS,
    curves: [
      curve({ group: 'all', side: null, level: null }, () => true),
      ...(['buy', 'sell'] as const).map((side) => curve({ group: 'side', side, level: null }, (group) => group.side === side)),
      ...levels.map((level) => curve({ group: 'level', side: null, level: level ?? null }, (group) => group.level === level)),
    ],
  };
}

function figureOf(cells: readonly (Cell | undefined)[]): MarkoutFigure {
  const sum = cells.reduce<Cell>((total, cell) => (cell === undefined ? total : joined(total, cell)), { count: 0, mean: 0, squares: 0 });
  return { count: sum.count, bps: sum.count === 0 ? null : sum.mean, halfWidthBps: halfWidth(sum) ?? null };
}

/** Undefined without fills. */
export function markoutTable({ horizonsMs, curves }: MarkoutFigures): Table | undefined {
  if (curves.every(({ figures }) => figures.every(({ count }) => count === 0))) return undefined;
  return {
    title: 'Markout: mid after a fill relative to its price, bps, with 95 % interval',
    head: ['fills', ...horizonsMs.map((ms) => `${ms / 1000} s`)],
    rows: curves.map((curve) => [nameOf(curve), ...curve.figures.map(figureText)]),
  };
}

function nameOf({ group, side, level }: MarkoutCurve): string {
  if (group === 'all') return 'all';
  if (group === 'side') return side === 'buy' ? 'buys' : 'sells';
  return level === null ? 'level not known' : `level ${level + 1}`;
}

function figureText({ bps, halfWidthBps }: MarkoutFigure): string {
  return halfWidthBps === null ? signed(bps) : `${signed(bps)} ±${fixed(halfWidthBps)}`;
}
