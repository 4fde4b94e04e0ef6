import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { transition, type Order, type Side } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { diffOrders } from '../../../src/strategy/order-diff.ts';
import type { Quote } from '../../../src/strategy/quote.ts';
import { openOrder } from '../../support/builders.ts';

const ALWAYS = { isWorthMoving: () => true, quantityTolerance: 1 };
const quote = (side: Side, price: number, quantity = 10): Quote => ({ side, level: 0, price: ticks(price), quantity: lots(quantity) });
const order = (id: string, side: Side, price: number, quantity = 10): Order =>
  openOrder({ clientOrderId: id, side, price: ticks(price), quantity: lots(quantity) });

describe('order diff', () => {
  test('places what is missing, cancels what is too much, amends what is elsewhere, keeps what fits', () => {
    const diff = diffOrders([quote('buy', 100), quote('sell', 200)], [order('a', 'buy', 90), order('b', 'buy', 100)], ALWAYS);
    expect(diff.places).toEqual([quote('sell', 200)]);
    expect(diff.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['a']);
    expect(diff.amends).toEqual([]);
    const moved = diffOrders([quote('buy', 101)], [order('b', 'buy', 100)], ALWAYS);
    expect(moved.amends.map(({ order: { clientOrderId }, to }) => [clientOrderId, to.price])).toEqual([['b', 101]]);
  });

  test('what the diff asks for, applied, is what was wanted', () => {
    const prices = fc.integer({ min: 1, max: 50 });
    const sides = fc.constantFrom<Side>('buy', 'sell');
    const quotes = fc.array(fc.tuple(sides, prices), { maxLength: 4 });
    fc.assert(
      fc.property(quotes, fc.array(fc.tuple(sides, prices), { maxLength: 6 }), (wanted, resting) => {
        const targets = wanted.map(([side, price]) => quote(side, price));
        const orders = resting.map(([side, price], i) => order(`o${i}`, side, price));
        const diff = diffOrders(targets, orders, ALWAYS);
        const canceled = new Set(diff.cancels);
        const amended = new Map(diff.amends.map((amend) => [amend.order, amend.to]));
        const left = orders.filter((each) => !canceled.has(each)).map((each) => [each.side, amended.get(each)?.price ?? each.price]);
        const result = [...left, ...diff.places.map(({ side, price }) => [side, price])];
        const sorted = (list: unknown[]): string[] => list.map((item) => JSON.stringify(item)).sort();
        expect(sorted(result)).toEqual(sorted(wanted));
      }),
      { numRuns: 1000 },
    );
  });

  test('a move that is not worth it leaves the order and its queue place alone', () => {
    const diff = diffOrders([quote('buy', 101)], [order('a', 'buy', 100)], { isWorthMoving: () => false, quantityTolerance: 1.5 });
    expect(diff).toEqual({ cancels: [], amends: [], places: [] });
  });

  test('an order with an answer outstanding is left alone and its side is not doubled', () => {
    const waiting = transition(order('a', 'buy', 90), { type: 'amendSent', price: ticks(95), quantity: lots(10) }, 0);
    expect(diffOrders([quote('buy', 100)], [waiting], ALWAYS)).toEqual({ cancels: [], amends: [], places: [] });
  });
});
