import { RangeColumn, SumColumn } from './columns.ts';
import { rounded } from './rounded.ts';
import { Timeline } from './timeline.ts';

/** Fine enough for a plot as wide as a screen to show what happened within a second of a short run. */
const INTERVAL_MS = 250;
const MOST = 2048;
const SHARE_INTERVAL_MS = 2000;
const MOST_SHARES = 720;

/** Orders of a side behind the best one whose prices are followed. */
const MOST_BACK = 4;

const FOLLOWED = ['mid', 'bid', 'ask', 'position', 'spreadUsd', 'adverseUsd', 'feesUsd', 'fundingUsd', 'netUsd', 'riskRatio'] as const;

type Followed = (typeof FOLLOWED)[number];
type Name = Followed | 'bought' | 'sold';
type Figures = readonly (number | null)[];

/** Values at a turn; undefined: no value at the moment. */
export type Observation = Readonly<Record<Followed, number | undefined>>;

/**
 * One symbol over time, in columns as long as `atMs`. Two instants per interval: of each figure the lowest and the highest value
 * in the order in which they occurred, so that no extreme is lost. The last instant is the end of the run.
 */
export interface SymbolColumns extends Readonly<Record<Name, Figures>> {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly atMs: readonly number[];
  /** Prices of the orders behind the best one, nearest first, as far as there were any. */
  readonly backBids: readonly Figures[];
  readonly backAsks: readonly Figures[];
  /** Of each interval the share in which both a bid and an ask of ours rested, and in which the position made the risk level SOFT or HARD. */
  readonly quoting: {
    readonly intervalMs: number;
    readonly atMs: readonly number[];
    readonly share: Figures;
    readonly inventorySoft: Figures;
    readonly inventoryHard: Figures;
  };
}

/** A state that held for some time. */
export interface Quoting {
  readonly isTwoSided: boolean;
  /** The risk level that the position has caused. */
  readonly inventory: 'none' | 'soft' | 'hard';
}

/** One figure over time. */
export interface Trace {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

/** The figures of one symbol, by interval. */
export class SymbolSeries {
  readonly #columns: Readonly<Record<Name, RangeColumn>> = {
    mid: new RangeColumn(MOST),
    bid: new RangeColumn(MOST),
    ask: new RangeColumn(MOST),
    position: new RangeColumn(MOST),
    spreadUsd: new RangeColumn(MOST),
    adverseUsd: new RangeColumn(MOST),
    feesUsd: new RangeColumn(MOST),
    fundingUsd: new RangeColumn(MOST),
    netUsd: new RangeColumn(MOST),
    riskRatio: new RangeColumn(MOST),
    bought: new RangeColumn(MOST),
    sold: new RangeColumn(MOST),
  };
  readonly #back = { bids: backColumns(), asks: backColumns() };
  readonly #timeline = new Timeline(INTERVAL_MS, MOST, [...Object.values(this.#columns), ...this.#back.bids, ...this.#back.asks]);
  readonly #observedMs = new SumColumn(MOST_SHARES);
  readonly #twoSidedMs = new SumColumn(MOST_SHARES);
  readonly #inventoryMs = { soft: new SumColumn(MOST_SHARES), hard: new SumColumn(MOST_SHARES) };
  readonly #shares = new Timeline(SHARE_INTERVAL_MS, MOST_SHARES, [
    this.#observedMs,
    this.#twoSidedMs,
    ...Object.values(this.#inventoryMs),
  ]);

  observe(observation: Observation, atMs: number): void {
    const slot = this.#timeline.slotAt(atMs);
    for (const name of FOLLOWED) {
      const value = observation[name];
      if (value !== undefined) this.#columns[name].add(slot, value);
    }
  }

  /** Prices of all our orders at a turn, best first. */
  addOrders(side: 'bids' | 'asks', prices: readonly number[], atMs: number): void {
    const slot = this.#timeline.slotAt(atMs);
    let level = 0;
    for (const column of this.#back[side]) {
      level += 1;
      const price = prices[level];
      if (price === undefined) return;
      column.add(slot, price);
    }
  }

  addFill(side: 'buy' | 'sell', price: number, atMs: number): void {
    this.#columns[side === 'buy' ? 'bought' : 'sold'].add(this.#timeline.slotAt(atMs), price);
  }

  /** The state that held for `ms` until `atMs`. */
  addQuoting({ isTwoSided, inventory }: Quoting, ms: number, atMs: number): void {
    const slot = this.#shares.slotAt(atMs);
    this.#observedMs.add(slot, ms);
    if (isTwoSided) this.#twoSidedMs.add(slot, ms);
    if (inventory !== 'none') this.#inventoryMs[inventory].add(slot, ms);
  }

  /** Values so far; NaN where there was none. */
  trace(name: Followed): Trace {
    const { starts } = this.#timeline;
    return { atMs: starts, values: starts.map((_, slot) => this.#columns[name].pair(slot)[1]) };
  }

  /** `last`: the values at `endMs`. */
  columns(symbol: string, last: Observation, endMs: number): SymbolColumns {
    const { intervalMs, starts } = this.#timeline;
    const pairs = (name: Name): (readonly [number, number])[] => starts.map((_, slot) => this.#columns[name].pair(slot));
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
      backBids: this.#backFigures('bids'),
      backAsks: this.#backFigures('asks'),
      quoting: {
        intervalMs: this.#shares.intervalMs,
        atMs: this.#shares.starts,
        share: this.#shareOf(this.#twoSidedMs),
        inventorySoft: this.#shareOf(this.#inventoryMs.soft),
        inventoryHard: this.#shareOf(this.#inventoryMs.hard),
      },
    };
  }

  #backFigures(side: 'bids' | 'asks'): Figures[] {
    return this.#back[side]
      .map((column) => [...this.#timeline.starts.flatMap((_, slot) => column.pair(slot)), undefined].map((value) => rounded(value, 8)))
      .filter((figures) => figures.some((value) => value !== null));
  }

  #shareOf(column: SumColumn): Figures {
    return this.#shares.starts.map((_, slot) => rounded(column.sum(slot) / this.#observedMs.sum(slot), 4));
  }
}

function backColumns(): readonly RangeColumn[] {
  return Array.from({ length: MOST_BACK }, () => new RangeColumn(MOST));
}
