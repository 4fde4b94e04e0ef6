import { describe, expect, it } from 'vitest';
import { evenValues, fullGrid, gridSize, spread } from '../../../src/statistics/search-space.ts';

const AXES = [
  { key: 'quoting.baseSpreadBps', values: evenValues(1, 3, 5) },
  { key: 'quoting.model', values: ['spread', 'glft'] },
];

describe('a search space', () => {
  it('has even values without the noise of floats', () => {
    expect(evenValues(0.1, 0.7, 7)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(evenValues(3, 1, 3)).toEqual([3, 2, 1]);
    expect(evenValues(3, 5, 1)).toEqual([3]);
  });

  it('has every combination once in the full grid', () => {
    const grid = fullGrid(AXES);
    expect(grid).toHaveLength(gridSize(AXES));
    expect(new Set(grid.map((settings) => JSON.stringify(settings))).size).toBe(10);
    expect(grid.slice(0, 2)).toEqual([
      { 'quoting.baseSpreadBps': 1, 'quoting.model': 'spread' },
      { 'quoting.baseSpreadBps': 1, 'quoting.model': 'glft' },
    ]);
    expect(fullGrid([])).toEqual([{}]);
  });

  it('spreads different setups over it, each value about as often', () => {
    const axes = ['a', 'b', 'c'].map((key) => ({ key, values: [1, 2, 3, 4] }));
    const setups = spread(axes, 16);
    expect(new Set(setups.map((settings) => JSON.stringify(settings))).size).toBe(16);
    for (const { key, values } of axes)
      for (const value of values) expect(setups.filter((settings) => settings[key] === value).length).toBeGreaterThanOrEqual(2);
    expect(spread(axes, 16)).toEqual(setups);
  });

  it.each([1, 7, 9])('finds %d of ten, however the points fall', (count) => {
    expect(spread(AXES, count)).toHaveLength(count);
  });

  it('is the full grid when that is small enough', () => {
    expect(spread(AXES, 10)).toEqual(fullGrid(AXES));
    expect(spread(AXES, 1000)).toEqual(fullGrid(AXES));
  });
});
