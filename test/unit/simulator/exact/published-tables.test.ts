import { describe, expect, it } from 'vitest';
import { runAvellanedaStoikov } from '../../../support/exact/avellaneda-stoikov.ts';
import { ratioOfBothFilled, ratioOfMidUp } from '../../../support/exact/cont-stoikov-talreja.ts';
import { at } from '../../../../src/util/array.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import {
  AS_MARKET,
  CST_RATES,
  CST_TABLE_3,
  CST_TABLE_5_DIAGONAL,
  endsOf,
  inventoryQuotes,
  symmetricClosedForm,
  symmetricHalf,
  tolerance,
} from '../../../support/exact/published-tables.ts';

const PATHS = 1000;
const RUNS = 4000;

describe('the exact mode of Avellaneda and Stoikov', () => {
  it('gives our closed form the profit that they print, within the error of their 1000 paths', () => {
    const run = { market: AS_MARKET, paths: PATHS, random: seededRandom('as'), quote: inventoryQuotes(0.1) };
    const { profit, profitSd, inventorySd } = endsOf(runAvellanedaStoikov(run));
    expect(Math.abs(profit - 65)).toBeLessThan(1.2);
    expect(profitSd / 6.6).toBeGreaterThan(0.85);
    expect(profitSd / 6.6).toBeLessThan(1.15);
    expect(inventorySd).toBeGreaterThan(2.5);
    expect(inventorySd).toBeLessThan(3.4);
  });

  it.each([0.05, 2])('follows the closed form of the symmetric maker for any gamma: %f', (gamma) => {
    const half = symmetricHalf(gamma);
    const run = { market: AS_MARKET, paths: PATHS, random: seededRandom('as'), quote: () => ({ bid: half, ask: half }) };
    const ends = endsOf(runAvellanedaStoikov(run));
    const closed = symmetricClosedForm(gamma);
    expect(Math.abs(ends.profit - closed.profit)).toBeLessThan((3.5 * closed.profitSd) / Math.sqrt(PATHS));
    expect(Math.abs(ends.profitSd / closed.profitSd - 1)).toBeLessThan(0.1);
    expect(Math.abs(ends.inventorySd / closed.inventorySd - 1)).toBeLessThan(0.1);
  });

  it('fills a quote beyond the price at once, and never both ways at a price that crosses', () => {
    const market = { ...AS_MARKET, horizon: 0.05 };
    const eager = { market, paths: 1, random: seededRandom('as'), quote: () => ({ bid: -10, ask: 100 }) };
    expect(runAvellanedaStoikov(eager)).toEqual([expect.objectContaining({ inventory: 10 })]);
    expect(() => runAvellanedaStoikov({ ...eager, quote: () => ({ bid: -1, ask: -1 }) })).toThrow('the bid of a quote is below its ask');
  });
});

describe('the exact mode of Cont, Stoikov and Talreja', () => {
  it('moves the mid with the probabilities of table 3', () => {
    for (const [bid, ask] of [
      [1, 1],
      [1, 5],
      [5, 1],
      [3, 2],
    ] as const) {
      const printed = at(at(CST_TABLE_3, bid - 1), ask - 1);
      const ratio = ratioOfMidUp({ rates: CST_RATES, sizes: { bid, ask }, runs: RUNS, random: seededRandom('cst') });
      expect(Math.abs(ratio - printed)).toBeLessThan(tolerance(printed, RUNS));
    }
  });

  it('fills both of our orders as often as table 5 says, by their places in the queues', () => {
    for (const [i, printed] of CST_TABLE_5_DIAGONAL.entries()) {
      const sizes = { bid: i + 1, ask: i + 1 };
      const ratio = ratioOfBothFilled({ rates: CST_RATES, sizes, runs: RUNS, random: seededRandom('cst') });
      expect(Math.abs(ratio - printed)).toBeLessThan(tolerance(printed, RUNS));
    }
  });

  it('serves other rates and sizes: without cancels and arrivals it is a race of market orders', () => {
    const rates = { limit: 0, market: 1, cancel: 0 };
    const ratio = ratioOfMidUp({ rates, sizes: { bid: 2, ask: 1 }, runs: RUNS, random: seededRandom('cst') });
    expect(Math.abs(ratio - 0.75)).toBeLessThan(tolerance(0.75, RUNS));
  });
});
