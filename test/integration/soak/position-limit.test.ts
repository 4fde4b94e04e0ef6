import { describe, expect, test } from 'vitest';
import { LIMIT_USD, ONE_LEFT, ONE_LOST, soakAtTheLimit } from '../../support/bots/position-limit.ts';

describe('the largest position, by the exchange’s own ledger', () => {
  test.each([...ONE_LOST, ...ONE_LEFT.slice(-1)].map((names) => [names.join(' and '), names] as const))(
    'is never exceeded under %s, and the books are right in the end',
    async (_, names) => {
      const { worstUsd, positionUsd, fills, broken } = await soakAtTheLimit(names, '2', 16);
      expect(worstUsd).toBeLessThanOrEqual(LIMIT_USD);
      expect(broken).toEqual([]);
      // It was put to the test: the position came near its maximum.
      expect(positionUsd).toBeGreaterThan(0.9 * LIMIT_USD);
      expect(fills).toBeGreaterThan(10);
    },
  );
});
