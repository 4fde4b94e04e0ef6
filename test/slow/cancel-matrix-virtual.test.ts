import { MATRIX } from '../support/cancel/cancel-cells.ts';
import { testCancelMatrix } from '../support/cancel/cancel-matrix.ts';

// With fewer orders, and some with as many, they are in `test/integration`.
testCancelMatrix(MATRIX.filter(({ isLong }) => isLong));
