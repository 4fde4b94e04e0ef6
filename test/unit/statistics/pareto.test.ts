import { expect, test } from 'vitest';
import { paretoFront } from '../../../src/statistics/pareto.ts';

test('in front is what no other beats in edge without more risk', () => {
  const setups = [
    { name: 'low', edgeBps: 1, risk: 10 },
    { name: 'beaten', edgeBps: 1, risk: 20 },
    { name: 'best', edgeBps: 4, risk: 90 },
    { name: 'middle', edgeBps: 2, risk: 30 },
    { name: 'same as middle', edgeBps: 2, risk: 30 },
    { name: 'beaten by best', edgeBps: 3.9, risk: 95 },
  ];
  expect(paretoFront(setups).map(({ name }) => name)).toEqual(['best', 'middle', 'same as middle', 'low']);
  expect(paretoFront([])).toEqual([]);
});
