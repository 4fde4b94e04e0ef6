import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign, type Side } from '../../../src/model/order.ts';
import { applyFill, averageEntry, FLAT, unrealized, type Position } from '../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';

interface Step {
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  readonly fee: number;
}

const fold = (steps: readonly Step[]): Position =>
  steps.reduce(
    (position, { side, price, quantity, fee }) =>
      applyFill(position, { side, price: ticks(price), quantity: lots(quantity), fee: atoms(fee) }),
    FLAT,
  );
const buy = (price: number, quantity: number): Step => ({ side: 'buy', price, quantity, fee: 0 });
const sell = (price: number, quantity: number): Step => ({ side: 'sell', price, quantity, fee: 0 });

const steps = fc.array(
  fc.record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    price: fc.integer({ min: 1, max: 1_000_000 }),
    quantity: fc.integer({ min: 1, max: 10_000 }),
    fee: fc.integer({ min: -1000, max: 1000 }),
  }),
  { maxLength: 40 },
);

describe('position', () => {
  test('opens, grows, shrinks, turns and closes at average cost', () => {
    expect(fold([buy(100, 10), buy(200, 10)])).toMatchObject({ quantity: 20, cost: 3000, realized: 0 });
    expect(averageEntry(fold([buy(100, 10), buy(200, 10)]))).toBe(150);
    expect(fold([buy(100, 10), buy(200, 10), sell(180, 5)])).toMatchObject({ quantity: 15, cost: 2250, realized: 150 });
    expect(fold([buy(100, 10), sell(120, 15)])).toMatchObject({ quantity: -5, cost: -600, realized: 200 });
    expect(fold([sell(100, 10), buy(90, 10)])).toEqual({ quantity: 0, cost: 0, realized: 100, fees: 0, funding: 0 });
    expect(averageEntry(FLAT)).toBeUndefined();
  });

  test('realized + unrealized is the cash that flowed plus what the position is worth, to the unit', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 1_000_000 }), (list, mark) => {
        const position = fold(list);
        const cash = list.reduce((sum, { side, price, quantity }) => sum - sign(side) * price * quantity, 0);
        const held = list.reduce((sum, { side, quantity }) => sum + sign(side) * quantity, 0);
        expect(position.quantity).toBe(held);
        expect(position.realized + unrealized(position, ticks(mark))).toBe(cash + held * mark);
        expect(position.fees).toBe(list.reduce((sum, { fee }) => sum + fee, 0));
      }),
      { numRuns: 1000 },
    );
  });

  test('a flat position has no cost left over from rounding', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { quantity } = fold(list);
        const closed = fold([
          ...list,
          ...(quantity === 0
            ? []
            : [{ side: quantity > 0 ? ('sell' as const) : ('buy' as const), price: 7, quantity: Math.abs(quantity), fee: 0 }]),
        ]);
        expect(closed).toMatchObject({ quantity: 0, cost: 0 });
      }),
      { numRuns: 1000 },
    );
  });
});
