import { expect, test } from 'vitest';
import { nearestRank } from '../../../src/util/array.ts';

test('a quantile is one of the values: the lowest that so many of them do not exceed', () => {
  const values = [10, 20, 30, 40];
  expect([0.01, 0.25, 0.5, 0.51, 0.75, 0.99, 1].map((q) => nearestRank(values, q))).toEqual([10, 10, 20, 30, 30, 40, 40]);
  expect(nearestRank([7], 0.5)).toBe(7);
});
