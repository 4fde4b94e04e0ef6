import { expect, test } from 'vitest';
import { RollingValues } from '../../../src/util/rolling.ts';

test('a quantile is that of the values in the window, of the newest of them when there are too many', () => {
  const values = new RollingValues(1000, 3);
  expect(values.quantile(0, 0.5)).toBeUndefined();
  for (const [at, value] of [
    [0, 100],
    [500, 9],
    [600, 10],
    [700, 8],
  ] as const)
    values.add(at, value);
  expect([0.1, 0.5, 1].map((q) => values.quantile(700, q))).toEqual([8, 9, 10]);
  expect(values.quantile(1500, 1)).toBe(10);
  expect(values.quantile(1600, 1)).toBe(8);
  expect(values.quantile(1700, 1)).toBeUndefined();
});
