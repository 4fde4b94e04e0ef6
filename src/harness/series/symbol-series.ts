import { RangeColumn, SumColumn } from './columns.ts';
import { rounded } from './run-series.ts';
import { Timeline } from './timeline.ts';

/** Fine enough that a plot as wide as a screen shows what happened between two seconds of a short run. */
const INTERVAL_MS = 250;
const MOST = 2048;
const SHARE_INTERVAL_MS = 2000;
const MOST_SHARES = 720;

const FOLLOWED = ['mid', 'bid', 'ask', 'position', 'spreadUsd', 'adverseUsd', 'feesUsd', 'fundingUsd', 'netUsd', 'riskRatio'] as const;
const COLUMNS = [...FOLLOWED, 'bought', 'sold'] as const;

type Followed = (typeof FOLLOWED)[number];
type Figures = readonly (number | null)[];

/** What is followed at each turn; undefined: there is none now. */
export type Observation = Readonly<Record<Followed, number | undefined>>;

/**
 * One symbol over time, in columns as long as `atMs`. Two instants an interval: of each figure the lowest and the highest in
 * it, in the order in which they came, so that no extreme is lost; the last instant is the end of the run.
 */
export interface SymbolColumns extends Readonly<Record<(typeof COLUMNS)[number], Figures>> {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly atMs: readonly number[];
  /** The share of each interval with a bid and an ask of ours resting. */
  readonly quoting: { readonly atMs: readonly number[]; readonly share: Figures };
}

/** One figure over time. */
export interface Trace {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

/** One symbol, interval by interval. */
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

  /** What was so until `atMs`, for `ms`. */
  addQuoting(isTwoSided: boolean, ms: number, atMs: number): void {
    const slot = this.#shares.slotAt(atMs);
    this.#observedMs.add(slot, ms);
    if (isTwoSided) this.#twoSidedMs.add(slot, ms);
  }

  /** So far; NaN where there was none. */
  trace(name: Followed): Trace {
    const { starts } = this.#timeline;
    return { atMs: starts, values: starts.map((_, slot) => this.#columns.get(name)?.pair(slot)[1] ?? Number.NaN) };
  }

  /** `last`: how things stood at `endMs`. */
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
