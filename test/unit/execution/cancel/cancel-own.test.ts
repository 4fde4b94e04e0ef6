import { expect, test } from 'vitest';
import type { CancelPort, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { cancelOwn, type CancelOwnParts } from '../../../../src/execution/cancel/cancel-own.ts';
import { ReadAge } from '../../../../src/execution/cancel/read-age.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { decimal } from '../../../../src/util/decimal.ts';
import { newOrder, reportOf } from '../../../support/builders/builders.ts';
import { completeOf } from '../../../support/builders/complete.ts';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';

const LANES = { create: 2, amend: 2, cancel: 2, cancelBatch: 2, cancelAll: 2, query: 40 };
/** An exchange that accepts everything and has no records. */
const PORT: Omit<CancelPort, 'resting' | 'listen'> = {
  traded: TRADED,
  covers,
  cancelBulk: () => Promise.resolve(),
  cancelOne: () => Promise.resolve(),
  cancelBatch: () => Promise.resolve([]),
  recordOf: () => Promise.resolve('absent'),
  executed: () => Promise.resolve(new Map()),
  presenceOf: () => Promise.resolve('listed'),
  settleCoins: () => Promise.resolve([]),
};
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
    ...PORT,
    resting: () => new Promise(() => undefined),
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

test('an order that is canceled at once and that only the stream shows open is counted once', async () => {
  const clock = new VirtualClock(0);
  const store = new OrderStore();
  const order = newOrder({ clientOrderId: 'mm-1' });
  store.intend(order, 0);
  store.report(reportOf(order), 0);
  const gateway = { cancel: () => undefined } as unknown as CancelOwnParts['gateway'];
  const row: RestingOrder = {
    category: 'linear',
    symbol: order.symbol,
    clientOrderId: 'mm-1',
    exchangeOrderId: reportOf(order).exchangeOrderId,
    kind: 'plain',
    side: 'buy',
    price: '60000',
    quantity: decimal('1'),
    filled: decimal('0'),
    createdAt: 0,
  };
  const port: CancelPort = {
    ...PORT,
    resting: () => sleep(clock, 50).then(() => completeOf<RestingOrder>([], clock.now())),
    listen({ onNews }) {
      clock.schedule(40, () => onNews({ order: row, isOpen: true }));
      clock.schedule(200, () => {
        store.report(reportOf(order, { status: 'canceled' }), 200);
        onNews({ order: row, isOpen: false });
      });
      return () => undefined;
    },
  };
  const limits = { recvWindowMs: 2000, fencedAt: 0, earlierUntil: Number.NEGATIVE_INFINITY, isShared: false, deadlineMs: 20_000 };
  const parts = { port, clock, limiter: new RateLimiter(clock, LANES), store, gateway, age: new ReadAge(), watchedSince: () => undefined };
  expect(await clock.run(cancelOwn('stop', { ...parts, ...limits }))).toMatchObject({ found: 1, canceled: 1, verified: true });
});
