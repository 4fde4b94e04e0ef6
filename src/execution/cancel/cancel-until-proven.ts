import { sleep, type Clock } from '../../util/clock.ts';
import type { CancelReport } from './cancel-report.ts';

/** The pause between an attempt that ended without proof and the next one. */
const BETWEEN_ATTEMPTS_MS = 500;

export interface CancelUntilProvenParts {
  readonly clock: Clock;
  /** Runs one cancel-all, which has its own deadline. */
  readonly attempt: () => Promise<CancelReport>;
  /** Called when an attempt failed. Returns the wait before the next attempt, ms; undefined: give up. */
  readonly onFailed: (error: unknown) => number | undefined;
  /** Called when an attempt ended without proof; returns the same. Default: 500 ms. */
  readonly onUnproven?: (report: CancelReport) => number | undefined;
  /** Aborted when another cancel-all takes over. */
  readonly signal?: AbortSignal;
}

/** Repeats the cancel-all until it is proven that no order is left; undefined when this was given up. */
export async function cancelUntilProven({
  clock,
  attempt,
  onFailed,
  onUnproven = () => BETWEEN_ATTEMPTS_MS,
  signal,
}: CancelUntilProvenParts): Promise<CancelReport | undefined> {
  for (;;) {
    let pauseMs: number | undefined;
    try {
      const report = await attempt();
      if (report.verified) return report;
      pauseMs = onUnproven(report);
    } catch (error) {
      pauseMs = onFailed(error);
    }
    if (pauseMs === undefined) return undefined;
    await sleep(clock, pauseMs, signal);
    if (signal?.aborted === true) return undefined;
  }
}
