import { expect, test } from 'vitest';
import { runAvellanedaStoikov } from '../support/exact/avellaneda-stoikov.ts';
import { seededRandom } from '../../src/util/random.ts';
import { ownMaker } from '../support/bots/own-maker.ts';
import { AS_MARKET, endsOf, symmetricHalf } from '../support/exact/published-tables.ts';

const PATHS = 10_000;
/** Half a minute on a quiet machine, minutes on a busy one. */
const TIMEOUT_MS = 300_000;

test.each([
  ['inventory', ownMaker({ model: 'avellaneda-stoikov', riskAversionPerBps: 0.1 }, AS_MARKET), [65, 6.6, 2.9], [64.875, 6.564, 2.925]],
  [
    'symmetric',
    ownMaker({ model: 'spread', baseSpreadBps: 2 * symmetricHalf(0.1), skewBpsPerPercent: 0 }, AS_MARKET),
    [68.4, 12.7, 8.4],
    [68.227, 13.482, 8.394],
  ],
] as const)(
  'table 1, gamma 0.1, %s, through our own quoter: profit, its deviation and that of the inventory',
  { timeout: TIMEOUT_MS },
  (name, quote, printed, rerun) => {
    const ends = endsOf(runAvellanedaStoikov({ market: AS_MARKET, paths: PATHS, random: seededRandom('own'), quote }));
    const measured = [ends.profit, ends.profitSd, ends.inventorySd].map((value) => value.toFixed(3)).join('  ');
    console.log(`${name}: ${measured}   printed ${printed.join('  ')}   200,000 paths ${rerun.join('  ')}`);
    expect(Math.abs(ends.profit - rerun[0])).toBeLessThan((3 * rerun[1]) / Math.sqrt(PATHS));
    expect(Math.abs(ends.profit - printed[0])).toBeLessThan(2);
    expect(Math.abs(ends.profitSd / printed[1] - 1)).toBeLessThan(0.15);
    expect(Math.abs(ends.inventorySd / printed[2] - 1)).toBeLessThan(0.15);
    expect(Math.abs(ends.profitSd / rerun[1] - 1)).toBeLessThan(0.03);
  },
);
