import { describe, expect, test } from 'vitest';
import { newOrderState, transition, type Order, type Side } from '../../../src/model/order.ts';
import { exactly } from '../../../src/model/position.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { Exposure } from '../../../src/risk/exposure.ts';
import { at } from '../../../src/util/array.ts';
import { newOrder, openOrder } from '../../support/builders/builders.ts';

const order = (clientOrderId: string, side: Side, price: number, quantity: number): Order =>
  openOrder({ clientOrderId, side, price: ticks(price), quantity: lots(quantity) });
const amending = (resting: Order, price: number, quantity: number): Order =>
  transition(resting, { type: 'amendSent', terms: { price: ticks(price), quantity: lots(quantity) } }, 0);
const exposureOf = (position: number, ...orders: readonly Order[]): Exposure => new Exposure(exactly(lots(position)), orders);
const amend = (clientOrderId: string, price: number, quantity: number) => ({
  symbol: 'BTCUSDT',
  clientOrderId,
  price: ticks(price),
  quantity: lots(quantity),
});

const BUYS = [order('b1', 'buy', 99, 10), order('b2', 'buy', 97, 20)];
const SELLS = [order('s1', 'sell', 101, 3), order('s2', 'sell', 104, 4)];

describe('the worst position', () => {
  test('is what it is when everything of one side fills', () => {
    const exposure = exposureOf(5, ...BUYS, ...SELLS);
    expect(exposure.worstPosition('buy', 0)).toBe(35);
    expect(exposure.worstPosition('sell', 0)).toBe(-2);
    expect(exposure.worstPosition('buy', 7)).toBe(42);
    expect(exposure.worstPosition('sell', 7)).toBe(-9);
  });

  test('leaves out the order that is replaced, and no other', () => {
    const exposure = exposureOf(0, ...BUYS, ...SELLS);
    expect(exposure.worstPosition('buy', 0, 'b2')).toBe(10);
    expect(exposure.worstPosition('sell', 0, 's1')).toBe(-4);
    expect(exposure.worstPosition('sell', 0, 'b1')).toBe(-7);
  });

  test('counts what was executed no more, and closed orders not at all', () => {
    const half = transition(order('b1', 'buy', 99, 10), { type: 'executed', filled: lots(4) }, 0);
    const closed = transition(newOrderState(newOrder({ clientOrderId: 'b3' }), 0), { type: 'refused', reason: '' }, 0);
    expect(exposureOf(4, half, closed).worstPosition('buy', 0)).toBe(10);
  });

  test('counts an amend upward from the moment it is decided, an amend downward not before it is seen', () => {
    const exposure = exposureOf(0, ...BUYS, ...SELLS);
    exposure.addAmend(at(BUYS, 0), amend('b1', 99, 15));
    exposure.addAmend(at(BUYS, 1), amend('b2', 97, 1));
    exposure.addPlace(newOrder({ clientOrderId: 'b3', side: 'buy', price: ticks(90), quantity: lots(100) }));
    expect(exposure.worstPosition('buy', 0)).toBe(15 + 20 + 100);
    expect(exposure.worstPosition('sell', 0)).toBe(-7);
  });

  test('knows that the quantity of an amend includes what was executed', () => {
    const half = transition(order('b1', 'buy', 99, 10), { type: 'executed', filled: lots(4) }, 0);
    const exposure = exposureOf(0, half);
    exposure.addAmend(half, amend('b1', 99, 12));
    expect(exposure.worstPosition('buy', 0)).toBe(8);
  });
});

