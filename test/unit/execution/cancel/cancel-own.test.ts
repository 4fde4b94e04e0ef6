import { expect, test } from 'vitest';
import type { CancelPort } from '../../../../src/exchange/cancel-port.ts';
import { cancelOwn, type CancelOwnParts } from '../../../../src/execution/cancel/cancel-own.ts';
import { ReadAge } from '../../../../src/execution/cancel/read-age.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { newOrder, reportOf } from '../../../support/builders/builders.ts';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';

const LANES = { create: 2, amend: 2, cancel: 2, cancelBatch: 2, cancelAll: 2, query: 40 };
const IDS = ['mm-1', 'mm-2', 'mm-3', 'mm-4', 'mm-5'];

test('while its list hangs, what the store knows as open is canceled: as many as may be sent at once, and soon the others', async () => {
  const clock = new VirtualClock(0);
  const store = new OrderStore();
  for (const clientOrderId of IDS) {
    const order = newOrder({ clientOrderId });
    store.intend(order, 0);
    store.report(reportOf(order), 0);
  }
  const canceled: { id: string; at: number }[] = [];
  const gateway = {
    cancel(...orders: readonly { readonly clientOrderId: string }[]) {
      for (const { clientOrderId } of orders) {
        store.apply(clientOrderId, { type: 'cancelSent' }, clock.monotonic());
        canceled.push({ id: clientOrderId, at: clock.monotonic() });
      }
    },
  } as CancelOwnParts['gateway'];
  const port: CancelPort = {
    traded: TRADED,
    covers,
    resting: () => new Promise(() => undefined),
    cancelBulk: () => Promise.resolve(),
    cancelOne: () => Promise.resolve(),
    cancelBatch: () => Promise.resolve([]),
    recordOf: () => Promise.resolve('absent'),
    executed: () => Promise.resolve(new Map()),
    presenceOf: () => Promise.resolve('listed'),
    settleCoins: () => Promise.resolve([]),
  };
  const parts = { port, clock, limiter: new RateLimiter(clock, LANES), store, gateway, recvWindowMs: 2000, fencedAt: 0 };
  const age = new ReadAge();
  await expect(
    clock.run(
      cancelOwn('stop', {
        ...parts,
        age,
        watchedSince: () => undefined,
        earlierUntil: Number.NEGATIVE_INFINITY,
        isShared: false,
        deadlineMs: 4000,
      }),
    ),
  ).rejects.toThrow('list');
  expect(canceled.filter(({ at }) => at === 0)).toHaveLength(2);
  expect(canceled.map(({ id }) => id)).toEqual(IDS);
  expect(canceled.at(-1)?.at).toBeLessThan(1500);
});
