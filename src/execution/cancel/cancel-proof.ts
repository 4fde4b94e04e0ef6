import type { Look } from './open-order-scanner.ts';
import { isTarget, type Run } from './cancel-run.ts';

/** Lists may lag behind the matching engine: an empty result counts only when this many looks in a row show it. */
const EMPTY_SNAPSHOTS = 3;
/** A client that placed orders during the cancel-all counts as stopped after placing none for this long. */
const WRITER_QUIET_MS = 10_000;

/** True when the lists show, and the stream does not contradict, that no target is open. */
export function isProven(run: Run): boolean {
  const { last, scanner } = run;
  // The stream may have shown an order since the look.
  const isContradicted = scanner.streamed.some((order) => isTarget(run, order) !== false);
  return last?.failures.length === 0 && !isContradicted && isQuiet(run, last) && isBeyondDelay(run, last);
}

/** Everything is judged as of the request of the last lists: they do not show what came later. */
export function isQuiet(run: Run, { askedAt }: Look): boolean {
  const { emptySnapshots, placedAt, wasSettled, isSettled } = run;
  if (emptySnapshots < EMPTY_SNAPSHOTS || !wasSettled || isSettled?.() === false) return false;
  return askedAt >= Math.max(lateCreateDeadlineOf(run), placedAt + WRITER_QUIET_MS);
}

function lateCreateDeadlineOf({ lateCreateDeadline }: Run): number {
  return typeof lateCreateDeadline === 'number' ? lateCreateDeadline : lateCreateDeadline();
}

/** True when the last lists were requested late enough that even delayed lists must show every order that could have been created. */
function isBeyondDelay(run: Run, { askedAt }: Look): boolean {
  return askedAt >= knownTo(run) + run.age.boundMs;
}

/**
 * Until this monotonic time, orders may have been created that only the lists can show. A stream of the caller makes it earlier; the one
 * that this run listens to does not: it may be subscribed and yet show nothing.
 */
export function knownTo(run: Run): number {
  return Math.min(lateCreateDeadlineOf(run), run.watchedSince?.() ?? Number.POSITIVE_INFINITY);
}
