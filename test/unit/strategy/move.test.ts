import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Move } from '../../../src/strategy/move.ts';

/** One price a second, the first at 0, read at the last. */
function moveOf(prices: readonly number[], everyMs = 1000): number {
  const move = new Move(10_000);
  prices.forEach((price, i) => move.sample(i * everyMs, price));
  return move.bps((prices.length - 1) * everyMs);
}

const falling = (bps: number, seconds: number): number[] =>
  Array.from({ length: seconds + 1 }, (_, i) => 60_000 * (1 - (bps * i) / seconds / 10_000));

describe('the move', () => {
  test.each([
    ['a fall of 300 bps in 20 s', falling(300, 20), 130, 160],
    ['a fall of 120 bps in 3 s', falling(120, 3), 120, 121],
    ['a rise of 120 bps in 3 s', falling(-120, 3), 120, 121],
    ['a fall that came back', [60_000, 59_400, 60_000], 100, 102],
    ['a market that stands', [60_000, 60_000, 60_000], 0, 0],
    ['nothing at all', [], 0, 0],
    ['prices that are none', [60_000, 0, Number.NaN, -1, Number.POSITIVE_INFINITY], 0, 0],
  ])('of %s', (_, prices, least, most) => {
    const bps = moveOf(prices);
    expect(bps).toBeGreaterThanOrEqual(least);
    expect(bps).toBeLessThanOrEqual(most);
  });

  test('is forgotten after its window', () => {
    const move = new Move(10_000);
    move.sample(0, 60_000);
    move.sample(500, 59_000);
    expect(move.bps(9000)).toBeGreaterThan(160);
    expect(move.bps(10_600)).toBe(0);
  });

  test('is never less than the way from any price of the last nine tenths of the window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 50_000, max: 70_000 }), { minLength: 1, maxLength: 80 }), (prices) => {
        const last = prices.at(-1) ?? 0;
        const recent = prices.slice(-45);
        const farthest = Math.max(...recent.map((price) => (Math.abs(last - price) / price) * 10_000));
        expect(moveOf(prices, 200)).toBeGreaterThanOrEqual(farthest - 1e-6);
      }),
    );
  });
});
