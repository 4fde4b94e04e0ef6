import { expect, test } from 'vitest';
import { LingeringOrders } from '../../../../src/execution/loop/lingering.ts';
import { transition, type Order } from '../../../../src/model/order.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { newOrder, openOrder, reportOf } from '../../../support/builders/builders.ts';

const OPEN = openOrder({ quantity: lots(10) });
const shown = (orders: readonly Order[]) => orders.map(({ price, quantity, filled }) => [price, quantity - filled]);

test.each<[string, Order, readonly (readonly number[])[]]>([
  ['filled', transition(OPEN, { type: 'executed', filled: lots(10) }, 0), [[600_000, 10]]],
  ['filled in part', transition(OPEN, { type: 'executed', filled: lots(4) }, 0), [[600_000, 4]]],
  ['canceled', transition(OPEN, { type: 'reported', report: reportOf(newOrder(), { status: 'canceled' }) }, 0), [[600_000, 10]]],
  ['moved', { ...OPEN, price: ticks(600_007) }, [[600_000, 10]]],
  ['made larger', { ...OPEN, quantity: lots(12) }, []],
])('an order that was %s may be shown where it was until a book is newer', (_, after, expected) => {
  const lingering = new LingeringOrders(new VirtualClock(0));
  lingering.bookArrived(1000);
  lingering.changed(OPEN, after, 1010);
  expect(shown(lingering.orders)).toEqual(expected);
  lingering.bookArrived(1009);
  expect(shown(lingering.orders)).toEqual(expected);
  lingering.bookArrived(1010);
  expect(lingering.orders).toEqual([]);
});

test('a change that the book has seen already, or a book that never comes, leaves nothing', async () => {
  const clock = new VirtualClock(0);
  const lingering = new LingeringOrders(clock);
  const filled = transition(OPEN, { type: 'executed', filled: lots(10) }, 0);
  lingering.bookArrived(1000);
  lingering.changed(OPEN, filled, 1000);
  expect(lingering.orders).toEqual([]);
  lingering.changed(OPEN, filled, 1001);
  await clock.run(sleep(clock, 501));
  expect(lingering.orders).toEqual([]);
});
