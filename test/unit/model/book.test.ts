import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Book, touchOf } from '../../../src/model/book.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { bookOf } from '../../support/builders/builders.ts';

test('after any changes a side holds what a plain map would, best price first', () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9 })), { maxLength: 120 });
  fc.assert(
    fc.property(changes, (list) => {
      const book = new Book();
      const oracle = new Map<number, number>();
      for (const [price, quantity] of list) {
        const change = { price: ticks(price), quantity: lots(quantity) };
        book.apply([change], [change]);
        if (quantity === 0) oracle.delete(price);
        else oracle.set(price, quantity);
      }
      const ascending = [...oracle].sort(([a], [b]) => a - b);
      const side = (from: Book['bids']) => Array.from({ length: from.length }, (_, i) => [from.price(i), from.quantity(i)]);
      expect(side(book.asks)).toEqual(ascending);
      expect(side(book.bids)).toEqual(ascending.toReversed());
      const [prices, quantities] = [
        [7, 7, 7, 7],
        [8, 8, 8, 8],
      ];
      const copied = book.asks.copyBest(3, prices, quantities);
      expect(copied).toBe(Math.min(3, ascending.length));
      expect(prices.map((price, i) => [price, quantities[i]])).toEqual([
        ...ascending.slice(0, 3),
        ...Array.from({ length: 4 - copied }, () => [7, 8]),
      ]);
      for (const [price, quantity] of oracle) expect(book.bids.quantityAt(ticks(price))).toBe(quantity);
    }),
    { numRuns: 1000 },
  );
});

test('there is no touch in an empty, one-sided or crossed book', () => {
  expect(touchOf(new Book())).toBeUndefined();
  expect(touchOf(bookOf([[1, 1]], []))).toBeUndefined();
  expect(touchOf(bookOf([[2, 1]], [[2, 1]]))).toBeUndefined();
  expect(touchOf(bookOf([[1, 5]], [[2, 6]]))).toEqual({ bid: { price: 1, quantity: 5 }, ask: { price: 2, quantity: 6 } });
});
