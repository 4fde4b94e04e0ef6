/** One figure per interval of a timeline, by slot. */
export interface Column {
  clear(slot: number): void;
  /** Merges slot `from` into the earlier slot `to`. */
  join(to: number, from: number): void;
}

/**
 * A run divided into equal intervals, at most `most`: beyond that, neighbors are merged and the length doubles. A run of any length
 * thus fits into memory that is allocated at its start. An interval without events takes no slot.
 */
export class Timeline {
  readonly #most: number;
  readonly #columns: readonly Column[];
  #intervalMs: number;
  /** For each slot its interval, counted from the start of the run. */
  #intervals: number[] = [];

  constructor(intervalMs: number, most: number, columns: readonly Column[]) {
    this.#intervalMs = intervalMs;
    this.#most = most;
    this.#columns = columns;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Start of each slot’s interval, ms since the start. */
  get starts(): readonly number[] {
    return this.#intervals.map((interval) => interval * this.#intervalMs);
  }

  /** The slot of an instant, which must not be before the previous call’s. */
  slotAt(atMs: number): number {
    const interval = Math.floor(atMs / this.#intervalMs);
    const last = this.#intervals.length - 1;
    if (last >= 0 && interval <= (this.#intervals[last] ?? 0)) return last;
    if (this.#intervals.length === this.#most) {
      this.#double();
      return this.slotAt(atMs);
    }
    return this.#intervals.push(interval) - 1;
  }

  #double(): void {
    const joined: number[] = [];
    for (const [from, interval] of this.#intervals.entries()) {
      const half = Math.floor(interval / 2);
      if (joined.at(-1) !== half) joined.push(half);
      const to = joined.length - 1;
      if (to === from) continue;
      for (const column of this.#columns) {
        column.join(to, from);
        column.clear(from);
      }
    }
    this.#intervals = joined;
    this.#intervalMs *= 2;
  }
}
