import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptFills, resultUsd, type OwnFill } from '../../../../src/harness/soak/kept-fills.ts';
import { ticks } from '../../../../src/model/units.ts';
import { BTC, fillOf, newOrder } from '../../../support/builders/builders.ts';

/** A purchase of 0.01 BTC whose mid after 60 s is `move` ticks above its price. */
function fillThat(move: number, id = ''): OwnFill {
  const fill = fillOf(newOrder({ price: ticks(600_000) }), id, 10);
  const standing = { kind: 'quoted', code: '' } as const;
  const rest = { atMs: 0, learnedAtMs: 0, mid: 600_000, reason: undefined, queueMs: undefined, standing };
  return { fill, instrument: BTC, ...rest, later: [600_000, 600_000, 600_000 + move] };
}

test('the result of a fill is its last markout times its size', () => {
  expect(resultUsd(fillThat(-50))).toBeCloseTo(-50 * 0.1 * 0.01, 12);
  const sale = { ...fillThat(0), fill: { ...fillThat(0).fill, side: 'sell' as const }, later: [599_980, undefined, undefined] };
  expect(resultUsd(sale)).toBeCloseTo(20 * 0.1 * 0.01, 12);
  expect(resultUsd({ ...sale, later: [undefined, undefined, undefined] })).toBeUndefined();
});

test('the latest fills are kept, and of those before them the worst, in their order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { maxLength: 40 }), (moves) => {
      const kept = new KeptFills(5, 7);
      for (const move of moves) kept.add(fillThat(move, String(move)));
      const latest = moves.slice(-5);
      const before = moves.slice(0, -5);
      const worst = new Set([...before].sort((a, b) => a - b).slice(0, 7));
      const expected = [...before.filter((move) => worst.has(move)), ...latest].map(String);
      expect(kept.all().map(({ fill }) => fill.fillId)).toEqual(expected);
      expect(kept.dropped).toBe(moves.length - expected.length);
    }),
  );
});

test('a fill whose result is not known yet is not dropped for one that is', () => {
  const kept = new KeptFills(1, 2);
  kept.add({ ...fillThat(0, 'open'), later: [undefined, undefined, undefined] });
  for (const move of [-1, -2, -3]) kept.add(fillThat(move, String(move)));
  expect(kept.all().map(({ fill }) => fill.fillId)).toEqual(['open', '-2', '-3']);
});
