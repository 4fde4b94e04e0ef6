import type { Approved } from '../../src/risk/gate.ts';

/** For tests of what comes after the risk gate. */
export function approved<T>(order: T): Approved<T> {
  return order as Approved<T>;
}
