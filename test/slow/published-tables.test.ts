import { describe, expect, it } from 'vitest';
import { runAvellanedaStoikov } from '../support/exact/avellaneda-stoikov.ts';
import { ratioOfBothFilled, ratioOfMidUp } from '../support/exact/cont-stoikov-talreja.ts';
import { seededRandom } from '../../src/util/random.ts';
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
  type Ends,
} from '../support/exact/published-tables.ts';

const PATHS = 20_000;
const CST_RUNS = 20_000;
const show = ({ profit, profitSd, inventorySd }: Ends): string => [profit, profitSd, inventorySd].map((x) => x.toFixed(3)).join('  ');

function measured(gamma: number, strategy: 'inventory' | 'symmetric'): Ends {
  const half = symmetricHalf(gamma);
  const quote = strategy === 'inventory' ? inventoryQuotes(gamma) : () => ({ bid: half, ask: half });
  const random = seededRandom(`table 1 ${strategy} ${gamma}`);
  return endsOf(runAvellanedaStoikov({ market: AS_MARKET, paths: PATHS, random, quote }));
}

describe('Avellaneda and Stoikov 2008, through the engine', () => {
  it('table 1, gamma .1: both rows, and the 200,000-path figures', () => {
    const inventory = measured(0.1, 'inventory');
    const symmetric = measured(0.1, 'symmetric');
    console.log(`gamma 0.1  spread ${(2 * symmetricHalf(0.1)).toFixed(3)} (printed 1.49)
inventory  profit, sd, sd of q  ${show(inventory)}   printed 65.0  6.6  2.9   200k paths 64.875  6.564  2.925
symmetric  profit, sd, sd of q  ${show(symmetric)}   printed 68.4 12.7  8.4   200k paths 68.227 13.482  8.394`);
    expect(2 * symmetricHalf(0.1)).toBeCloseTo(1.49, 2);
    for (const [ends, printed, rerun] of [
      [inventory, [65, 6.6, 2.9], [64.875, 6.564, 2.925]],
      [symmetric, [68.4, 12.7, 8.4], [68.227, 13.482, 8.394]],
    ] as const) {
      expect(Math.abs(ends.profit - rerun[0])).toBeLessThan((3 * rerun[1]) / Math.sqrt(PATHS));
      expect(Math.abs(ends.profit - printed[0])).toBeLessThan(2);
      expect(ends.profitSd / printed[1]).toBeGreaterThan(0.85);
      expect(ends.profitSd / printed[1]).toBeLessThan(1.15);
      expect(ends.inventorySd / printed[2]).toBeGreaterThan(0.85);
      expect(ends.inventorySd / printed[2]).toBeLessThan(1.15);
    }
  });

  it.each([0.01, 0.1, 0.5, 1])('gamma %f: the symmetric maker earns what the closed form says', (gamma) => {
    const closed = symmetricClosedForm(gamma);
    const ends = measured(gamma, 'symmetric');
    console.log(`gamma ${gamma}  symmetric  measured ${show(ends)}   closed form ${show(closed)}`);
    for (const key of ['profit', 'profitSd', 'inventorySd'] as const) expect(Math.abs(ends[key] / closed[key] - 1)).toBeLessThan(0.02);
  });

  it.each([0.01, 0.1, 1])('gamma %f: minding the inventory costs little profit and takes out risk', (gamma) => {
    const inventory = measured(gamma, 'inventory');
    const symmetric = symmetricClosedForm(gamma);
    console.log(`gamma ${gamma}  inventory  measured ${show(inventory)}   symmetric ${show(symmetric)}`);
    expect(inventory.profit).toBeLessThan(symmetric.profit);
    expect(inventory.profitSd).toBeLessThan(symmetric.profitSd);
    expect(inventory.inventorySd).toBeLessThan(symmetric.inventorySd);
  });
});

describe('Cont, Stoikov and Talreja 2010, through the engine', () => {
  it('table 3: which way the mid goes, all 25 cells', { timeout: 120_000 }, () => {
    const cells = CST_TABLE_3.map((row, b) =>
      row.map((printed, a) => {
        const sizes = { bid: b + 1, ask: a + 1 };
        const ratio = ratioOfMidUp({ rates: CST_RATES, sizes, runs: CST_RUNS, random: seededRandom(`table 3 ${b} ${a}`) });
        return { printed, ratio, off: Math.abs(ratio - printed) / tolerance(printed, CST_RUNS) };
      }),
    );
    console.log(cells.map((row) => row.map(({ printed, ratio }) => `${ratio.toFixed(4)} (${printed.toFixed(3)})`).join('  ')).join('\n'));
    for (const { off } of cells.flat()) expect(off).toBeLessThan(1);
  });

  it('table 5: our places in both queues, the diagonal', { timeout: 120_000 }, () => {
    for (const [i, printed] of CST_TABLE_5_DIAGONAL.entries()) {
      const sizes = { bid: i + 1, ask: i + 1 };
      const runs = 4 * CST_RUNS;
      const ratio = ratioOfBothFilled({ rates: CST_RATES, sizes, runs, random: seededRandom(`table 5 ${i}`) });
      console.log(`${i + 1} and ${i + 1} units: ${ratio.toFixed(4)} (${printed.toFixed(3)})`);
      expect(Math.abs(ratio - printed)).toBeLessThan(tolerance(printed, runs));
    }
  });
});
