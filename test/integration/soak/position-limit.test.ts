import { describe, expect, test } from 'vitest';
import { LIMIT_USD, soakAtTheLimit, WITNESS_FAULTS } from '../../support/position-limit.ts';

describe('the largest position, by the exchange’s own ledger', () => {
  test.each(WITNESS_FAULTS)('is never exceeded under %s, and the books are right in the end', async (fault) => {
    const { worstUsd, positionUsd, fills, broken } = await soakAtTheLimit(fault, '1', 20);
    expect(worstUsd).toBeLessThanOrEqual(LIMIT_USD);
    expect(broken).toEqual([]);
    // It was put to the test: the position reached its maximum.
    expect(positionUsd).toBeGreaterThan(0.9 * LIMIT_USD);
    expect(fills).toBeGreaterThan(10);
  });
});
