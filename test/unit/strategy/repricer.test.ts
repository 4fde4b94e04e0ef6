import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { touchOf } from '../../../src/model/book.ts';
import type { Side } from '../../../src/model/order.ts';
import { microPrice } from '../../../src/strategy/fair-value.ts';
import { queueNudge, restingPrice, type RepriceInputs } from '../../../src/strategy/repricer.ts';
import { defined } from '../../../src/util/assert.ts';
import { bookOf } from '../../support/builders/builders.ts';

type Levels = (readonly [number, number])[];
const RULES = { queueNudgeMaxBps: 0.5, queueAheadRatio: 0.3, postOnlyOffsetBps: 1.5 };

function inputs(bids: Levels, asks: Levels, terms: Partial<RepriceInputs> = {}): RepriceInputs {
  const book = bookOf(bids, asks);
  const touch = defined(touchOf(book), 'touch');
  return { book, touch, fairValue: microPrice(touch), postOnlyBackoff: { buy: false, sell: false }, quoting: RULES, ...terms };
}

/** 10 levels of 10 on each side, two ticks apart; the mid is 600,000 and 1 bp is 60 ticks. */
const LADDER = inputs(
  Array.from({ length: 10 }, (_, i) => [599_999 - 2 * i, 10] as const),
  Array.from({ length: 10 }, (_, i) => [600_001 + 2 * i, 10] as const),
);

/** Of the side's displayed quantity, what is ahead of a new order at `price`. */
function aheadRatio({ book }: RepriceInputs, side: Side, price: number): number {
  const levels = side === 'buy' ? book.bids : book.asks;
  let ahead = 0;
  for (let i = 0; ; i += 1) {
    const level = levels.level(i);
    if (level === undefined) return ahead / levels.displayedQuantity(Number.POSITIVE_INFINITY);
    if (side === 'buy' ? level.price >= price : level.price <= price) ahead += level.quantity;
  }
}

describe('repricer', () => {
  test('a price is rounded away from fair value and stays on its side of the book', () => {
    expect(restingPrice('buy', 599_900.7, LADDER)).toBe(599_900);
    expect(restingPrice('sell', 600_100.2, LADDER)).toBe(600_101);
    expect(restingPrice('buy', 600_500, LADDER)).toBe(600_000);
    expect(restingPrice('sell', 599_500, LADDER)).toBe(600_000);
  });

  test('after a refused post-only order its side stays a whole offset away from the other one', () => {
    const shy = { ...LADDER, postOnlyBackoff: { buy: true, sell: false } };
    // 1.5 bps of 600,000 ticks are 90.
    expect(restingPrice('buy', 600_500, shy)).toBe(600_001 - 90);
    expect(restingPrice('buy', 599_800, shy)).toBe(599_800);
    expect(restingPrice('sell', 599_500, shy)).toBe(600_000);
  });

  test('no quote moves beyond fair value for its place', () => {
    // The bid would rest at 599,994, and the ask at 600,006.
    const nudges = (fairValue: number): number[] => [
      queueNudge('buy', 599_990, { ...LADDER, fairValue }),
      queueNudge('sell', 600_010, { ...LADDER, fairValue }),
    ];
    expect(nudges(599_993.5)).toEqual([0, expect.any(Number)]);
    expect(nudges(599_993.5)[1]).toBeLessThan(0);
    expect(nudges(600_006.5)[0]).toBeGreaterThan(0);
    expect(nudges(600_006.5)[1]).toBe(0);
  });

  test('a quote with more than 30 % of the depth ahead moves just past the level with which it is too much', () => {
    // 30 of 100 may be ahead: the fourth level, at 599,993, is one too many.
    expect(aheadRatio(LADDER, 'buy', 599_990)).toBe(0.5);
    const nudge = queueNudge('buy', 599_990, LADDER);
    expect(nudge).toBeGreaterThan(0);
    const moved = restingPrice('buy', 599_990 + (nudge * 60) / 100, LADDER);
    expect(moved).toBe(599_994);
    expect(aheadRatio(LADDER, 'buy', moved)).toBe(0.3);
    const mirrored = restingPrice('sell', 600_010 + (queueNudge('sell', 600_010, LADDER) * 60) / 100, LADDER);
    expect(mirrored).toBe(600_006);
  });

  test('behind the level itself it moves one tick; one tick before the level it stays', () => {
    for (const [side, level, direction] of [['buy', 599_993, 1] as const, ['sell', 600_007, -1] as const]) {
      const nudge = queueNudge(side, level, LADDER);
      expect(restingPrice(side, level + (nudge * 60) / 100, LADDER)).toBe(level + direction);
      expect(queueNudge(side, level + direction, LADDER)).toBe(0);
    }
  });

  test('it does not move when 30 % or less is ahead, when the way is longer than allowed, or when it is switched off', () => {
    expect(queueNudge('buy', 599_995, LADDER)).toBe(0);
    expect(queueNudge('buy', 599_960, LADDER)).toBe(0);
    expect(queueNudge('buy', 599_990, { ...LADDER, quoting: { ...RULES, queueNudgeMaxBps: 0 } })).toBe(0);
    expect(queueNudge('buy', 599_990, { ...LADDER, quoting: { ...RULES, queueNudgeMaxBps: 0.05 } })).toBe(0);
  });

  test('for any book the move is at most 0.5 bps, toward fair value and never past it, and leaves at most 30 % ahead', () => {
    const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1000 })), { minLength: 5, maxLength: 50 });
    let moved = 0;
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 40, noNaN: true }), (below, above, gap, away) => {
        let [down, up] = [600_000, 600_000 + gap];
        const bids = below.map(([step, quantity], i) => [(down -= i === 0 ? 0 : step), quantity] as const);
        const asks = above.map(([step, quantity], i) => [(up += i === 0 ? 0 : step), quantity] as const);
        const given = inputs(bids, asks);
        for (const [which, direction] of [['buy', 1] as const, ['sell', -1] as const]) {
          const wanted = given.fairValue - direction * away;
          const nudge = queueNudge(which, wanted, given);
          expect(nudge * direction).toBeGreaterThanOrEqual(0);
          expect(Math.abs(nudge)).toBeLessThanOrEqual(50);
          if (nudge === 0) continue;
          moved += 1;
          const price = restingPrice(which, wanted + (nudge * given.fairValue) / 1e6, given);
          expect((given.fairValue - price) * direction).toBeGreaterThanOrEqual(0);
          expect(aheadRatio(given, which, price)).toBeLessThanOrEqual(0.3 + 1e-12);
        }
      }),
      { numRuns: 1000 },
    );
    expect(moved).toBeGreaterThan(10);
  });
});
