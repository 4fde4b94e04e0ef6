import type { CancelPort, CancelScope, RestingOrder } from '../exchange/cancel-port.ts';
import { ExchangeError } from '../exchange/errors.ts';
import { sleep, type Clock } from '../util/clock.ts';
import { add, compare, decimal } from '../util/decimal.ts';
import { Lookout, type Look } from './cancel-look.ts';
import { CancelRound } from './cancel-round.ts';
import type { CancelReport, RemainingOrder } from './cancel-report.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Reads may lag behind the matching engine: emptiness counts only when this many looks in a row show it. */
const EMPTY_SNAPSHOTS = 3;
const BETWEEN_LOOKS_MS = 250;
const BETWEEN_BANNED_LOOKS_MS = 5000;
/** The last look may take so long beyond the deadline. */
const LAST_LOOK_MS = 5000;

export interface CancelAllParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** Hears after every look how many were found so far, how many of them are still open, and why that could not be read. */
  readonly onLook?: (found: number, open: number, unreadable: string | undefined) => void;
}

export interface CancelAllRequest {
  readonly trigger: CancelReport['trigger'];
  readonly scopes: readonly CancelScope[];
  /** Which open orders have to go; a bulk call is made only while a scope shows no others. */
  readonly isTarget: (order: RestingOrder) => boolean;
  readonly includeStops: boolean;
  /** Order by order at once, without a bulk call. */
  readonly perOrder: boolean;
  /** No create can still land after this monotonic time: the proof ends no earlier. */
  readonly quietAt: number;
  /** Whether every order that the caller knows of is closed by its own record: lists may lag. True unless given. */
  readonly isSettled?: () => boolean;
  readonly deadlineMs: number;
}

/**
 * Cancels everything in scope and proves it by the exchange's own list. The list to cancel comes from the exchange; an answer
 * to a cancel is never taken for its effect. Rejects with ExchangeError only when keys are refused or nothing could be read at all.
 */
export async function cancelAll(request: CancelAllRequest, parts: CancelAllParts): Promise<CancelReport> {
  const run = newRun(request, parts);
  const { clock, deadline } = run;
  let failure: ExchangeError | undefined;
  while (!isOver(run) && clock.monotonic() < deadline) {
    failure = await look(run);
    await cancelSeen(run);
    if (isOver(run)) break;
    // Requests during a ban may lengthen it.
    const patienceMs = failure?.kind === 'banned' ? BETWEEN_BANNED_LOOKS_MS : BETWEEN_LOOKS_MS;
    await sleep(clock, Math.min(patienceMs, Math.max(0, deadline - clock.monotonic())));
  }
  // Time is up: what is left is named by a look, not by memory.
  if (!isOver(run)) failure = await look(run);
  if (run.since === undefined) throw failure ?? new ExchangeError('unavailable', 'not-applied', 'the exchange was not asked: no time');
  return reportOf(run, await filledMeanwhile(run));
}

interface Run extends CancelAllParts, CancelAllRequest {
  readonly startedAt: number;
  /** Monotonic. */
  readonly deadline: number;
  readonly lookout: Lookout;
  readonly round: CancelRound;
  /** Exchange time of the first look. */
  since: number | undefined;
  last: Look | undefined;
  /** Every target that was seen open, by exchange order id. */
  readonly seen: Map<string, RestingOrder>;
  open: readonly RestingOrder[];
  leftAlone: number;
  stragglers: number;
  rounds: number;
  emptySnapshots: number;
  clearedAt: number | undefined;
}

function newRun(request: CancelAllRequest, parts: CancelAllParts): Run {
  const startedAt = parts.clock.monotonic();
  const deadline = startedAt + request.deadlineMs;
  return {
    ...parts,
    ...request,
    startedAt,
    deadline,
    lookout: new Lookout(parts.port, parts.clock, request.scopes),
    round: new CancelRound(parts, request, deadline),
    since: undefined,
    last: undefined,
    seen: new Map(),
    open: [],
    leftAlone: 0,
    stragglers: 0,
    rounds: 0,
    emptySnapshots: 0,
    clearedAt: undefined,
  };
}

function isProven(run: Run): boolean {
  return run.last?.failures.length === 0 && isQuiet(run);
}

