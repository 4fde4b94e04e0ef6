import { describe, expect, test } from 'vitest';
import { LIMIT_USD, soakAtTheLimit, WITNESS_FAULTS } from '../support/position-limit.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => String(i + 1));

describe('the largest position, by the exchange’s own ledger, ten seeds of five minutes', () => {
  test.each(WITNESS_FAULTS)(
    'is never exceeded under %s',
    async (fault) => {
      for (const seed of SEEDS) {
        const { worstUsd, broken } = await soakAtTheLimit(fault, seed, 300);
        expect({ seed, broken, isInside: worstUsd <= LIMIT_USD, worstUsd }).toEqual({ seed, broken: [], isInside: true, worstUsd });
      }
    },
    600_000,
  );
});
