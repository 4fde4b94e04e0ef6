import { keyOf, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import { sleep } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { isProven, isQuiet } from './cancel-proof.ts';
import type { CancelReport } from './cancel-report.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-request.ts';
import { filledMeanwhile, reportOf } from './cancel-result.ts';
import { isTarget, newRun, type Run } from './cancel-run.ts';

const BETWEEN_LOOKS_MS = 250;
/** The next look begins at the latest this long after the cancels of the one before: what is left of them goes on beside it. */
const ROUND_MS = 1000;
/** The pause between looks while banned: requests during a ban may extend it, and a gateway in front of the exchange counts them too. */
const BETWEEN_SHUT_LOOKS_MS = 5000;
/** When every list refuses the API keys, this is confirmed after this time: the first refusal may be an error of the exchange. */
const REFUSED_AGAIN_MS = 2000;
const PATIENCE_GROWTH = 1.5;
/** Where everything has to go, a list that has been on its way for this long counts as one that cannot be read. */
const UNREADABLE_AFTER_MS = 2000;
/** How long a look after the deadline may take. */
const LAST_LOOK_MS = 1000;

/**
 * Cancels all targets in the scopes and proves it by the exchange's order lists, which its order stream must not contradict. The
 * acknowledgment of a cancel is never taken as proof. Ends by its deadline plus one last look. Rejects with ExchangeError only when
 * nothing could be read at all.
 */
export async function cancelAll(request: CancelAllRequest, parts: CancelAllParts): Promise<CancelReport> {
  const run = newRun(request, parts);
  try {
    return await proven(run);
  } finally {
    run.scanner.close();
    run.round.begin();
  }
}

async function proven(run: Run): Promise<CancelReport> {
  const { clock, deadline } = run;
  for (;;) {
    const failure = await untilEnded(run);
    if (run.since === undefined)
      throw failure ?? new ExchangeError('unavailable', 'not-applied', 'the exchange was not queried: the deadline left no time');
    const wasProven = isProven(run);
    const filled = await filledMeanwhile(run);
    // An order has appeared since the last look.
    if (wasProven && !isProven(run) && clock.monotonic() < deadline) continue;
    const report = reportOf(run, filled);
    run.age.ended(run.round.takenAt);
    return report;
  }
}

/** Looks and cancels until a look shows that nothing more is to be done, or until the deadline. Returns the first failure of the last look. */
async function untilEnded(run: Run): Promise<ExchangeError | undefined> {
  const { clock, deadline, watchOnly = false } = run;
  const leftMs = (): number => Math.max(0, deadline - clock.monotonic());
  const isUrgent = watchOnly ? undefined : (order: RestingOrder): boolean => isTarget(run, order) === true;
  let failure: ExchangeError | undefined;
  while (leftMs() > 0) {
    const patienceMs = Math.max(LAST_LOOK_MS, watchOnly ? leftMs() : Math.min(run.patienceMs, leftMs()));
    failure = await look(run, patienceMs, isUrgent);
    // Slow lists must have a chance to be read, too.
    if (clock.monotonic() - (run.last?.askedAt ?? 0) >= run.patienceMs) run.patienceMs *= PATIENCE_GROWTH;
    // Only here: what was true at the last look may not be true after a pause.
    if (isEnded(run)) return failure;
    if (!watchOnly) await within(clock, Math.min(ROUND_MS, leftMs()), Promise.race([cancelSeen(run), run.stopped]), () => undefined);
    if (run.bug !== undefined) throw run.bug.error;
    await sleep(clock, Math.min(patienceAfter(run, failure), leftMs()), run.signal);
    if (run.signal?.aborted === true) return failure;
  }
  // The deadline has passed: the remaining orders are taken from a new look, not from memory.
  return look(run, LAST_LOOK_MS);
}

/** Nothing more to do: complete, aborted, or (watchOnly) a target was found. */
function isEnded(run: Run): boolean {
  return isOver(run) || run.signal?.aborted === true || (run.watchOnly === true && run.open.length > 0);
}

/** True when proven, or when only scopes that the API keys may not read prevent the proof. */
function isOver(run: Run): boolean {
  const { last } = run;
  if (last === undefined) return false;
  const isRefused = last.failures.every(({ kind }) => kind === 'auth');
  if (last.failures.length === 0) return isProven(run);
  if (last.readScopes.length > 0) return isRefused && isQuiet(run, last);
  return run.refusedAt !== undefined && last.askedAt >= run.refusedAt + REFUSED_AGAIN_MS;
}

function patienceAfter({ last, refusedAt }: Run, failure: ExchangeError | undefined): number {
  const isShut = last?.readScopes.length === 0 && last.failures.some(({ isBarred }) => isBarred);
  if (isShut || failure?.kind === 'banned') return BETWEEN_SHUT_LOOKS_MS;
  return refusedAt === undefined ? BETWEEN_LOOKS_MS : REFUSED_AGAIN_MS;
}

/** Reads every scope once; slow ones not to the end when an urgent order is to be canceled. Returns the first failure. */
async function look(run: Run, patienceMs: number, isUrgent?: (order: RestingOrder) => boolean): Promise<ExchangeError | undefined> {
  const wasSettled = run.isSettled?.() !== false;
  const looking = run.scanner.look(patienceMs, isUrgent);
  const last = await Promise.race([looking, run.stopped]);
  if (last === undefined) return undefined;
  const readBefore = run.last?.readScopes.length;
  run.last = last;
  run.wasSettled = wasSettled;
  run.age.looked(last, run.round.takenAt);
  const orders = [...last.read, ...last.remembered];
  run.open = orders.filter((order) => isTarget(run, order) === true);
  run.doubtful = orders.filter((order) => isTarget(run, order) === undefined);
  run.leftAlone = orders.length - run.open.length - run.doubtful.length;
  for (const order of run.open) meet(run, order);
  meetClosed(run);
  run.since ??= last.at;
  const isRefused = last.readScopes.length === 0 && last.failures.length > 0 && last.failures.every(({ kind }) => kind === 'auth');
  run.refusedAt = isRefused ? (run.refusedAt ?? last.askedAt) : undefined;
  if (run.open.length > 0) {
    run.emptySnapshots = 0;
    run.clearedAt = undefined;
  } else if (run.doubtful.length === 0 && last.failures.every(({ kind }) => kind === 'auth')) {
    // Looks at other lists are not the same evidence.
    run.emptySnapshots = last.readScopes.length === readBefore ? run.emptySnapshots + 1 : 1;
    if (last.failures.length === 0) run.clearedAt ??= run.clock.monotonic();
  } else run.emptySnapshots = 0;
  run.onLook?.(run.open, run.seen.size, last.failures[0]?.message, last.waitingSince.size === 0);
  return last.failures[0];
}

/** What bulk calls have canceled unseen is known from the stream alone. Its last row says how much was filled in all. */
function meetClosed(run: Run): void {
  const closed = run.scanner.takeClosed();
  if (!run.round.hasCanceledUnseen) return;
  for (const order of closed) {
    if (isTarget(run, order) !== true || run.seen.has(keyOf(order))) continue;
    run.unseen.add(keyOf(order));
    meet(run, order);
  }
}

function meet(run: Run, order: RestingOrder): void {
  const { seen, since, clock, isExpected } = run;
  if (seen.has(keyOf(order))) return;
  seen.set(keyOf(order), order);
  if (run.rounds > 0) run.stragglers += 1;
  const isNew = since !== undefined && (order.createdAt ?? Number.POSITIVE_INFINITY) > since;
  if (!isNew || isExpected?.(order) === true) return;
  run.placedMeanwhile += 1;
  run.placedAt = clock.monotonic();
}

/** Sends the cancels for the last look. It may go on beside the next look; a bug is kept in `bug`. */
async function cancelSeen(run: Run): Promise<void> {
  const { last, open, round, isEverything = false } = run;
  if (last === undefined) return;
  const isBanned = last.failures.some(({ kind }) => kind === 'banned');
  // unreadScopes and failures have the same order.
  const isRefused = (scope: CancelScope): boolean => last.failures[last.unreadScopes.indexOf(scope)]?.kind === 'auth';
  const unreadScopes = last.unreadScopes.filter((scope) => !last.lateScopes.includes(scope));
  const isAwaited = (scope: CancelScope): boolean =>
    run.clock.monotonic() - (last.waitingSince.get(scope) ?? Number.NEGATIVE_INFINITY) < UNREADABLE_AFTER_MS;
  const unseen = isEverything && !isBanned ? unreadScopes.filter((scope) => !isRefused(scope) && !isAwaited(scope)) : [];
  if (open.length > 0) run.rounds += 1;
  const isTargeted = (order: RestingOrder): boolean => isTarget(run, order) === true;
  const isLate = (order: RestingOrder): boolean => last.late.has(keyOf(order));
  const shown = [...last.read, ...last.remembered.filter(isLate)].filter(isTargeted);
  const readScopes = [...last.readScopes, ...last.lateScopes];
  const isRead = (order: RestingOrder): boolean => !last.unlisted.has(order) && readScopes.some((scope) => run.port.covers(scope, order));
  // A late list may not show orders that only the stream has shown, and a bulk call would cancel them.
  const others = [...last.read, ...last.remembered].filter((order) => !isTargeted(order));
  round.begin(open.length > 0 && round.isBulkSafe(others));
  try {
    await Promise.all([
      round.cancel(shown.filter(isRead), others, readScopes),
      // When a list is incomplete or does not show all orders, a bulk call could cancel orders that must stay.
      round.cancelSingly(shown.filter((order) => !isRead(order))),
      // An order that was seen open can be canceled by its id even while no list can be read.
      round.cancelKnown(last.remembered.filter((order) => isTargeted(order) && !isLate(order))),
      round.cancelUnseen(unseen),
    ]);
  } catch (error) {
    run.bug ??= { error };
    throw error;
  }
}
