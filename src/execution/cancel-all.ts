import type { CancelPort, CancelScope, RestingOrder } from '../exchange/cancel-port.ts';
import { ExchangeError } from '../exchange/errors.ts';
import { sleep, type Clock } from '../util/clock.ts';
import { add, compare, decimal } from '../util/decimal.ts';
import { CancelRound } from './cancel-round.ts';
import type { CancelReport, RemainingOrder } from './cancel-report.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Reads may lag behind the matching engine: emptiness counts only when this many looks in a row show it. */
const EMPTY_SNAPSHOTS = 3;
const BETWEEN_SNAPSHOTS_MS = 250;

export interface CancelAllParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
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
  const { clock } = parts;
  const run = newRun(request, parts);
  const deadline = run.startedAt + request.deadlineMs;
  while (!isProven(run) && clock.monotonic() < deadline) {
    const snapshot = await look(run);
    if (snapshot instanceof ExchangeError) {
      if (snapshot.kind === 'auth') throw snapshot;
      run.unreadable = snapshot;
      run.emptySnapshots = 0;
      // Blind, but not helpless: what was seen open can still be canceled by its id, over whatever way is left.
      await run.round.cancelKnown(run.open);
    } else await handle(run, snapshot);
    if (!isProven(run)) await sleep(clock, Math.min(BETWEEN_SNAPSHOTS_MS, Math.max(0, deadline - clock.monotonic())));
  }
  if (run.unreadable !== undefined && run.rounds === 0 && run.since === undefined) throw run.unreadable;
  return report(run, await filledMeanwhile(run));
}

interface Run extends CancelAllParts, CancelAllRequest {
  readonly startedAt: number;
  readonly round: CancelRound;
  /** Exchange time of the first look. */
  since: number | undefined;
  /** Every target that was seen open, by exchange order id. */
  readonly seen: Map<string, RestingOrder>;
  open: readonly RestingOrder[];
  leftAlone: number;
  stragglers: number;
  rounds: number;
  emptySnapshots: number;
  clearedAt: number | undefined;
  unreadable: ExchangeError | undefined;
}

function newRun(request: CancelAllRequest, parts: CancelAllParts): Run {
  return {
    ...parts,
    ...request,
    startedAt: parts.clock.monotonic(),
    round: new CancelRound(parts, request),
    since: undefined,
    seen: new Map(),
    open: [],
    leftAlone: 0,
    stragglers: 0,
    rounds: 0,
    emptySnapshots: 0,
    clearedAt: undefined,
    unreadable: undefined,
  };
}

function isProven({ emptySnapshots, clock, quietAt, isSettled }: Run): boolean {
  return emptySnapshots >= EMPTY_SNAPSHOTS && clock.monotonic() >= quietAt && isSettled?.() !== false;
}

interface Snapshot {
  readonly targets: readonly RestingOrder[];
  readonly others: readonly RestingOrder[];
}

/** One complete enumeration of every scope. */
async function look(run: Run): Promise<Snapshot | ExchangeError> {
  try {
    const lists = await Promise.all(run.scopes.map((scope) => run.port.resting(scope)));
    const orders = [...new Map(lists.flatMap(({ value }) => value.map((order) => [order.exchangeOrderId, order]))).values()];
    run.since ??= Math.min(...lists.map(({ at }) => at));
    run.unreadable = undefined;
    const isTarget = (order: RestingOrder): boolean => run.isTarget(order) && (run.includeStops || order.kind === 'plain');
    return { targets: orders.filter(isTarget), others: orders.filter((order) => !isTarget(order)) };
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}

async function handle(run: Run, { targets, others }: Snapshot): Promise<void> {
  run.open = targets;
  run.leftAlone = others.length;
  for (const order of targets) {
    if (run.seen.has(order.exchangeOrderId)) continue;
    run.seen.set(order.exchangeOrderId, order);
    if (run.rounds > 0) run.stragglers += 1;
  }
  if (targets.length === 0) {
    run.emptySnapshots += 1;
    run.clearedAt ??= run.clock.monotonic();
    return;
  }
  run.emptySnapshots = 0;
  run.clearedAt = undefined;
  run.rounds += 1;
  await run.round.cancel(targets, others);
}

/** Of the orders seen open, those that were executed whole since then. */
async function filledMeanwhile({ port, since, seen, open }: Run): Promise<number> {
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
    if (error instanceof ExchangeError) return 0;
    throw error;
  }
}

function report(run: Run, filled: number): CancelReport {
  const { clock, startedAt, clearedAt, seen, round } = run;
  const remaining: RemainingOrder[] = run.open.map(({ category, symbol, clientOrderId, exchangeOrderId, kind }) => ({
    category,
    symbol,
    clientOrderId,
    exchangeOrderId,
    kind,
    reason: round.failures.get(exchangeOrderId) ?? 'still_open',
  }));
  return {
    trigger: run.trigger,
    found: seen.size,
    canceled: seen.size - remaining.length - filled,
    filledMeanwhile: filled,
    remaining,
    leftAlone: run.leftAlone,
    stragglers: run.stragglers,
    method: round.method,
    rounds: run.rounds,
    emptySnapshots: run.emptySnapshots,
    verified: isProven(run),
    unreadable: run.unreadable?.message,
    clearedMs: clearedAt === undefined ? undefined : clearedAt - startedAt,
    durationMs: clock.monotonic() - startedAt,
  };
}