describe('the nearest own price of the other side', () => {
  test('is the lowest ask for a bid, the highest bid for an ask', () => {
    const exposure = exposureOf(0, ...BUYS, ...SELLS);
    expect([exposure.ownOpposite('buy'), exposure.ownOpposite('sell')]).toEqual([101, 99]);
    expect([exposureOf(0, ...BUYS).ownOpposite('buy'), exposureOf(0, ...SELLS).ownOpposite('sell')]).toEqual([undefined, undefined]);
  });

  test.each<[string, Order[], (exposure: Exposure) => void]>([
    ['on its way', [amending(order('b', 'buy', 95, 1), 98, 1), amending(order('s', 'sell', 105, 1), 102, 1)], () => undefined],
    ['on its way back', [amending(order('b', 'buy', 98, 1), 95, 1), amending(order('s', 'sell', 102, 1), 105, 1)], () => undefined],
    [
      'that was just decided',
      [order('x', 'buy', 90, 1), order('b', 'buy', 95, 1), order('s', 'sell', 105, 1)],
      (exposure) => {
        exposure.addAmend(order('b', 'buy', 95, 1), amend('b', 98, 1));
        exposure.addAmend(order('s', 'sell', 105, 1), amend('s', 102, 1));
      },
    ],
    [
      'away that was just decided',
      [order('b', 'buy', 98, 1), order('s', 'sell', 102, 1)],
      (exposure) => {
        exposure.addAmend(order('b', 'buy', 98, 1), amend('b', 95, 1));
        exposure.addAmend(order('s', 'sell', 102, 1), amend('s', 105, 1));
      },
    ],
  ])('is the nearer of both prices of an amend %s', (_, orders, decide) => {
    const exposure = exposureOf(0, ...orders);
    decide(exposure);
    expect([exposure.ownOpposite('buy'), exposure.ownOpposite('sell')]).toEqual([102, 98]);
  });
});

test('a twin has side, price and quantity of an order that is or may be live', () => {
  const exposure = exposureOf(0, ...BUYS, amending(order('b3', 'buy', 96, 5), 95, 5));
  expect(exposure.hasTwin('buy', 99, 10)).toBe(true);
  for (const [side, price, quantity] of [
    ['sell', 99, 10],
    ['buy', 98, 10],
    ['buy', 99, 9],
    ['buy', 97, 10],
    // It is unknown which of its two prices it has.
    ['buy', 96, 5],
    ['buy', 95, 5],
  ] as const)
    expect([side, price, quantity, exposure.hasTwin(side, price, quantity)]).toEqual([side, price, quantity, false]);
  expect(exposureOf(0).hasTwin('buy', 99, 10)).toBe(false);
});

test.each<[number, Side, number, boolean]>([
  [10, 'sell', 10, true],
  [10, 'sell', 11, false],
  [10, 'buy', 1, false],
  [-10, 'buy', 10, true],
  [-10, 'buy', 11, false],
  [-10, 'sell', 1, false],
  [0, 'buy', 1, false],
  [0, 'sell', 1, false],
])('at a position of %i, %s %i only reduces it: %s', (position, side, quantity, expected) => {
  expect(exposureOf(position).isReducing(side, quantity)).toBe(expected);
});

test('an order is reducing only within the room that the other open orders leave, without the one it replaces', () => {
  const exposure = exposureOf(10, ...SELLS);
  expect([exposure.isReducing('sell', 3), exposure.isReducing('sell', 4)]).toEqual([true, false]);
  expect([exposure.isReducing('sell', 7, 's2'), exposure.isReducing('sell', 8, 's2')]).toEqual([true, false]);
});

test('what may be held counts at its worse end for each side, and nothing reduces what may not be there', () => {
  const exposure = new Exposure({ low: lots(-4), high: lots(6) }, [...BUYS, ...SELLS]);
  expect([exposure.worstPosition('buy', 1), exposure.worstPosition('sell', 1)]).toEqual([37, -12]);
  expect([exposure.isReducing('sell', 1), exposure.isReducing('buy', 1)]).toEqual([false, false]);
  const long = new Exposure({ low: lots(5), high: lots(9) }, []);
  expect([long.isReducing('sell', 5), long.isReducing('sell', 6)]).toEqual([true, false]);
});
