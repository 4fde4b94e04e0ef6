import { describe, expect, test } from 'vitest';
import { LIMIT_USD, ONE_LEFT, ONE_LOST, soakAtTheLimit } from '../support/bots/position-limit.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => String(i + 1));

describe('the largest position, by the exchange’s own ledger, ten seeds of two minutes', () => {
  test.each([...ONE_LOST, ...ONE_LEFT].map((names) => [names.join(' and '), names] as const))(
    'is never exceeded under %s',
    async (_, names) => {
      for (const seed of SEEDS) {
        const { worstUsd, broken } = await soakAtTheLimit(names, seed, 120);
        expect({ seed, broken, isInside: worstUsd <= LIMIT_USD, worstUsd }).toEqual({ seed, broken: [], isInside: true, worstUsd });
      }
    },
    600_000,
  );
});
