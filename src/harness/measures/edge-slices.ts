import { at } from '../../util/array.ts';
import { Timeline, type Column } from '../series/timeline.ts';

const SLICE_MS = 20_000;
/** Few and long: what lasts from one slice to the next, such as a position, is not seen as an error. */
const MOST_SLICES = 20;
const LEAST_SLICES = 10;
const LEAST_FILLS = 30;
/** 95 % of a normal distribution lie within this many standard deviations. */
const Z_95 = 1.96;

/** Totals at the end of each slice. */
class LastColumn implements Column {
  readonly #values: Float64Array;

  constructor(most: number) {
    this.#values = new Float64Array(most);
  }

  set(slot: number, value: number): void {
    this.#values[slot] = value;
  }

  last(slot: number): number {
    return at(this.#values, slot);
  }

  clear(slot: number): void {
    this.#values[slot] = 0;
  }

  join(to: number, from: number): void {
    this.set(to, this.last(from));
  }
}

/** Totals of the run so far, over all symbols. */
export interface EdgeTotals {
  readonly fills: number;
  readonly netUsd: number;
  readonly turnoverUsd: number;
}

/**
 * How sure the net edge of a run is, by batch means: the run is cut into slices of equal length, and what differs from slice to slice
 * tells how far the edge of the whole may be off. Fills that follow each other are alike, slices much less so.
 */
export class EdgeSlices {
  readonly #net = new LastColumn(MOST_SLICES);
  readonly #turnover = new LastColumn(MOST_SLICES);
  readonly #timeline = new Timeline(SLICE_MS, MOST_SLICES, [this.#net, this.#turnover]);
  #fills = 0;

  /** To be called at least once a slice. */
  sample({ fills, netUsd, turnoverUsd }: EdgeTotals, atMs: number): void {
    const slot = this.#timeline.slotAt(atMs);
    this.#net.set(slot, netUsd);
    this.#turnover.set(slot, turnoverUsd);
    this.#fills = fills;
  }

  /** 95 % interval of net PnL over turnover, bps; undefined in runs that are too short for it. */
  intervalBps(): readonly [low: number, high: number] | undefined {
    const slices = this.#timeline.starts.map((_, slot) => this.#slice(slot));
    if (slices.length < LEAST_SLICES || this.#fills < LEAST_FILLS) return undefined;
    const turnover = slices.reduce((sum, slice) => sum + slice.turnover, 0);
    const edge = slices.reduce((sum, slice) => sum + slice.net, 0) / turnover;
    const squares = slices.reduce((sum, slice) => sum + (slice.net - edge * slice.turnover) ** 2, 0);
    const free = slices.length - 1;
    const deviation = Math.sqrt((squares * slices.length) / free) / turnover;
    const [middle, half] = [10_000 * edge, 10_000 * studentFactor(free) * deviation];
    return [middle - half, middle + half];
  }

  #slice(slot: number): { readonly net: number; readonly turnover: number } {
    const change = (column: LastColumn): number => column.last(slot) - (slot === 0 ? 0 : column.last(slot - 1));
    return { net: change(this.#net), turnover: change(this.#turnover) };
  }
}

/** Of Student's distribution with at least nine degrees of freedom, what `Z_95` is of the normal one; exact to 0.01. */
function studentFactor(free: number): number {
  const z = Z_95;
  return z + (z ** 3 + z) / (4 * free) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * free ** 2);
}
