import { describe, expect, test } from 'vitest';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';
import type { CancelPort } from '../../../../src/exchange/cancel-port.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { adoptPositions, clearLeftovers } from '../../../../src/execution/start/recovery.ts';
import type { PositionReport } from '../../../../src/exchange/exchange.ts';
import type { Fill } from '../../../../src/model/order.ts';
import { lots } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { BTC, fillOf, newOrder, positionOf } from '../../../support/builders/builders.ts';
import { completeOf } from '../../../support/builders/complete.ts';

const LEFT = newOrder({ clientOrderId: 'mm-earlier-1', side: 'sell' });

interface Account {
  /** The list of positions, and the row for a query by symbol. */
  readonly listed?: readonly PositionReport[];
  readonly named?: readonly PositionReport[];
  readonly executions?: readonly Fill[];
  /** Stream events before the lists were read. */
  readonly fills?: readonly Fill[];
  readonly heard?: readonly PositionReport[];
  /** Of orders that were left open: recorded when these were settled. */
  readonly recovered?: readonly Fill[];
}

async function adopted({ listed = [], named = [], executions = [], fills = [], heard = [], recovered = [] }: Account): Promise<OrderStore> {
  const store = new OrderStore();
  for (const fill of fills) store.fill(fill, 0);
  for (const report of heard) store.hear(report);
  for (const { fillId } of recovered) store.knowFill(fillId);
  const exchange = {
    positions: (scope?: { readonly symbol: string }) => Promise.resolve({ value: scope === undefined ? listed : named, at: 1000 }),
    fills: () => Promise.resolve({ value: executions, at: 1000 }),
  };
  await adoptPositions({ exchange, store, clock: new VirtualClock(0) }, [BTC], 0);
  return store;
}

const SOLD = fillOf(LEFT, 'f1', 5, { sequence: 20 });

describe('the position that a run begins with', () => {
  test.each<[string, Account, number]>([
    ['the list names it', { listed: [positionOf(5, { sequence: 9 })] }, 5],
    ['the list does not name it', {}, 0],
    ['an order left behind filled while the streams were up, and the list does not name it', { fills: [SOLD], executions: [SOLD] }, 0],
    ['the same, and the list of executions lags', { fills: [SOLD] }, 0],
    ['and asked by name it is flat', { fills: [SOLD], named: [positionOf(0, { sequence: 20 })] }, 0],
    ['the list is from before that execution', { fills: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it is, and the streams have missed it', { executions: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it is, and it was recovered', { recovered: [SOLD], executions: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it has what was recovered', { recovered: [SOLD], executions: [SOLD], listed: [positionOf(-2, { sequence: 20 })] }, -2],
    [
      'it is, and only the position stream has shown it',
      { listed: [positionOf(5, { sequence: 9 })], heard: [positionOf(0, { sequence: 20 })] },
      0,
    ],
    ['without any sequence the list has the last word', { fills: [SOLD], listed: [positionOf(-3)] }, -3],
  ])('%s', async (_, account, quantity) => {
    const store = await adopted(account);
    expect(store.position('BTCUSDT').quantity).toBe(quantity);
    expect(store.differs('BTCUSDT')).toBe(false);
    // Nothing from before excuses a difference from now on.
    expect(store.heldLately('BTCUSDT', lots(quantity - 5), 0)).toBe(false);
  });

  test('does not change when an execution that is in it arrives late', async () => {
    const store = await adopted({ listed: [positionOf(-2, { sequence: 20 })] });
    expect(store.fill(SOLD, 1).isNew).toBe(false);
    expect(store.position('BTCUSDT').quantity).toBe(-2);
    expect(store.fill(fillOf(LEFT, 'f2', 5, { sequence: 21 }), 1).isNew).toBe(true);
    expect(store.position('BTCUSDT').quantity).toBe(-7);
  });
});

test('when no order is listed any more, but the observed delay of lists leaves no time for a proof, the error says so', async () => {
  const clock = new VirtualClock(0);
  const left = { category: 'linear', symbol: 'BTCUSDT', exchangeOrderId: 'x', clientOrderId: 'mm-earlier-1', kind: 'plain' } as const;
  const row = { ...left, side: 'buy', price: '1', quantity: undefined, filled: undefined, createdAt: 20_000 } as const;
  let reads = 0;
  const port: CancelPort = {
    traded: TRADED,
    covers,
    resting: () => Promise.resolve(completeOf((reads += 1) === 3 ? [row] : [], clock.now())),
    cancelBulk: () => Promise.resolve(),
    cancelOne: () => Promise.resolve(),
    cancelBatch: () => Promise.resolve([]),
    executed: () => Promise.resolve(new Map()),
    recordOf: () => Promise.resolve('closed'),
    presenceOf: () => Promise.resolve('unknown'),
    settleCoins: () => Promise.resolve([]),
  };
  const lanes = { create: 9, amend: 9, cancel: 9, cancelBatch: 9, cancelAll: 9, query: 40 };
  const starting = sleep(clock, 70_000).then(() =>
    clearLeftovers({ port, clock, limiter: new RateLimiter(clock, lanes), lateCreateDeadline: 70_000, watchedSince: () => undefined }, []),
  );
  await expect(clock.run(starting)).rejects.toMatchObject({
    code: 'leftovers',
    message:
      'orders of an earlier run may remain: none is listed any more, but lists may be 50.3 s late, and the time to prove it has run out',
  });
});
