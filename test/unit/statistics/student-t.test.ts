import { expect, test } from 'vitest';
import { studentT } from '../../../src/statistics/student-t.ts';

test.each([
  [0.05, 1, 12.706204736174694],
  [0.05, 2, 4.302652729749462],
  [0.05, 7, 2.364624251592784],
  [0.05, 8, 2.306004135204166],
  [0.05, 39, 2.022690920036761],
  [0.32, 5, 1.1036682729560627],
  [1e-4, 4, 15.544100581546113],
  [1e-6, 59, 5.459302141912175],
])('outside %d with %d degrees of freedom, as scipy.stats.t has it', (outside, freedom, quantile) => {
  expect(studentT(outside, freedom) / quantile).toBeCloseTo(1, 9);
});
