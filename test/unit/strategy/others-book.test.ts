import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book, touchOf } from '../../../src/model/book.ts';
import type { Order } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { fairValueOf } from '../../../src/strategy/fair-value.ts';
import { withoutOwn } from '../../../src/strategy/others-book.ts';
import { defined } from '../../../src/util/assert.ts';
import { bookOf, openOrder } from '../../support/builders/builders.ts';

const own = (side: 'buy' | 'sell', price: number, quantity: number, i = 0): Order =>
  openOrder({ clientOrderId: `mm-${side}-${i}`, side, price: ticks(price), quantity: lots(quantity) });

describe('the market without us', () => {
  test.each(['micro', 'mid', 'imbalance'] as const)('our own lot inside a wide market moves no fair value (%s)', (kind) => {
    // 20 bps wide, our lot 5 bps inside.
    const theirs = bookOf([[599_400, 100]], [[600_600, 100]]);
    const shown = bookOf(
      [
        [599_700, 1],
        [599_400, 100],
      ],
      [[600_600, 100]],
    );
    const market = withoutOwn(shown, [own('buy', 599_700, 1)]);
    const valueOf = (book: typeof market): number => fairValueOf(kind, book, defined(touchOf(book), 'touch'));
    expect(valueOf(market)).toBe(valueOf(theirs));
  });

  test('is what the book shows where we show nothing, and less than nothing nowhere', () => {
    const book = bookOf([[99, 5]], [[101, 5]]);
    expect(withoutOwn(book, []).bids).toBe(book.bids);
    const market = withoutOwn(book, [own('buy', 99, 7), own('sell', 102, 3)]);
    expect([market.bids.level(0), market.bids.total, market.bids.displayedQuantity(5), market.bids.priceBeyond(0)]).toEqual([
      undefined,
      0,
      0,
      undefined,
    ]);
    expect([market.asks.level(0), market.asks.total]).toEqual([{ price: 101, quantity: 5 }, 5]);
  });

  test('counts of an order what is left of it, and none that is not known to rest', () => {
    const book = bookOf([[99, 10]], [[101, 5]]);
    const half = { ...own('buy', 99, 6), filled: lots(4) };
    const unknown = { ...own('buy', 99, 6, 1), state: { tag: 'unknown' } as const };
    expect(withoutOwn(book, [half, unknown]).bids.level(0)).toEqual({ price: 99, quantity: 8 });
  });

  test('has every figure that the others alone would show', () => {
    const levels = (least: number, most: number) =>
      fc.uniqueArray(fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 50 })), {
        selector: ([price]) => price,
        minLength: 1,
        maxLength: 12,
      });
    fc.assert(
      fc.property(
        levels(900, 999),
        levels(1001, 1100),
        levels(900, 999),
        levels(1001, 1100),
        fc.nat(300),
        (bids, asks, ours, offers, q) => {
          const theirs = bookOf(bids, asks);
          const shown = new Book();
          const add = (side: 'bids' | 'asks', rows: readonly (readonly [number, number])[]): void => {
            for (const [price, quantity] of rows) {
              const level = [{ price: ticks(price), quantity: lots(shown[side].quantityAt(ticks(price)) + quantity) }];
              shown.apply(side === 'bids' ? level : [], side === 'asks' ? level : []);
            }
          };
          add('bids', bids);
          add('asks', asks);
          add('bids', ours);
          add('asks', offers);
          const orders = [
            ...ours.map(([price, quantity], i) => own('buy', price, quantity, i)),
            ...offers.map(([price, quantity], i) => own('sell', price, quantity, i)),
          ];
          const market = withoutOwn(shown, orders);
          for (const side of ['bids', 'asks'] as const) {
            const [found, right] = [market[side], theirs[side]];
            expect(found.total).toBe(right.total);
            for (let i = 0; i <= right.length; i += 1) {
              expect(found.level(i)).toEqual(right.level(i));
              expect(found.displayedQuantity(i)).toBe(right.displayedQuantity(i));
            }
            expect(found.priceBeyond(q)).toBe(right.priceBeyond(q));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
