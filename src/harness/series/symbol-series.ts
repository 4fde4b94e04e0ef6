import { RangeColumn, SumColumn } from './columns.ts';
import { rounded } from './rounded.ts';
import { Timeline } from './timeline.ts';

/** Fine enough for a plot as wide as a screen to show what happened within a second of a short run. */
const INTERVAL_MS = 250;
const MOST = 2048;
const SHARE_INTERVAL_MS = 2000;
const MOST_SHARES = 720;

const FOLLOWED = ['mid', 'bid', 'ask', 'position', 'spreadUsd', 'adverseUsd', 'feesUsd', 'fundingUsd', 'netUsd', 'riskRatio'] as const;
const COLUMNS = [...FOLLOWED, 'bought', 'sold'] as const;

type Followed = (typeof FOLLOWED)[number];
type Figures = readonly (number | null)[];

/** Values at a turn; undefined: no value at the moment. */
export type Observation = Readonly<Record<Followed, number | undefined>>;

/**
 * One symbol over time, in columns as long as `atMs`. Two instants per interval: of each figure the lowest and the highest value
 * in the order in which they occurred, so that no extreme is lost. The last instant is the end of the run.
 */
export interface SymbolColumns extends Readonly<Record<(typeof COLUMNS)[number], Figures>> {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly atMs: readonly number[];
  /** The share of each interval in which both a bid and an ask of ours rested. */
  readonly quoting: { readonly atMs: readonly number[]; readonly share: Figures };
}

/** One figure over time. */
export interface Trace {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

/** The figures of one symbol, by interval. */
export class SymbolSeries {
  readonly #columns = new Map(COLUMNS.map((name) => [name, new RangeColumn(MOST)]));
  readonly #timeline = new Timeline(INTERVAL_MS, MOST, [...this.#columns.values()]);
  readonly #observedMs = new SumColumn(MOST_SHARES);
  readonly #twoSidedMs = new SumColumn(MOST_SHARES);
  readonly #shares = new Timeline(SHARE_INTERVAL_MS, MOST_SHARES, [this.#observedMs, this.#twoSidedMs]);

  observe(observation: Observation, atMs: number): void {
    const slot = this.#timeline.slotAt(atMs);
    for (const name of FOLLOWED) {
      const value = observation[name];
      if (value !== undefined) this.#columns.get(name)?.add(slot, value);
    }
  }

  addFill(side: 'buy' | 'sell', price: number, atMs: number): void {
    this.#columns.get(side === 'buy' ? 'bought' : 'sold')?.add(this.#timeline.slotAt(atMs), price);
  }

  /** The state that held for `ms` until `atMs`. */
  addQuoting(isTwoSided: boolean, ms: number, atMs: number): void {
    const slot = this.#shares.slotAt(atMs);
    this.#observedMs.add(slot, ms);
    if (isTwoSided) this.#twoSidedMs.add(slot, ms);
  }

  /** Values so far; NaN where there was none. */
  trace(name: Followed): Trace {
    const { starts } = this.#timeline;
    return { atMs: starts, values: starts.map((_, slot) => this.#columns.get(name)?.pair(slot)[1] ?? Number.NaN) };
  }

  /** `last`: the values at `endMs`. */
  columns(symbol: string, last: Observation, endMs: number): SymbolColumns {
    const { intervalMs, starts } = this.#timeline;
    const pairs = (name: (typeof COLUMNS)[number]): (readonly [number, number])[] =>
      starts.map((_, slot) => this.#columns.get(name)?.pair(slot) ?? [Number.NaN, Number.NaN]);
    const followed = (name: Followed, digits: number): Figures =>
      [...pairs(name).flat(), last[name]].map((value) => rounded(value, digits));
    // A single fill is one dot.
    const fills = (name: 'bought' | 'sold'): Figures =>
      [...pairs(name).flatMap(([one, two]) => [one, two === one ? undefined : two]), undefined].map((value) => rounded(value, 8));
    return {
      symbol,
      intervalMs,
      atMs: [...starts.flatMap((start) => [start, start + intervalMs / 2]).map((atMs) => Math.min(atMs, endMs)), endMs],
      mid: followed('mid', 8),
      bid: followed('bid', 8),
      ask: followed('ask', 8),
      bought: fills('bought'),
      sold: fills('sold'),
      position: followed('position', 8),
      spreadUsd: followed('spreadUsd', 4),
      adverseUsd: followed('adverseUsd', 4),
      feesUsd: followed('feesUsd', 4),
      fundingUsd: followed('fundingUsd', 4),
      netUsd: followed('netUsd', 4),
      riskRatio: followed('riskRatio', 4),
      quoting: {
        atMs: this.#shares.starts,
        share: this.#shares.starts.map((_, slot) => rounded(this.#twoSidedMs.sum(slot) / this.#observedMs.sum(slot), 4)),
      },
    };
  }
}
