import { EXIT, failureOf, MmbotError, type RunEnd } from '../../errors.ts';
import { hasFailed } from '../../execution/start/preflight.ts';
import type { Check } from '../../execution/start/preflight-check.ts';
import type { Host } from '../../host.ts';
import type { EarlierRun } from './earlier-run.ts';
import type { Rescue } from './rescue.ts';

const BY_HAND = 'mmbot cancel-all --mine --force with the same venue and key';

export interface StartEnd {
  readonly earlier: EarlierRun;
  readonly rescue: Rescue;
  /** Whether a guard is wanted; a bug is answered by one all the same. */
  readonly guard: boolean;
  /** Nothing is to be sent, not even a cancel. */
  readonly preflightOnly: boolean;
}

/** What a start that has not recovered ends with; where orders may rest that nobody cancels, a guard begins to. */
export function endOfStart(error: unknown, { earlier, rescue, guard, preflightOnly }: StartEnd): unknown {
  if (preflightOnly && earlier.mayRest) return error;
  return earlier.endedBy(error, earlier.mayRest ? whoCancels(error, { earlier, rescue, guard }) : '');
}

function whoCancels(error: unknown, { earlier, rescue, guard }: Omit<StartEnd, 'preflightOnly'>): string {
  if (earlier.isGuardActing) return `the guard of that run is still canceling; if it gives up, ${BY_HAND}`;
  if (!guard && failureOf(error).exitCode !== EXIT.bug) return `nobody cancels it now (--no-guard): start again, or ${BY_HAND}`;
  rescue.begin();
  return `a guard cancels it now, until that is proven: "cancel_all_done" with "verified":true; or ${BY_HAND}`;
}

/** What a start ends with after its checks. */
export function endOfChecks(checks: readonly Check[], ending: StartEnd): RunEnd {
  if (!hasFailed(checks)) return { exitCode: EXIT.ok, failure: undefined };
  const failed = checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
  const error = new MmbotError({ code: 'preflight_failed', exitCode: EXIT.failed, message: `a check failed: ${failed.join(', ')}` });
  const end = endOfStart(error, ending);
  // The table says it all, unless there is more to say.
  return end === error ? { exitCode: EXIT.failed, failure: undefined } : { exitCode: EXIT.ordersRemain, failure: failureOf(end) };
}

/** A bug that nothing catches ends the process: then a guard cancels what an earlier run left. */
export function rescuedOnCrash(host: Host, { earlier, rescue, preflightOnly }: StartEnd): Disposable {
  const forget = host.beforeCrash(() => {
    if (earlier.mayRest && !earlier.isGuardActing && !preflightOnly) rescue.begin();
  });
  return { [Symbol.dispose]: forget };
}
