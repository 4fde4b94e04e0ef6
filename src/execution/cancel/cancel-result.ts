import { keyOf, OUT_OF_SCOPE, scopeName, type RestingOrder } from '../../exchange/cancel-port.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import { add, compare, decimal, type Decimal } from '../../util/decimal.ts';
import { within } from '../../util/promise.ts';
import { isProven, knownTo } from './cancel-proof.ts';
import type { CancelReport, RemainingOrder } from './cancel-report.ts';
import type { Run } from './cancel-run.ts';

/** Time limit for reading executions, which are needed only to distinguish canceled from filled orders. */
const EXECUTIONS_MS = 5000;
/** How long after the deadline that may end. */
const LAST_MS = 1400;
const NONE = decimal('0');

/** How many of the orders seen open have been filled completely since; undefined when the executions could not be read. */
export async function filledMeanwhile({
  port,
  clock,
  deadline,
  since,
  seen,
  unseen,
  open,
  signal,
  stopped,
}: Run): Promise<number | undefined> {
  const gone = new Map(seen);
  for (const order of open) gone.delete(keyOf(order));
  if (since === undefined || gone.size === 0) return 0;
  if (signal?.aborted === true) return undefined;
  const categories = [...new Set([...gone.values()].map(({ category }) => category))];
  const patienceMs = Math.min(EXECUTIONS_MS, deadline + LAST_MS - clock.monotonic());
  try {
    const reading = Promise.all(categories.map((category) => port.executed(category, since)));
    const totals = await within(clock, patienceMs, Promise.race([reading, stopped]), () => undefined);
    if (totals === undefined) return undefined;
    const executed = new Map(totals.flatMap((byOrder) => [...byOrder]));
    return [...gone.values()].filter((order) =>
      isFilled(order, unseen.has(keyOf(order)) ? NONE : (executed.get(order.exchangeOrderId) ?? NONE), since),
    ).length;
  } catch (error) {
    if (error instanceof ExchangeError) return undefined;
    throw error;
  }
}

/** `executed`: since the exchange time `since`, which includes all of a younger order. */
function isFilled({ quantity, filled, createdAt }: RestingOrder, executed: Decimal, since: number): boolean {
  // A stop of a whole position has the quantity 0.
  if (quantity === undefined || filled === undefined || compare(quantity, NONE) <= 0) return false;
  const isYounger = createdAt !== undefined && createdAt > since;
  return compare(isYounger ? larger(filled, executed) : add(filled, executed), quantity) >= 0;
}

function larger(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}

export function reportOf(run: Run, filled: number | undefined): CancelReport {
  const { clock, startedAt, clearedAt, seen, round, last, age } = run;
  const remaining: RemainingOrder[] = [
    ...run.open.map((order) => ({ order, reason: round.failures.get(keyOf(order)) ?? 'still_open' })),
    ...run.doubtful.map((order) => ({ order, reason: 'its row does not show who placed it' })),
  ].map(({ order: { category, symbol, clientOrderId, exchangeOrderId, kind, hidesOwner = false }, reason }) => ({
    category,
    symbol,
    clientOrderId,
    exchangeOrderId,
    kind,
    reason,
    ...(hidesOwner ? { hidesOwner } : {}),
  }));
  const unread = last?.failures.map(({ message }) => message) ?? [];
  return {
    trigger: run.trigger,
    found: seen.size + run.doubtful.length,
    canceled: seen.size - run.open.length - (filled ?? 0),
    filledMeanwhile: filled ?? 0,
    fillsKnown: filled !== undefined,
    remaining,
    leftAlone: run.leftAlone,
    stragglers: run.stragglers,
    method: round.method,
    rounds: run.rounds,
    emptySnapshots: run.emptySnapshots,
    verified: isProven(run),
    evidence: {
      scopes: run.scopes.map(scopeName),
      outOfScope: OUT_OF_SCOPE,
      witness: (run.watchedSince?.() ?? run.scanner.watchedSince) === undefined ? 'lists' : 'lists and order stream',
      placedMeanwhile: run.placedMeanwhile,
      readsSeenLateMs: Math.round(age.seenMs),
      readsMayBeLateMs: Number.isFinite(knownTo(run)) ? Math.round(age.boundMs) : 0,
    },
    unreadable: unread.length === 0 ? undefined : [...new Set(unread)].join('; '),
    clearedMs: clearedAt === undefined ? undefined : clearedAt - startedAt,
    durationMs: clock.monotonic() - startedAt,
  };
}
