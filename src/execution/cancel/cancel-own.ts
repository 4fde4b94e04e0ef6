import { isOwn, type CancelPort, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { Listing } from '../../exchange/complete.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { Clock } from '../../util/clock.ts';
import { cancelAll } from './cancel-all.ts';
import type { CancelReport } from './cancel-report.ts';
import type { OrderGateway } from '../orders/order-gateway.ts';
import type { OrderStore } from '../orders/order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { ReadAge } from './read-age.ts';
import { settledAfterMs } from '../orders/unknown-orders.ts';

/** A list that takes longer than this may hang: what the store knows as open is canceled without it. */
const SLOW_LIST_MS = 1000;

export interface CancelOwnParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly store: OrderStore;
  readonly gateway: OrderGateway;
  readonly recvWindowMs: number;
  /** Since when no create is sent, monotonic. The same for every attempt, so that short attempts together outlast the delay of lists. */
  readonly fencedAt: number;
  /** Until when the exchange may still accept a create of an earlier run, monotonic. */
  readonly earlierUntil: number;
  /** The observed delay of the lists, shared with earlier attempts. */
  readonly age: ReadAge;
  /** Since when no order event was missed, monotonic; undefined while the private stream is down. */
  readonly watchedSince: () => number | undefined;
  /** Others may have orders on this account, which must stay. */
  readonly isShared: boolean;
  readonly deadlineMs: number;
}

/**
 * Cancels every order of mmbot, of this run and of earlier ones, and proves it. Cancels of the orders that the store knows as open are
 * sent at once, before any query, as many as the rate limit allows. After that, the exchange's list determines what to cancel. It may
 * lag or be unreadable, so live orders of the store that it does not show are canceled by id, on any available transport, and the
 * proof waits until each of them is closed according to its own record.
 */
export async function cancelOwn(trigger: CancelReport['trigger'], parts: CancelOwnParts): Promise<CancelReport> {
  const { port, clock, limiter, store, recvWindowMs, deadlineMs, watchedSince, fencedAt, earlierUntil, age, isShared } = parts;
  // Orders in `pending` are live in the store, and the proof waits for them anyway.
  const inDoubt = store.live().some(({ state }) => state.tag === 'unknown');
  const early = cancelAtOnce(parts);
  const listed = new Set<string>();
  const resting = async (scope: CancelScope): Promise<Listing<RestingOrder>> => {
    const list = await restingOwn(parts, scope);
    for (const { clientOrderId } of list.value) listed.add(clientOrderId);
    return list;
  };
  const countOpen = (open: readonly RestingOrder[]): void => {
    for (const { clientOrderId } of open) listed.add(clientOrderId);
  };
  const ofThisRun = (order: RestingOrder): boolean => store.find(order) !== undefined;
  const report = await cancelAll(
    {
      trigger,
      scopes: [port.traded],
      isTarget: (order) => ofThisRun(order) || isOwn(order),
      isShared,
      includeStops: false,
      perOrder: false,
      lateCreateDeadline: Math.max(earlierUntil, fencedAt + (inDoubt ? settledAfterMs(recvWindowMs) : 0)),
      watchedSince,
      isExpected: ofThisRun,
      isSettled: () => store.live().length === 0,
      deadlineMs,
      age,
    },
    { port: { ...port, resting }, clock, limiter, onLook: countOpen },
  );
  return withEarly(
    report,
    early.filter((id) => !listed.has(id)).map((id) => store.get(id)?.state.tag),
  );
}

function cancelAtOnce({ store, gateway, limiter }: CancelOwnParts): string[] {
  const open = store.live().filter(({ state, change }) => state.tag === 'open' && change.kind !== 'cancel');
  const first = open.slice(0, limiter.room('cancel'));
  gateway.cancel(...first);
  return first.map(({ clientOrderId }) => clientOrderId);
}

/** Adds the orders that no list showed because they were closed before the first list was read. */
function withEarly(report: CancelReport, endings: readonly (string | undefined)[]): CancelReport {
  const canceled = endings.filter((ending) => ending === 'canceled').length;
  const filled = endings.filter((ending) => ending === 'filled').length;
  const method = canceled === 0 ? report.method : report.method.startsWith('bulk') ? 'bulk+per_order' : 'per_order';
  return {
    ...report,
    method,
    found: report.found + canceled + filled,
    canceled: report.canceled + canceled,
    filledMeanwhile: report.filledMeanwhile + filled,
  };
}

async function restingOwn(parts: CancelOwnParts, scope: CancelScope): Promise<Listing<RestingOrder>> {
  const listInTime = parts.clock.schedule(SLOW_LIST_MS, () => cancelUnlisted(parts, []));
  try {
    const list = await parts.port.resting(scope);
    cancelUnlisted(parts, list.value);
    return list;
  } catch (error) {
    if (error instanceof ExchangeError) cancelUnlisted(parts, []);
    throw error;
  } finally {
    listInTime();
  }
}

function cancelUnlisted({ store, gateway }: CancelOwnParts, listed: readonly RestingOrder[]): void {
  const shown = new Set(listed.map((order) => store.find(order)?.clientOrderId));
  const unlisted = store.live().filter(({ clientOrderId, change }) => {
    const isCanceling = change.kind === 'cancel' && !change.unknown;
    return !shown.has(clientOrderId) && !isCanceling;
  });
  gateway.cancel(...unlisted);
}
