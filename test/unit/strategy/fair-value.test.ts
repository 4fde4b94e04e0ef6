import fc from 'fast-check';
import { expect, test } from 'vitest';
import { touchOf } from '../../../src/model/book.ts';
import { fairValueOf } from '../../../src/strategy/fair-value.ts';
import { defined } from '../../../src/util/assert.ts';
import { bookOf } from '../../support/builders/builders.ts';

const KINDS = ['micro', 'mid', 'imbalance'] as const;

function values(bids: [number, number][], asks: [number, number][]) {
  const book = bookOf(bids, asks);
  const touch = defined(touchOf(book), 'touch');
  return Object.fromEntries(KINDS.map((kind) => [kind, fairValueOf(kind, book, touch)]));
}

test('the mid ignores quantities, the micro-price weighs the touch, the imbalance five levels', () => {
  expect(values([[100, 30]], [[110, 10]])).toEqual({ mid: 105, micro: 107.5, imbalance: 107.5 });
  const deep = values(
    [
      [100, 30],
      [99, 10],
    ],
    [
      [110, 10],
      [111, 30],
      [112, 5],
      [113, 5],
      [114, 10],
      [115, 1000],
    ],
  );
  expect(deep).toEqual({ mid: 105, micro: 107.5, imbalance: 104 });
});

test('a fair value lies within the touch, and is the mid of a balanced book', () => {
  const quantity = fc.integer({ min: 1, max: 1e9 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1000 }), quantity, quantity, (bid, gap, here, there) => {
      for (const value of Object.values(values([[bid, here]], [[bid + gap, there]]))) {
        expect(value).toBeGreaterThanOrEqual(bid);
        expect(value).toBeLessThanOrEqual(bid + gap);
      }
      for (const value of Object.values(values([[bid, here]], [[bid + gap, here]]))) expect(value).toBeCloseTo(bid + gap / 2, 6);
    }),
    { numRuns: 1000 },
  );
});
