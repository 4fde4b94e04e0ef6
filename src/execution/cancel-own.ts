import type { CancelPort, CancelScope, RestingOrder } from '../exchange/cancel-port.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { Stamped } from '../exchange/exchange.ts';
import type { Clock } from '../util/clock.ts';
import { cancelAll } from './cancel-all.ts';
import type { CancelReport } from './cancel-report.ts';
import type { OrderGateway } from './order-gateway.ts';
import type { OrderStore } from './order-store.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { settledAfterMs } from './unknown-orders.ts';

export interface CancelOwnParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly store: OrderStore;
  readonly gateway: OrderGateway;
  readonly symbols: readonly string[];
  readonly idPrefix: string;
  readonly recvWindowMs: number;
  readonly deadlineMs: number;
}

/**
 * Cancels every order of this run and proves it. The list to cancel is the exchange's; but it may lag or be unreadable, so what
 * our own store holds for live and the list does not show is canceled by its id, over whatever way is left, and the proof waits
 * until each of these orders is closed by its own record.
 */
export function cancelOwn(trigger: CancelReport['trigger'], parts: CancelOwnParts): Promise<CancelReport> {
  const { port, clock, limiter, store, symbols, idPrefix, recvWindowMs, deadlineMs } = parts;
  const inDoubt = store.live().some(({ state }) => state.tag === 'pending' || state.tag === 'unknown');
  return cancelAll(
    {
      trigger,
      scopes: symbols.map((symbol) => ({ category: 'linear', symbol })),
      isTarget: ({ clientOrderId }) => clientOrderId.startsWith(idPrefix),
      includeStops: false,
      perOrder: false,
      quietAt: clock.monotonic() + (inDoubt ? settledAfterMs(recvWindowMs) : 0),
      isSettled: () => store.live().length === 0,
      deadlineMs,
    },
    { port: { ...port, resting: (scope) => restingOwn(parts, scope) }, clock, limiter },
  );
}

async function restingOwn(parts: CancelOwnParts, scope: CancelScope): Promise<Stamped<readonly RestingOrder[]>> {
  try {
    const list = await parts.port.resting(scope);
    cancelUnlisted(parts, scope, list.value);
    return list;
  } catch (error) {
    if (error instanceof ExchangeError) cancelUnlisted(parts, scope, []);
    throw error;
  }
}

function cancelUnlisted({ store, gateway }: CancelOwnParts, { symbol }: CancelScope, listed: readonly RestingOrder[]): void {
  const shown = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  for (const order of store.live(symbol)) {
    const isCanceling = order.change.kind === 'cancel' && !order.change.unknown;
    if (!shown.has(order.clientOrderId) && !isCanceling) gateway.cancel(order);
  }
}
