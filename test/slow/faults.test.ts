import { describe, expect, test } from 'vitest';
import { FAULTS } from '../../src/simulator/faults/fault-table.ts';
import { faultSoak } from '../support/bots/fault-soak.ts';

const TEN_MINUTES = 600;
const LONG_MS = 600_000;
const NAMES = FAULTS.map(({ name }) => name);
const seeds = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe('every fault alone, three seeds, ten minutes', () => {
  test.each(NAMES)(
    '%s',
    async (name) => {
      for (const seed of seeds(3)) {
        const { broken } = await faultSoak([name], seed, TEN_MINUTES);
        expect({ seed, broken }).toEqual({ seed, broken: [] });
      }
    },
    LONG_MS,
  );
});

describe('every fault at work while the soak stops', () => {
  test.each(NAMES)('%s: every claimed proof is true, and a missing proof is reported', async (name) => {
    for (const seed of seeds(3)) {
      const { exitCode, report, broken } = await faultSoak([`${name}@22:60`], seed, 25);
      const isProven = report.cancelAll?.verified === true;
      expect({ seed, isProven: exitCode !== 4 }).toEqual({ seed, isProven });
      if (isProven) expect({ seed, broken }).toEqual({ seed, broken: [] });
      else expect(broken.filter((text) => text.startsWith('no cancel-all claimed'))).toEqual([]);
    }
  });
});

describe('swarms', () => {
  test.each(seeds(30))(
    'heavy, seed %s',
    async (seed) => {
      const { report, broken } = await faultSoak(['heavy'], seed, TEN_MINUTES);
      expect({ chosen: report.faults?.chosen, broken }).toEqual({ chosen: report.faults?.chosen, broken: [] });
    },
    LONG_MS,
  );
});
