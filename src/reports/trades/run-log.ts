import type { JournalRecord, JournalStart } from '../../execution/journal.ts';
import { TradeSums } from './trade-sums.ts';

/** One run of the bot, as its journal tells it. Times: ms since the epoch. */
export interface RecordedRun {
  readonly start: JournalStart;
  readonly sums: TradeSums;
  /** Undefined: no record says that it stopped. */
  readonly stop: { readonly at: number; readonly clean: boolean } | undefined;
  /** Why it froze last. */
  readonly frozen: string | undefined;
  /** Time of its last record. */
  readonly lastAt: number;
  /** It had read what an earlier run left, and knew its position. */
  readonly hasBegun: boolean;
}

/** The runs of an account, in order. */
export class RunLog {
  readonly #runs = new Map<string, { -readonly [K in keyof RecordedRun]: RecordedRun[K] }>();
  #last: string | undefined;

  add(record: JournalRecord): void {
    const run = this.#last === undefined ? undefined : this.#runs.get(this.#last);
    // Every segment repeats the start of its run.
    if (record.type === 'start' && !this.#runs.has(record.runId)) {
      this.#runs.set(record.runId, {
        start: record,
        sums: new TradeSums(),
        stop: undefined,
        frozen: undefined,
        lastAt: record.at,
        hasBegun: false,
      });
    }
    if (record.type === 'start') {
      this.#last = record.runId;
      return;
    }
    if (run !== undefined) run.lastAt = Math.max(run.lastAt, record.at);
    if (record.type === 'day' && run !== undefined) run.hasBegun = true;
    else if (record.type === 'stop' && run !== undefined) run.stop = record;
    else if (record.type === 'freeze' && run !== undefined) run.frozen = record.reason;
  }

  get all(): readonly RecordedRun[] {
    return [...this.#runs.values()];
  }

  /** The last run. */
  get last(): RecordedRun | undefined {
    return this.#last === undefined ? undefined : this.#runs.get(this.#last);
  }

  /** The run before the last one. */
  get previous(): RecordedRun | undefined {
    return this.all.at(-2);
  }

  /** The run that placed the order; the last run when none did. An execution may be read by the start after it. */
  ofOrder(clientOrderId: string): RecordedRun | undefined {
    const { last } = this;
    if (last === undefined || clientOrderId.startsWith(last.start.runId)) return last;
    return this.all.find(({ start }) => clientOrderId.startsWith(start.runId)) ?? last;
  }
}
