import { expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { settleLeftOpen } from '../../../src/execution/left-open.ts';
import type { OrderReport } from '../../../src/model/order.ts';
import { lots } from '../../../src/model/units.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { newOrder, reportOf } from '../../support/builders.ts';

/** `rows`: what the exchange says of an order at the first look, the second, and so on; its last word stays. */
async function settledBy(rows: Readonly<Record<string, readonly (OrderReport | undefined)[]>>) {
  const clock = new VirtualClock(0);
  const records: JournalRecord[] = [];
  const events: BotEvent[] = [];
  const looks: Record<string, number> = {};
  const exchange = {
    findOrder: ({ clientOrderId }: { readonly clientOrderId: string }) => {
      const look = (looks[clientOrderId] ??= 0);
      looks[clientOrderId] = look + 1;
      const said = rows[clientOrderId] ?? [];
      return Promise.resolve({ value: said[Math.min(look, said.length - 1)], at: clock.now() });
    },
  };
  const journal = { append: (record: JournalRecord) => void records.push(record), sync: () => undefined, close: () => undefined };
  const open = Object.keys(rows).map((clientOrderId) => ({ clientOrderId, symbol: 'BTCUSDT' }));
  await clock.run(settleLeftOpen({ exchange, journal, clock, record: (event) => void events.push(event) }, open));
  return { records, events, looks, elapsedMs: clock.monotonic() };
}

const row = (clientOrderId: string, terms: Partial<OrderReport>): OrderReport => reportOf(newOrder({ clientOrderId }), terms);

test('the end of each order is recorded as the exchange tells it', async () => {
  const { records, events, elapsedMs } = await settledBy({
    a: [row('a', { status: 'filled', filled: lots(10) })],
    b: [row('b', { status: 'canceled', filled: lots(3), reason: 'EC_PerCancelRequest' })],
    c: [row('c', { status: 'open' })],
  });
  expect(records).toMatchObject([
    { type: 'order', clientOrderId: 'a', exchangeOrderId: 'x-a', state: { tag: 'filled' }, filled: 10 },
    { type: 'order', clientOrderId: 'b', state: { tag: 'canceled', reason: 'EC_PerCancelRequest' }, filled: 3 },
    { type: 'order', clientOrderId: 'c', state: { tag: 'open' } },
  ]);
  expect(events).toMatchObject([{ type: 'leftoverSettled', clientOrderId: 'a' }, { clientOrderId: 'b' }, { clientOrderId: 'c' }]);
  expect(elapsedMs).toBe(0);
});

test('an order that no list has counts as gone only after a second look, a second later', async () => {
  const { records, looks, elapsedMs } = await settledBy({
    a: [undefined],
    b: [undefined, row('b', { status: 'filled', filled: lots(10) })],
  });
  expect(looks).toEqual({ a: 2, b: 2 });
  expect(elapsedMs).toBe(1000);
  expect(records).toMatchObject([
    { clientOrderId: 'b', state: { tag: 'filled' } },
    { clientOrderId: 'a', state: { tag: 'canceled', reason: 'no list of the exchange has it' }, filled: 0 },
  ]);
});

test('where nothing was left, nothing is asked', async () => {
  expect(await settledBy({})).toMatchObject({ records: [], looks: {}, elapsedMs: 0 });
});
