import { MATRIX } from '../../support/cancel/cancel-cells.ts';
import { testCancelMatrix } from '../../support/cancel/cancel-matrix.ts';

// `test/slow` has the rest, and all of it with processes and real sockets.
testCancelMatrix(MATRIX.filter(({ isLong }) => !isLong));
