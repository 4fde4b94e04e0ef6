import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PositionFold } from '../../../../src/execution/orders/position-fold.ts';
import type { Fill } from '../../../../src/model/order.ts';
import { applyFill, FLAT } from '../../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../../src/model/units.ts';

const fillOf = fc.record({ buys: fc.boolean(), price: fc.integer({ min: 1, max: 1000 }), quantity: fc.integer({ min: 1, max: 20 }) });

function toFills(made: readonly { buys: boolean; price: number; quantity: number }[], isSequenced: boolean): Fill[] {
  return made.map(({ buys, price, quantity }, i) => ({
    fillId: String(i),
    symbol: 'BTCUSDT',
    exchangeOrderId: 'x',
    clientOrderId: 'c',
    side: buys ? 'buy' : 'sell',
    price: ticks(price),
    quantity: lots(quantity),
    fee: atoms(1),
    maker: true,
    at: isSequenced ? 5 : i,
    sequence: isSequenced ? i : undefined,
  }));
}

describe('a position folded from fills', () => {
  test('is the same in whatever order the fills arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fillOf, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (made, isSequenced, keys) => {
          const fills = toFills(made, isSequenced);
          const shuffled = fills.map((fill) => ({ fill, key: keys.next().value })).sort((a, b) => a.key - b.key);
          const fold = new PositionFold();
          for (const { fill } of shuffled) fold.add(fill, 0);
          expect(fold.position).toEqual(fills.reduce(applyFill, FLAT));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('keeps adding up when there are more fills than it can reorder', () => {
    const fills = toFills(
      Array.from({ length: 5000 }, (_, i) => ({ buys: i % 3 === 0, price: 100 + (i % 7), quantity: 1 + (i % 5) })),
      true,
    );
    const fold = new PositionFold();
    for (const fill of fills) fold.add(fill, 0);
    expect(fold.position).toEqual(fills.reduce(applyFill, FLAT));
  });

  test('knows for ten seconds what it held', () => {
    const fold = new PositionFold();
    const [bought, more] = toFills(
      [
        { buys: true, price: 10, quantity: 2 },
        { buys: true, price: 10, quantity: 3 },
      ],
      false,
    );
    if (bought === undefined || more === undefined) throw new Error('two fills');
    fold.add(bought, 1000);
    fold.add(more, 2000);
    const held = (quantity: number, at: number): boolean => fold.heldLately(lots(quantity), at);
    expect([held(5, 60_000), held(2, 11_000), held(2, 12_001), held(0, 5000), held(0, 11_001), held(3, 2000)]).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});
