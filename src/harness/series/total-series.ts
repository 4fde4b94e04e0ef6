import { RangeColumn } from './columns.ts';
import { rounded } from './rounded.ts';
import { Timeline } from './timeline.ts';

/** As often as the totals are sampled. */
const INTERVAL_MS = 1000;
const MOST = 1024;

const NAMES = ['netUsd', 'spreadUsd', 'adverseUsd', 'feesUsd', 'fundingUsd', 'grossPositionUsd'] as const;

export type Totals = Readonly<Record<(typeof NAMES)[number], number>>;
type Figures = readonly (number | null)[];

/** Totals over all symbols, two instants per interval as in `SymbolColumns`; the last instant is the end of the run. */
export interface TotalColumns extends Readonly<Record<keyof Totals, Figures>> {
  readonly intervalMs: number;
  readonly atMs: readonly number[];
}

/** PnL and positions of all symbols together, by interval. */
export class TotalSeries {
  readonly #columns = new Map(NAMES.map((name) => [name, new RangeColumn(MOST)]));
  readonly #timeline = new Timeline(INTERVAL_MS, MOST, [...this.#columns.values()]);

  add(totals: Totals, atMs: number): void {
    const slot = this.#timeline.slotAt(atMs);
    for (const [name, column] of this.#columns) column.add(slot, totals[name]);
  }

  /** `last`: the values at `endMs`. */
  columns(last: Totals, endMs: number): TotalColumns {
    const { intervalMs, starts } = this.#timeline;
    const column = (name: keyof Totals): Figures => {
      const pairs = starts.flatMap((_, slot) => this.#columns.get(name)?.pair(slot) ?? [Number.NaN, Number.NaN]);
      return [...pairs, last[name]].map((value) => rounded(value, 4));
    };
    return {
      intervalMs,
      atMs: [...starts.flatMap((start) => [start, start + intervalMs / 2]).map((atMs) => Math.min(atMs, endMs)), endMs],
      netUsd: column('netUsd'),
      spreadUsd: column('spreadUsd'),
      adverseUsd: column('adverseUsd'),
      feesUsd: column('feesUsd'),
      fundingUsd: column('fundingUsd'),
      grossPositionUsd: column('grossPositionUsd'),
    };
  }
}
