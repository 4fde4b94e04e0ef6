import type { RunSpec } from './run-spec.ts';

/** A run to be made somewhere. */
export interface RunTask {
  readonly id: string;
  readonly spec: RunSpec;
  /** Where settings come from, by key: for the report of the run. */
  readonly sources: Readonly<Record<string, string>>;
  /** The command that repeats the run, for its report. */
  readonly repeat: string;
  /** Whether its report is wanted as a page. */
  readonly wantsPage: boolean;
}

/** `result`: a `RunResult` as text, whose bytes depend on the run only. */
export type RunOutcome =
  | { readonly kind: 'done'; readonly result: string; readonly page: string | null; readonly cpuMs: number }
  /** It ended its process `times` times, or could not be run at all. */
  | { readonly kind: 'lost'; readonly reason: string };

/** Where runs are made. */
export interface RunEngine extends AsyncDisposable {
  /** Runs that it makes at the same time; 0 when no worker is there yet. */
  readonly width: number;
  /**
   * Makes a run once; any number may wait here. Resolves with its outcome; rejects when `signal` aborts, and with an MmbotError when the
   * engine itself is gone. A run whose process dies is made again, the third time it is lost.
   */
  run(task: RunTask, signal: AbortSignal): Promise<RunOutcome>;
}

/** A run that ended its process this often is not tried again. */
export const MOST_DEATHS = 3;
