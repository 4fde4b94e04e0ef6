import { expect, test } from 'vitest';
import { counted } from '../../../src/util/counted.ts';

test('one has the singular, all others the plural', () => {
  expect([0, 1, 2, 1200].map((count) => counted(count, 'order'))).toEqual(['0 orders', '1 order', '2 orders', '1,200 orders']);
  expect([1, 2].map((count) => counted(count, 'address', 'addresses'))).toEqual(['1 address', '2 addresses']);
});
