import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { transition, type Order, type Side } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { diffOrders, type DiffRules, type OrderDiff, type AgedOrder } from '../../../src/strategy/order-diff.ts';
import type { Quote } from '../../../src/strategy/quote.ts';
import { openOrder } from '../../support/builders/builders.ts';

const ALWAYS: DiffRules = { isWorthMoving: () => true, isWorthGrowing: () => true, quantityTolerance: 1 };
const NEVER: DiffRules = { isWorthMoving: () => false, isWorthGrowing: () => false, quantityTolerance: 1.5 };
const within = (ticksAway: number): DiffRules => ({
  ...NEVER,
  isWorthMoving: ({ order }, { price }) => Math.abs(order.price - price) >= ticksAway,
});

const quote = (side: Side, price: number, quantity = 10, level = 0): Quote => ({
  side,
  level,
  price: ticks(price),
  quantity: lots(quantity),
  plainPrice: ticks(price),
});
const order = (id: string, side: Side, price: number, quantity = 10): Order =>
  openOrder({ clientOrderId: id, side, price: ticks(price), quantity: lots(quantity) });
const resting = (...orders: Order[]): AgedOrder[] => orders.map((each) => ({ order: each, agedMs: 0 }));
const amendsIn = ({ amends }: OrderDiff) => amends.map((amend) => [amend.order.clientOrderId, amend.to.price, amend.to.quantity]);

describe('order diff', () => {
  test('places what is missing, cancels what is too much, amends what is elsewhere, keeps what fits', () => {
    const orders = resting(order('a', 'buy', 90), order('b', 'buy', 100));
    const diff = diffOrders([quote('buy', 100), quote('sell', 200)], orders, ALWAYS);
    expect(diff.places).toEqual([quote('sell', 200)]);
    expect(diff.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['a']);
    expect(diff.amends).toEqual([]);
    expect(diff.kept).toBe(1);
    expect(amendsIn(diffOrders([quote('buy', 101)], resting(order('b', 'buy', 100)), ALWAYS))).toEqual([['b', 101, 10]]);
  });

  test('when the nearest level fills, the others stay and only the missing one is placed', () => {
    const quotes = [quote('buy', 100, 10, 0), quote('buy', 98, 10, 1), quote('buy', 96, 10, 2)];
    const diff = diffOrders(quotes, resting(order('b', 'buy', 98), order('c', 'buy', 96)), ALWAYS);
    expect(diff).toMatchObject({ amends: [], cancels: [], kept: 2 });
    expect(diff.places.map(({ level }) => level)).toEqual([0]);
  });

  test('the diff, applied, gives the wanted orders', () => {
    const prices = fc.integer({ min: 1, max: 50 });
    const quantities = fc.integer({ min: 1, max: 5 });
    const sides = fc.constantFrom<Side>('buy', 'sell');
    const quotes = fc.array(fc.tuple(sides, prices, quantities), { maxLength: 6 });
    fc.assert(
      fc.property(quotes, fc.array(fc.tuple(sides, prices, quantities), { maxLength: 8 }), (wanted, there) => {
        const targets = wanted.map(([side, price, quantity]) => quote(side, price, quantity));
        const orders = there.map(([side, price, quantity], i) => order(`o${i}`, side, price, quantity));
        expect(applied(diffOrders(targets, resting(...orders), ALWAYS), orders)).toEqual(sorted(wanted));
      }),
      { numRuns: 1000 },
    );
  });

  test('applied twice, the diff is empty; with hysteresis no order is farther from its target than that', () => {
    const prices = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 });
    fc.assert(
      fc.property(prices, prices, fc.integer({ min: 1, max: 10 }), (wanted, there, ticksAway) => {
        const targets = wanted.map((price) => quote('buy', price));
        const orders = there.map((price, i) => order(`o${i}`, 'buy', price));
        const rules = within(ticksAway);
        const diff = diffOrders(targets, resting(...orders), rules);
        const after = applied(diff, orders).map((text) => (JSON.parse(text) as [Side, number])[1]);
        expect(after).toHaveLength(wanted.length);
        const again = diffOrders(targets, resting(...after.map((price, i) => order(`n${i}`, 'buy', price))), rules);
        expect([...again.cancels, ...again.places]).toEqual([]);
        for (const price of wanted) expect(Math.min(...after.map((each) => Math.abs(each - price)))).toBeLessThan(ticksAway);
      }),
      { numRuns: 1000 },
    );
  });

  test('a move that is not worth it leaves the order and its queue place alone', () => {
    expect(diffOrders([quote('buy', 101)], resting(order('a', 'buy', 100)), NEVER)).toEqual({
      cancels: [],
      amends: [],
      places: [],
      kept: 1,
    });
  });

  test('a smaller target shrinks the order where it is, which keeps its place; a larger one waits until the place is worth less', () => {
    const large = resting(order('a', 'buy', 100, 20));
    expect(amendsIn(diffOrders([quote('buy', 101, 10)], large, NEVER))).toEqual([['a', 100, 10]]);
    const small = resting(order('a', 'buy', 100, 5));
    expect(diffOrders([quote('buy', 100, 10)], small, NEVER)).toMatchObject({ amends: [], kept: 1 });
    expect(amendsIn(diffOrders([quote('buy', 100, 10)], small, { ...NEVER, isWorthGrowing: () => true }))).toEqual([['a', 100, 10]]);
  });

  test('an order with a pending request is not changed and counts for the quote nearest to its future price', () => {
    const waiting = transition(order('a', 'buy', 90), { type: 'amendSent', terms: { price: ticks(95), quantity: lots(10) } }, 0);
    expect(diffOrders([quote('buy', 100)], resting(waiting), ALWAYS)).toEqual({ cancels: [], amends: [], places: [], kept: 1 });
    const two = diffOrders([quote('buy', 100), quote('buy', 94)], resting(waiting), ALWAYS);
    expect(two.places.map(({ price }) => price)).toEqual([100]);
    const canceling = transition(order('a', 'buy', 90), { type: 'cancelSent' }, 0);
    expect(diffOrders([quote('buy', 100)], resting(canceling), ALWAYS).places).toEqual([]);
  });
});

const sorted = (list: readonly unknown[]): string[] => list.map((item) => JSON.stringify(item)).sort();

function applied(diff: OrderDiff, orders: readonly Order[]): string[] {
  const canceled = new Set(diff.cancels);
  const amended = new Map(diff.amends.map((amend) => [amend.order, amend.to]));
  const left = orders
    .filter((each) => !canceled.has(each))
    .map((each) => [each.side, amended.get(each)?.price ?? each.price, amended.get(each)?.quantity ?? each.quantity]);
  return sorted([...left, ...diff.places.map(({ side, price, quantity }) => [side, price, quantity])]);
}
