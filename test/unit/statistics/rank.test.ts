import { expect, test } from 'vitest';
import { byEdge, type Ranked } from '../../../src/statistics/rank.ts';

const SETUPS: Readonly<Record<string, Ranked>> = {
  failed: { bps: 50, traded: 9, failed: true },
  idle: { bps: undefined, traded: 0 },
  lucky: { bps: 90, traded: 1 },
  good: { bps: 2, traded: 9 },
  bad: { bps: -3e5, traded: 9 },
};

function ranked(seeds: number, names = Object.keys(SETUPS)): string[] {
  const order = byEdge(seeds);
  return names.toSorted((a, b) => order(SETUPS[a] ?? { bps: 0, traded: 0 }, SETUPS[b] ?? { bps: 0, traded: 0 }));
}

test('no estimate comes last, whatever the others lose', () => {
  expect(ranked(10)).toEqual(['good', 'bad', 'lucky', 'idle', 'failed']);
});

test('with a single seed nobody has more than one', () => {
  expect(ranked(1)).toEqual(['lucky', 'good', 'bad', 'idle', 'failed']);
});

test.each(['failed', 'idle', 'lucky', 'good'])('of equals the first stays first: %s', (name) => {
  const [one = { bps: 0, traded: 0 }, other] = [
    SETUPS[name],
    { ...SETUPS[name], traded: SETUPS[name]?.traded ?? 0, bps: SETUPS[name]?.bps },
  ];
  expect(byEdge(10)(one, other)).toBe(0);
});