/** Nothing more can be learnt: proven, or as good as that but for scopes that the keys may not read. */
function isOver(run: Run): boolean {
  const { last } = run;
  if (last === undefined) return false;
  const isRefused = last.failures.every(({ kind }) => kind === 'auth');
  return isRefused && (last.readScopes.length === 0 || isQuiet(run));
}

function isQuiet({ emptySnapshots, clock, quietAt, isSettled }: Run): boolean {
  return emptySnapshots >= EMPTY_SNAPSHOTS && clock.monotonic() >= quietAt && isSettled?.() !== false;
}

/** One enumeration of every scope; what went wrong in it. */
async function look(run: Run): Promise<ExchangeError | undefined> {
  const last = await run.lookout.look(Math.max(LAST_LOOK_MS, run.deadline - run.clock.monotonic()));
  run.last = last;
  run.since ??= last.at;
  const orders = [...last.read, ...last.remembered];
  run.open = orders.filter((order) => isTarget(run, order));
  run.leftAlone = orders.length - run.open.length;
  for (const order of run.open) {
    if (run.seen.has(order.exchangeOrderId)) continue;
    run.seen.set(order.exchangeOrderId, order);
    if (run.rounds > 0) run.stragglers += 1;
  }
  if (run.open.length > 0) {
    run.emptySnapshots = 0;
    run.clearedAt = undefined;
  } else if (last.failures.every(({ kind }) => kind === 'auth')) {
    run.emptySnapshots += 1;
    run.clearedAt ??= run.clock.monotonic();
  } else run.emptySnapshots = 0;
  run.onLook?.(run.seen.size, run.open.length, last.failures[0]?.message);
  return last.failures[0];
}

async function cancelSeen(run: Run): Promise<void> {
  const { last, open, round } = run;
  if (last === undefined || open.length === 0) return;
  run.rounds += 1;
  const [targets, others] = [last.read.filter((order) => isTarget(run, order)), last.read.filter((order) => !isTarget(run, order))];
  const remembered = last.remembered.filter((order) => isTarget(run, order));
  // Blind, but not helpless: what was seen open can still be canceled by its id, over whatever way is left.
  await Promise.all([round.cancel(targets, others, last.readScopes), round.cancelKnown(remembered)]);
}

function isTarget(run: Run, order: RestingOrder): boolean {
  return run.isTarget(order) && (run.includeStops || order.kind === 'plain');
}

/** Of the orders seen open, those that were executed whole since then; undefined when the executions could not be read. */
async function filledMeanwhile({ port, since, seen, open }: Run): Promise<number | undefined> {
  const gone = new Map(seen);
  for (const { exchangeOrderId } of open) gone.delete(exchangeOrderId);
  if (since === undefined || gone.size === 0) return 0;
  try {
    const categories = [...new Set([...gone.values()].map(({ category }) => category))];
    const executed = new Map(
      (await Promise.all(categories.map((category) => port.executed(category, since)))).flatMap((totals) => [...totals]),
    );
    return [...gone.values()].filter(
      ({ exchangeOrderId, quantity, filled }) => compare(add(filled, executed.get(exchangeOrderId) ?? decimal('0')), quantity) >= 0,
    ).length;
  } catch (error) {
    if (error instanceof ExchangeError) return undefined;
    throw error;
  }
}

function reportOf(run: Run, filled: number | undefined): CancelReport {
  const { clock, startedAt, clearedAt, seen, round, last } = run;
  const remaining: RemainingOrder[] = run.open.map(({ category, symbol, clientOrderId, exchangeOrderId, kind }) => ({
    category,
    symbol,
    clientOrderId,
    exchangeOrderId,
    kind,
    reason: round.failures.get(exchangeOrderId) ?? 'still_open',
  }));
  const unread = last?.failures.map(({ message }) => message) ?? [];
  return {
    trigger: run.trigger,
    found: seen.size,
    canceled: seen.size - remaining.length - (filled ?? 0),
    filledMeanwhile: filled ?? 0,
    fillsKnown: filled !== undefined,
    remaining,
    leftAlone: run.leftAlone,
    stragglers: run.stragglers,
    method: round.method,
    rounds: run.rounds,
    emptySnapshots: run.emptySnapshots,
    verified: isProven(run),
    unreadable: unread.length === 0 ? undefined : [...new Set(unread)].join('; '),
    clearedMs: clearedAt === undefined ? undefined : clearedAt - startedAt,
    durationMs: clock.monotonic() - startedAt,
  };
}
