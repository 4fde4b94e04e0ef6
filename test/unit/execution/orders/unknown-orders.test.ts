import { expect, test } from 'vitest';
import { READS_LATE_MS } from '../../../../src/exchange/complete.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { settledAfterMs, UnknownOrders } from '../../../../src/execution/orders/unknown-orders.ts';
import type { Order, OrderReport } from '../../../../src/model/order.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { newOrder, reportOf } from '../../../support/builders/builders.ts';
import { NO_JOURNAL } from '../../../../src/store/no-journal.ts';
import { observerOf } from '../../../support/builders/observers.ts';

const RECV_WINDOW_MS = 2000;
const SETTLED_MS = settledAfterMs(RECV_WINDOW_MS);
const ORDER = newOrder();
const ID = ORDER.clientOrderId;

/** A store with one order, and an exchange whose lists show `listed()` for it. */
function scene(listed: () => OrderReport | undefined, watchedSince: () => number | undefined = () => 0) {
  const clock = new VirtualClock(0);
  const store = new OrderStore();
  let reads = 0;
  const records: JournalRecord[] = [];
  const journal = { ...NO_JOURNAL, append: (...more: readonly JournalRecord[]) => void records.push(...more) };
  const observer = observerOf({ exchange: clock, store, clock, journal });
  const unknown = new UnknownOrders({
    exchange: {
      findOrder: () => {
        reads += 1;
        return Promise.resolve({ value: listed(), at: clock.now() });
      },
    },
    store,
    observer,
    clock,
    recvWindowMs: RECV_WINDOW_MS,
    watchedSince,
    onResolved: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  store.intend(ORDER, 0);
  const acknowledge = (): void => void store.apply(ID, { type: 'acknowledged', exchangeOrderId: `x-${ID}` }, 0);
  const amend = (price: number): void => {
    store.apply(ID, { type: 'amendSent', terms: { price: ticks(price), quantity: lots(10) } }, clock.monotonic());
  };
  const doubt = (): void => {
    store.apply(ID, { type: store.get(ID)?.state.tag === 'open' ? 'changeUnknown' : 'outcomeUnknown' }, clock.monotonic());
    unknown.resolve(order(), clock.monotonic());
  };
  const order = (): Order => defined(store.get(ID), ID);
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  return { store, records, unknown, clock, order, acknowledge, amend, doubt, pass, reads: () => reads };
}

test('a create that no list shows is disproved only after its time window, by two looks', async () => {
  const { order, records, doubt, pass, reads } = scene(() => undefined);
  doubt();
  await pass(SETTLED_MS - 1);
  expect(reads()).toBe(0);
  await pass(100);
  expect([reads(), order().state.tag]).toEqual([1, 'unknown']);
  await pass(1000);
  expect([reads(), order().state.tag]).toEqual([2, 'neverAccepted']);
  expect(records).toMatchObject([{ type: 'order', clientOrderId: ID, state: { tag: 'neverAccepted' } }]);
});

test.each([
  ['is down', () => undefined],
  ['came up after it left', () => 500],
])('where the private stream %s, lists that may be late disprove nothing before they had to show it', async (_, watchedSince) => {
  const { order, doubt, pass } = scene(() => undefined, watchedSince);
  doubt();
  await pass(SETTLED_MS + READS_LATE_MS - 100);
  expect(order().state.tag).toBe('unknown');
  await pass(1200);
  expect(order().state.tag).toBe('neverAccepted');
});

test('an amend that the order shows is settled by the first look, one that it does not show by the second', async () => {
  let price = 600_000;
  const { order, acknowledge, amend, doubt, pass } = scene(() => reportOf(ORDER, { price: ticks(price) }));
  acknowledge();
  amend(600_100);
  doubt();
  await pass(SETTLED_MS + 100);
  expect(order().change).toMatchObject({ kind: 'amend', terms: { price: 600_100 }, unknown: true });
  await pass(1000);
  expect(order()).toMatchObject({ change: { kind: 'none' }, price: 600_000 });
  price = 600_200;
  amend(price);
  doubt();
  await pass(SETTLED_MS + 100);
  expect(order()).toMatchObject({ change: { kind: 'none' }, price: 600_200 });
});

test('looks for an old doubt decide nothing about an amend that was sent since', async () => {
  const { store, order, acknowledge, amend, doubt, pass } = scene(() => reportOf(ORDER));
  acknowledge();
  amend(600_100);
  doubt();
  await pass(SETTLED_MS + 100);
  store.report(reportOf(ORDER, { price: ticks(600_100), updatedAt: 1 }), 1);
  amend(600_300);
  await pass(10_000);
  expect(order()).toMatchObject({ price: 600_100, change: { kind: 'amend', terms: { price: 600_300 } } });
});

test.each([
  ['is down', () => undefined],
  ['came up after it left', () => 500],
])('where the private stream %s, rows that may be late disprove no amend before they had to show it', async (_, watchedSince) => {
  const { order, acknowledge, amend, doubt, pass } = scene(() => reportOf(ORDER), watchedSince);
  acknowledge();
  amend(600_100);
  doubt();
  await pass(SETTLED_MS + READS_LATE_MS - 100);
  expect(order().change).toMatchObject({ kind: 'amend', terms: { price: 600_100 }, unknown: true });
  await pass(1200);
  expect(order().change).toEqual({ kind: 'none' });
});

test('a cancel over an amend may be sent again long before the amend is disproved', async () => {
  const { order, store, acknowledge, amend, doubt, pass } = scene(
    () => reportOf(ORDER),
    () => undefined,
  );
  acknowledge();
  amend(600_100);
  store.apply(ID, { type: 'cancelSent' }, 0);
  doubt();
  await pass(SETTLED_MS + 1100);
  expect(order().change).toMatchObject({ kind: 'amend', terms: { price: 600_100 }, unknown: true });
  await pass(READS_LATE_MS + 100);
  expect(order().change).toEqual({ kind: 'none' });
});

test('a second doubt has the time of its own request, also while the first one is being asked about', async () => {
  let row = reportOf(ORDER);
  const { order, store, acknowledge, amend, doubt, pass } = scene(() => row);
  acknowledge();
  amend(600_100);
  doubt();
  await pass(SETTLED_MS + 100);
  row = reportOf(ORDER, { price: ticks(600_100), updatedAt: 1 });
  store.report(row, 1);
  amend(600_300);
  doubt();
  await pass(SETTLED_MS);
  expect(order().change).toMatchObject({ kind: 'amend', terms: { price: 600_300 }, unknown: true });
  await pass(2100);
  expect(order()).toMatchObject({ price: 600_100, change: { kind: 'none' } });
});

test('cancels that are sent meanwhile, each with a doubt of its own, do not prolong that of the create', async () => {
  const { store, order, unknown, clock, doubt, pass } = scene(() => undefined);
  doubt();
  for (let passedMs = 0; passedMs <= SETTLED_MS + 1000; passedMs += 250) {
    store.apply(ID, { type: 'cancelSent' }, clock.monotonic());
    store.apply(ID, { type: 'changeUnknown' }, clock.monotonic());
    unknown.resolve(order(), clock.monotonic());
    await pass(250);
  }
  expect(order().state.tag).toBe('neverAccepted');
});
