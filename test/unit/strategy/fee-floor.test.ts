import { expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { ppm } from '../../../src/model/units.ts';
import { feeFloorBps } from '../../../src/strategy/fee-floor.ts';

test('the fee floor is the maker fee and a margin; a rebate is a negative fee', () => {
  const { quoting } = resolve({}).settings;
  expect(feeFloorBps(ppm(200), quoting)).toBe(2.5);
  expect(feeFloorBps(ppm(-75), { ...quoting, feeMarginBps: 1 })).toBe(0.25);
  expect(feeFloorBps(ppm(200), { ...quoting, feeFloor: false })).toBe(Number.NEGATIVE_INFINITY);
});
