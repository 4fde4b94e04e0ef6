import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange, OrderScope } from '../exchange/exchange.ts';
import type { OrderReport } from '../model/order.ts';
import { sleep, type Clock } from '../util/clock.ts';
import type { CancelReport, RemainingOrder } from './cancel-report.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Reads may lag behind the matching engine: emptiness counts only when this many snapshots in a row show it. */
const EMPTY_SNAPSHOTS = 3;
const BETWEEN_SNAPSHOTS_MS = 250;

export interface CancelAllParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
}

export interface CancelAllRequest {
  readonly trigger: CancelReport['trigger'];
  readonly scopes: readonly OrderScope[];
  /** Which orders are ours; bulk calls are used only while a scope shows no others. */
  readonly isOurs: (order: OrderReport) => boolean;
  /** No create of ours can still land after this monotonic time: proof begins here. */
  readonly quietAt: number;
  readonly deadlineMs: number;
}

/**
 * Cancels every plain order of ours and proves it by the exchange's own list. The list to cancel comes from the exchange;
 * an answer to a cancel is never taken as its effect. Rejects with ExchangeError only when nothing could be read at all.
 */
export async function cancelAll(request: CancelAllRequest, parts: CancelAllParts): Promise<CancelReport> {
  const { clock } = parts;
  const run: Run = {
    ...parts,
    ...request,
    startedAt: clock.monotonic(),
    since: undefined,
    seen: new Map(),
    failures: new Map(),
    leftByBulk: Number.POSITIVE_INFINITY,
    usedBulk: false,
    usedSingle: false,
  };
  const deadline = run.startedAt + request.deadlineMs;
  let emptySnapshots = 0;
  let open: readonly OrderReport[] = [];
  let unreadable: ExchangeError | undefined;
  while (emptySnapshots < EMPTY_SNAPSHOTS && clock.monotonic() < deadline) {
    const snapshot = await readOpen(run);
    unreadable = snapshot instanceof ExchangeError ? snapshot : undefined;
    if (!(snapshot instanceof ExchangeError)) open = snapshot.ours;
    if (!(snapshot instanceof ExchangeError) && open.length > 0) {
      emptySnapshots = 0;
      await cancelOnce(run, snapshot);
    } else if (unreadable === undefined && clock.monotonic() >= request.quietAt) emptySnapshots += 1;
    if (emptySnapshots < EMPTY_SNAPSHOTS) await sleep(clock, BETWEEN_SNAPSHOTS_MS);
  }
  if (unreadable !== undefined && run.seen.size === 0) throw unreadable;
  return report(run, open, emptySnapshots, await filledMeanwhile(run, open));
}

interface Run extends CancelAllParts, CancelAllRequest {
  readonly startedAt: number;
  /** Every order of ours that was seen open, by exchange order id. */
  readonly seen: Map<string, OrderReport>;
  /** Exchange time of the first snapshot. */
  since: number | undefined;
  /** Why the last cancel of an order failed. */
  readonly failures: Map<string, string>;
  /** Orders before the last bulk round: a round that made no progress is the last one. */
  leftByBulk: number;
  usedBulk: boolean;
  usedSingle: boolean;
}

interface Snapshot {
  readonly ours: readonly OrderReport[];
  /** Plain orders of the scope that are not ours. */
  readonly foreign: number;
}

/** One complete enumeration of every scope. */
async function readOpen(run: Run): Promise<Snapshot | ExchangeError> {
  const { exchange, scopes, isOurs, seen } = run;
  try {
    const lists = await Promise.all(scopes.map((scope) => exchange.openOrders(scope)));
    const plain = new Map(
      lists.flatMap(({ value }) => value.filter(({ kind }) => kind === 'plain').map((order) => [order.exchangeOrderId, order])),
    );
    const ours = [...plain.values()].filter(isOurs);
    for (const order of ours) if (!seen.has(order.exchangeOrderId)) seen.set(order.exchangeOrderId, order);
    run.since ??= Math.min(...lists.map(({ at }) => at));
    return { ours, foreign: plain.size - ours.length };
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}

/** Bulk while it can hit only ours and makes progress (it takes 500 at a time); what it leaves goes order by order. */
async function cancelOnce(run: Run, { ours, foreign }: Snapshot): Promise<void> {
  if (foreign === 0 && ours.length < run.leftByBulk) {
    run.leftByBulk = ours.length;
    run.usedBulk = true;
    await Promise.all(run.scopes.map((scope) => bulk(run, scope)));
    return;
  }
  run.usedSingle = true;
  await Promise.all(ours.map((order) => single(run, order)));
}

async function bulk({ exchange, limiter }: Run, scope: OrderScope): Promise<void> {
  await limiter.acquire('cancelAll');
  await exchange.cancelAll(scope).catch(ignoreExchangeError);
}

async function single({ exchange, limiter, failures }: Run, order: OrderReport): Promise<void> {
  await limiter.acquire('cancel');
  try {
    await exchange.cancel(order);
    failures.delete(order.exchangeOrderId);
  } catch (error) {
    failures.set(order.exchangeOrderId, ignoreExchangeError(error).message);
  }
}

/** What a cancel did is read from the next snapshot, whatever its answer was. */
function ignoreExchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  throw error;
}

/** Of the orders seen open, those that the exchange has executed whole since then. */
async function filledMeanwhile({ exchange, since, seen }: Run, open: readonly OrderReport[]): Promise<number> {
  if (since === undefined || seen.size === 0) return 0;
  try {
    const fills = await exchange.fills({ since });
    const executed = new Map<string, number>();
    for (const { exchangeOrderId, quantity } of fills.value) executed.set(exchangeOrderId, (executed.get(exchangeOrderId) ?? 0) + quantity);
    const stillOpen = new Set(open.map(({ exchangeOrderId }) => exchangeOrderId));
    return [...seen.values()].filter(
      (order) => !stillOpen.has(order.exchangeOrderId) && order.filled + (executed.get(order.exchangeOrderId) ?? 0) >= order.quantity,
    ).length;
  } catch (error) {
    ignoreExchangeError(error);
    return 0;
  }
}

function report(run: Run, open: readonly OrderReport[], emptySnapshots: number, filled: number): CancelReport {
  const verified = emptySnapshots >= EMPTY_SNAPSHOTS;
  const remaining: RemainingOrder[] = open.map(({ symbol, clientOrderId, exchangeOrderId }) => ({
    symbol,
    clientOrderId,
    exchangeOrderId,
    reason: run.failures.get(exchangeOrderId) ?? 'still_open',
  }));
  return {
    trigger: run.trigger,
    found: run.seen.size,
    canceled: run.seen.size - remaining.length - filled,
    filledMeanwhile: filled,
    remaining,
    method: methodOf(run),
    emptySnapshots,
    verified,
    durationMs: run.clock.monotonic() - run.startedAt,
  };
}

function methodOf({ usedBulk, usedSingle }: Run): CancelReport['method'] {
  if (usedBulk) return usedSingle ? 'bulk+per_order' : 'bulk';
  return usedSingle ? 'per_order' : 'none';
}
