import { describe, expect, test } from 'vitest';
import { runAvellanedaStoikov } from '../../support/exact/avellaneda-stoikov.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { ownMaker } from '../../support/bots/own-maker.ts';
import { AS_MARKET, endsOf, symmetricHalf } from '../../support/exact/published-tables.ts';

const PATHS = 200;

describe('table 1 of Avellaneda and Stoikov (2008), through our own quoter', () => {
  test('gamma 0.1, inventory strategy: profit 65.0 ± 6.6, inventory ± 2.9', () => {
    const quote = ownMaker({ model: 'avellaneda-stoikov', riskAversionPerBps: 0.1 }, AS_MARKET);
    const { profit, profitSd, inventorySd } = endsOf(
      runAvellanedaStoikov({ market: AS_MARKET, paths: PATHS, random: seededRandom('own'), quote }),
    );
    expect(Math.abs(profit - 64.875)).toBeLessThan((3.5 * 6.564) / Math.sqrt(PATHS));
    expect(profitSd / 6.6).toBeGreaterThan(0.85);
    expect(profitSd / 6.6).toBeLessThan(1.15);
    expect(inventorySd / 2.9).toBeGreaterThan(0.85);
    expect(inventorySd / 2.9).toBeLessThan(1.15);
  });

  test('gamma 0.1, the same spread without skew: the profit spreads twice as wide, the inventory three times', () => {
    const quote = ownMaker({ model: 'spread', baseSpreadBps: 2 * symmetricHalf(0.1), skewBpsPerPercent: 0 }, AS_MARKET);
    const { profit, profitSd, inventorySd } = endsOf(
      runAvellanedaStoikov({ market: AS_MARKET, paths: PATHS, random: seededRandom('own'), quote }),
    );
    expect(Math.abs(profit - 68.227)).toBeLessThan((3.5 * 13.482) / Math.sqrt(PATHS));
    expect(profitSd / 13.482).toBeGreaterThan(0.85);
    expect(profitSd / 13.482).toBeLessThan(1.15);
    expect(inventorySd / 8.394).toBeGreaterThan(0.85);
    expect(inventorySd / 8.394).toBeLessThan(1.15);
  });
});
