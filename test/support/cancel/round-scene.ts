import { covers, TRADED } from '../../../src/exchange/bybit/settle-coins.ts';
import type { CancelPort, CancelScope, RestingOrder } from '../../../src/exchange/cancel-port.ts';
import { CancelRound } from '../../../src/execution/cancel/cancel-round.ts';
import { RateLimiter } from '../../../src/execution/limits/rate-limiter.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { decimal } from '../../../src/util/decimal.ts';
import { completeOf } from '../builders/complete.ts';

const CEILINGS = { create: 10, amend: 10, cancel: 10, cancelBatch: 10, cancelAll: 5, query: 10 };
export const LINEAR: CancelScope = { category: 'linear', settleCoin: 'USDT' };

interface Choice {
  readonly perOrder?: boolean;
  readonly includeStops?: boolean;
  readonly deadlineMs?: number;
  /** Throws the failure of a call; for a batch it may return a reason per order. */
  readonly bulk?: (call: number) => void;
  readonly one?: (order: RestingOrder) => void;
  /** Settle coins of a category. */
  readonly coins?: (reading: number) => readonly string[];
  readonly batch?: (orders: readonly RestingOrder[]) => readonly (string | undefined)[];
}

/** A round and its requests to the exchange, in order. */
export function roundScene({
  perOrder = false,
  includeStops = false,
  deadlineMs = 60_000,
  bulk,
  one,
  batch,
  coins = () => [],
}: Choice = {}) {
  const clock = new VirtualClock(0);
  const bulks: CancelScope[] = [];
  const ones: string[] = [];
  const batches: string[][] = [];
  let readings = 0;
  const port: CancelPort = {
    traded: TRADED,
    covers,
    resting: () => Promise.resolve(completeOf([])),
    recordOf: () => Promise.resolve('absent'),
    presenceOf: () => Promise.resolve('unknown'),
    settleCoins: async () => coins((readings += 1)),
    executed: () => Promise.resolve(new Map()),
    async cancelBulk(scope) {
      bulks.push(scope);
      bulk?.(bulks.length);
    },
    async cancelOne(order: RestingOrder) {
      ones.push(order.exchangeOrderId);
      one?.(order);
    },
    async cancelBatch(orders) {
      batches.push(orders.map(({ exchangeOrderId }) => exchangeOrderId));
      return batch?.(orders) ?? [];
    },
  };
  const round = new CancelRound({ port, clock, limiter: new RateLimiter(clock, CEILINGS) }, { perOrder, includeStops }, deadlineMs);
  const cancel = (targets: readonly RestingOrder[], others: readonly RestingOrder[] = [], scopes: readonly CancelScope[] = [LINEAR]) =>
    clock.run(round.cancel(targets, others, scopes));
  return {
    clock,
    round,
    cancel,
    bulks,
    ones,
    batches,
    cancelUnseen: (scopes: readonly CancelScope[]) => clock.run(round.cancelUnseen(scopes)),
    cancelKnown: (targets: readonly RestingOrder[]) => clock.run(round.cancelKnown(targets)),
  };
}

export const resting = (id: string, terms: Partial<RestingOrder> = {}): RestingOrder => ({
  category: 'linear',
  symbol: 'BTCUSDT',
  exchangeOrderId: id,
  clientOrderId: `mm-${id}`,
  kind: 'plain',
  side: 'buy',
  price: '1',
  quantity: decimal('1'),
  filled: decimal('0'),
  ...terms,
});
export const many = (count: number, prefix = 'o', terms: Partial<RestingOrder> = {}): RestingOrder[] =>
  Array.from({ length: count }, (_, i) => resting(`${prefix}${i}`, terms));
