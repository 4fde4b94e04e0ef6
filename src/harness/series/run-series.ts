import { LatencyColumn, RangeColumn, SumColumn } from './columns.ts';
import { rounded } from './rounded.ts';
import { Timeline } from './timeline.ts';

const INTERVAL_MS = 2000;
const MOST = 720;

const COUNTED = ['placed', 'amended', 'canceled', 'failed', 'filled'] as const;

type Counted = (typeof COUNTED)[number];
type Figures = readonly (number | null)[];

/** The whole run over time, in columns of equal length. */
export interface RunColumns {
  readonly intervalMs: number;
  /** Start of each interval. */
  readonly atMs: readonly number[];
  /** From the decision to create or amend an order to its answer. */
  readonly latencyMs: Readonly<Record<'samples' | 'p50' | 'p95' | 'p99' | 'max', Figures>>;
  readonly perSecond: Readonly<Record<Counted, Figures>>;
  /** Resident memory, highest of each interval; null in simulated time. */
  readonly memoryMb: Figures | null;
}

/** Figures over all symbols, by interval. */
export class RunSeries {
  readonly #latency = new LatencyColumn(MOST);
  readonly #memory = new RangeColumn(MOST);
  readonly #counts = { placed: sums(), amended: sums(), canceled: sums(), failed: sums(), filled: sums() };
  readonly #timeline = new Timeline(INTERVAL_MS, MOST, [this.#latency, this.#memory, ...Object.values(this.#counts)]);
  #hasMemory = false;

  count(what: Counted, atMs: number): void {
    this.#counts[what].add(this.#timeline.slotAt(atMs), 1);
  }

  addLatency(ms: number, atMs: number): void {
    this.#latency.add(this.#timeline.slotAt(atMs), ms);
  }

  addMemory(megabytes: number, atMs: number): void {
    this.#hasMemory = true;
    this.#memory.add(this.#timeline.slotAt(atMs), megabytes);
  }

  /** Values so far; NaN where there was no sample. */
  latencyTrace(q: number): { readonly atMs: readonly number[]; readonly values: readonly number[] } {
    const { starts } = this.#timeline;
    return { atMs: starts, values: starts.map((_, slot) => this.#latency.quantile(slot, q) ?? Number.NaN) };
  }

  /** `endMs`: the end of the run; the last interval may be shorter than the others. */
  columns(endMs: number): RunColumns {
    const { intervalMs, starts } = this.#timeline;
    const each = (figure: (slot: number) => number | undefined, digits: number): Figures =>
      starts.map((_, slot) => rounded(figure(slot), digits));
    const quantile = (q: number): Figures => each((slot) => this.#latency.quantile(slot, q), 3);
    const rate = (what: Counted): Figures =>
      each((slot) => {
        const lengthMs = Math.min(intervalMs, endMs - (starts[slot] ?? 0));
        // The rest of an interval at the end may be too short for a rate.
        return lengthMs < intervalMs / 4 ? undefined : this.#counts[what].sum(slot) / (lengthMs / 1000);
      }, 3);
    return {
      intervalMs,
      atMs: starts,
      latencyMs: {
        samples: each((slot) => this.#latency.count(slot), 0),
        p50: quantile(0.5),
        p95: quantile(0.95),
        p99: quantile(0.99),
        max: each((slot) => this.#latency.max(slot), 3),
      },
      perSecond: {
        placed: rate('placed'),
        amended: rate('amended'),
        canceled: rate('canceled'),
        failed: rate('failed'),
        filled: rate('filled'),
      },
      memoryMb: this.#hasMemory ? each((slot) => Math.max(...this.#memory.pair(slot)), 2) : null,
    };
  }
}

function sums(): SumColumn {
  return new SumColumn(MOST);
}
