import { sleep, type Clock } from '../../util/clock.ts';
import type { CancelReport } from './cancel-report.ts';

/** Between an attempt that ended without proof and the next one. */
const BETWEEN_ATTEMPTS_MS = 500;

export interface CancelUntilProvenParts {
  readonly clock: Clock;
  /** One cancel-all, which has a deadline of its own. */
  readonly attempt: () => Promise<CancelReport>;
  /** Hears of each attempt that could not read the exchange, or broke. How long to wait for the next one, ms; undefined gives up. */
  readonly onFailed: (error: unknown) => number | undefined;
  /** The same of each that could, and has no proof. Half a second unless given. */
  readonly onUnproven?: (report: CancelReport) => number | undefined;
  /** Aborts when somebody else goes on from here. */
  readonly signal?: AbortSignal;
}

/** Cancels everything again and again until it is proven that nothing is left; undefined when that was given up. */
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
