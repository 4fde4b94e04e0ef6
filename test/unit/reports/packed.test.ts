import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../../src/reports/html/packed.ts';

test('a column comes back as it was, up to eight decimal places', () => {
  const value = fc
    .integer({ min: -1e9, max: 1e9 })
    .chain((whole) => fc.integer({ min: 0, max: 5 }).map((decimals) => whole / 10 ** decimals));
  const column = fc.array(fc.option(value));
  fc.assert(
    fc.property(column, (values) => {
      expect(unpack(pack(values)).map((each) => (each === 0 ? 0 : each))).toEqual(values.map((each) => (each === 0 ? 0 : each)));
    }),
    { numRuns: 1000 },
  );
});

test('prices take a few characters each', () => {
  const prices = Array.from({ length: 1000 }, (_, i) => 95_000 + Math.round(30 * Math.sin(i / 20)) / 10);
  expect(JSON.stringify(pack(prices)).length).toBeLessThan(4 * prices.length);
});
