import { withEmergency, type Emergency } from '../../config/emergency.ts';
import { EXIT, failureOf, MmbotError, type RunEnd } from '../../errors.ts';
import { hasFailed } from '../../execution/start/preflight.ts';
import type { Check } from '../../execution/start/preflight-check.ts';
import type { Host } from '../../host.ts';
import type { EarlierRun } from './earlier-run.ts';
import type { Rescue } from './rescue.ts';

export interface StartEnd {
  readonly earlier: EarlierRun;
  readonly rescue: Rescue;
  /** False with --no-guard; after a bug a guard is started even then. */
  readonly guard: boolean;
  /** Send nothing, not even a cancel. */
  readonly preflightOnly: boolean;
  /** Only the orders of mmbot: until the checks have passed, others may have orders on the account. */
  readonly emergency: Emergency | undefined;
}

/** The error to exit with when a start ended before it recovered. If orders may be open and no guard is canceling them, one is started. */
export function endOfStart(error: unknown, ending: StartEnd): unknown {
  const { earlier, preflightOnly, emergency } = ending;
  if (preflightOnly && earlier.mayRest) return withEmergency(error, emergency?.mine);
  const next = earlier.mayRest ? `${whoCancels(error, ending)} ${emergency?.mine.lead ?? ''}` : '';
  return withEmergency(earlier.endedBy(error, next, emergency?.mine.command), emergency?.mine);
}

/** The beginning of a sentence that the command ends. */
function whoCancels(error: unknown, { earlier, rescue, guard }: StartEnd): string {
  if (earlier.isGuardActing) return 'the guard of that run is still canceling; if it gives up,';
  if (!guard && failureOf(error).exitCode !== EXIT.bug) return 'nothing cancels them now (--no-guard): start again, or';
  rescue.begin();
  return 'a guard cancels them now, until it logs "cancel_all_done" with "verified":true; or';
}

/** How a start ends after its checks. */
export function endOfChecks(checks: readonly Check[], ending: StartEnd): RunEnd {
  if (!hasFailed(checks)) return { exitCode: EXIT.ok, failure: undefined };
  const failed = checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
  const error = new MmbotError({ code: 'preflight_failed', exitCode: EXIT.failed, message: `a check failed: ${failed.join(', ')}` });
  const end = endOfStart(error, ending);
  // The table of checks already shows the failure, unless orders may be open too.
  return end === error ? { exitCode: EXIT.failed, failure: undefined } : { exitCode: EXIT.ordersRemain, failure: failureOf(end) };
}

/** If an uncaught bug ends the process, a guard cancels the orders of an earlier run. */
export function rescuedOnCrash(host: Host, { earlier, rescue, preflightOnly }: StartEnd): Disposable {
  const forget = host.beforeCrash(() => {
    if (earlier.mayRest && !earlier.isGuardActing && !preflightOnly) rescue.begin();
  });
  return { [Symbol.dispose]: forget };
}
