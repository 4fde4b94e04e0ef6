import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { halfWidth, HORIZONS_MS, joined, Markouts, type Cell } from '../../../../src/harness/measures/markouts.ts';
import { Selection } from '../../../../src/harness/measures/selection.ts';

const cellAt = (markouts: Markouts, horizonMs: number, group = 0): Cell | undefined =>
  markouts.groups()[group]?.cells[HORIZONS_MS.indexOf(horizonMs as never)];

describe('markouts', () => {
  test('compare the price of a fill with the mid that holds at each horizon', () => {
    const markouts = new Markouts();
    markouts.moved(10_000, 0);
    markouts.filled({ atMs: 0, side: 'buy', level: 0, price: 9990 });
    markouts.moved(10_010, 100);
    markouts.moved(9_980, 299);
    markouts.moved(10_050, 5000);
    const bps = (mid: number) => ((mid - 9990) / 9990) * 10_000;
    expect(cellAt(markouts, 100)?.mean).toBeCloseTo(bps(10_010), 9);
    expect(cellAt(markouts, 300)?.mean).toBeCloseTo(bps(9_980), 9);
    expect(cellAt(markouts, 3000)?.mean).toBeCloseTo(bps(9_980), 9);
    expect(cellAt(markouts, 10_000)?.count).toBe(0);
  });

  test('of a sale are in our favor when the price falls, and are kept by side and level', () => {
    const markouts = new Markouts();
    markouts.moved(10_000, 0);
    markouts.filled({ atMs: 0, side: 'sell', level: 2, price: 10_000 });
    markouts.filled({ atMs: 0, side: 'buy', level: undefined, price: 10_000 });
    markouts.moved(9_990, 100);
    expect(markouts.groups().map(({ side, level, cells }) => [side, level, cells[0]?.mean])).toEqual([
      ['buy', undefined, -10],
      ['sell', 2, 10],
    ]);
  });

  test('mean and interval are those of all values, however they were joined', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });
    const cellOf = (list: readonly number[]): Cell => {
      const mean = list.length === 0 ? 0 : list.reduce((sum, value) => sum + value, 0) / list.length;
      return { count: list.length, mean, squares: list.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
    };
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [whole, parts] = [cellOf([...a, ...b]), joined(cellOf(a), cellOf(b))];
        expect(parts.count).toBe(whole.count);
        expect(parts.mean).toBeCloseTo(whole.mean, 6);
        expect(halfWidth(parts) ?? 0).toBeCloseTo(halfWidth(whole) ?? 0, 5);
      }),
    );
  });
});

test('adverse selection is the move up to the horizon, and up to now for younger fills', () => {
  const selection = new Selection(1000);
  selection.moved(100, 0);
  selection.filled({ atMs: 0, signed: 2, mid: 100 });
  selection.moved(97, 400);
  expect(selection.tickLots).toBe(-6);
  selection.moved(90, 1500);
  selection.filled({ atMs: 1500, signed: -1, mid: 90 });
  selection.moved(80, 1600);
  expect(selection.tickLots).toBe(-6 + 10);
});
