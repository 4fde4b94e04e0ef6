import { sign, type Side } from '../../model/order.ts';
import { LaterMid } from './later-mid.ts';

/** Times after a fill at which its price is compared with the mid, ms. */
export const HORIZONS_MS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000] as const;

/** A fill, to be compared with later mids. */
export interface Marked {
  readonly atMs: number;
  readonly side: Side;
  readonly level: number | undefined;
  /** Ticks. */
  readonly price: number;
}

/** Mean of the fills of one side and level at one horizon. */
export interface Cell {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly squares: number;
}

export interface MarkoutCells {
  readonly side: Side;
  /** Undefined when the level of the order is not known. */
  readonly level: number | undefined;
  /** One for each horizon. */
  readonly cells: readonly Cell[];
}

const EMPTY: Cell = { count: 0, mean: 0, squares: 0 };

/**
 * How the mid stood some time after each fill, relative to the price of the fill, in bps; positive is in our favor. A fill whose time has not
 * come when the run ends does not count.
 */
export class Markouts {
  readonly #groups = new Map<string, { readonly side: Side; readonly level: number | undefined; readonly cells: Cell[] }>();
  readonly #horizons = HORIZONS_MS.map((ms, i) => new LaterMid<Marked>(ms, (fill, mid) => this.#add(fill, i, mid)));

  filled(fill: Marked): void {
    for (const horizon of this.#horizons) horizon.add(fill);
  }

  /** Called with every new mid, ticks, in the order of time. */
  moved(mid: number, atMs: number): void {
    for (const horizon of this.#horizons) horizon.moved(mid, atMs);
  }

  /** By side and level, the levels that are not known last. */
  groups(): readonly MarkoutCells[] {
    const rank = ({ side, level = Infinity }: MarkoutCells): number => (side === 'buy' ? 0 : 1e6) + Math.min(level, 1e5);
    return [...this.#groups.values()].sort((a, b) => rank(a) - rank(b));
  }

  #add({ side, level, price }: Marked, horizon: number, mid: number): void {
    const key = `${side} ${level ?? ''}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { side, level, cells: HORIZONS_MS.map(() => EMPTY) }));
    group.cells[horizon] = withValue(group.cells[horizon] ?? EMPTY, ((sign(side) * (mid - price)) / price) * 10_000);
  }
}

function withValue({ count, mean, squares }: Cell, value: number): Cell {
  const next = mean + (value - mean) / (count + 1);
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

/** The cell of both groups together. */
export function joined(a: Cell, b: Cell): Cell {
  const count = a.count + b.count;
  if (count === 0) return EMPTY;
  const gap = b.mean - a.mean;
  return { count, mean: a.mean + (gap * b.count) / count, squares: a.squares + b.squares + (gap * gap * a.count * b.count) / count };
}

/** Half the width of the 95 % interval of the mean, as if fills were independent; undefined with fewer than two. */
export function halfWidth({ count, squares }: Cell): number | undefined {
  return count < 2 ? undefined : 1.96 * Math.sqrt(squares / (count - 1) / count);
}
