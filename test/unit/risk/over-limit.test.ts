import { expect, test } from 'vitest';
import type { Order, Side } from '../../../src/model/order.ts';
import { transition } from '../../../src/model/order.ts';
import { exactly } from '../../../src/model/position.ts';
import { lots, tickLots, ticks } from '../../../src/model/units.ts';
import { beyondLimit } from '../../../src/risk/over-limit.ts';
import { openOrder } from '../../support/builders/builders.ts';

const order = (clientOrderId: string, side: Side, price: number): Order =>
  openOrder({ clientOrderId, side, price: ticks(price), quantity: lots(10) });
const ORDERS = [order('b2', 'buy', 98), order('b1', 'buy', 99), order('s1', 'sell', 101), order('s2', 'sell', 102)];
const LIMIT = tickLots(30 * 102);
const beyond = (low: number, high: number, orders = ORDERS): string[] =>
  beyondLimit({ low: lots(low), high: lots(high) }, orders, LIMIT).map(({ clientOrderId }) => clientOrderId);

test('no order exceeds a limit that all of one side together keep', () => {
  expect([beyond(0, 0), beyond(-10, 10)]).toEqual([[], []]);
});

test('a position larger than known removes the room of the farthest orders first', () => {
  expect([beyond(0, 20), beyond(0, 30), beyond(-20, 0), beyond(-30, 30)]).toEqual([['b2'], ['b1', 'b2'], ['s2'], ['b1', 'b2', 's1', 's2']]);
});

test('an order that reduces the position never exceeds the limit', () => {
  expect(beyond(40, 40)).toEqual(['b1', 'b2']);
  expect(beyondLimit(exactly(lots(-40)), ORDERS, LIMIT).map(({ side }) => side)).toEqual(['sell', 'sell']);
});

test('one that is being canceled, or may not be there, keeps its room until that is known', () => {
  const leaving = ORDERS.map((each) => (each.clientOrderId === 'b2' ? transition(each, { type: 'cancelSent' }, 0) : each));
  expect(beyond(0, 20, leaving)).toEqual(['b1']);
});
