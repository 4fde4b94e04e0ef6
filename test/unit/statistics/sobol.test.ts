import { describe, expect, it } from 'vitest';
import { MOST_DIMENSIONS, sobolPoints } from '../../../src/statistics/sobol.ts';
import { at } from '../../../src/util/array.ts';

describe('Sobol points', () => {
  it('are those of scipy.stats.qmc.Sobol(24, scramble=False)', () => {
    const points = sobolPoints(1024, 24);
    expect(at(points, 5).slice(0, 4)).toEqual([0.875, 0.875, 0.125, 0.375]);
    expect(at(points, 1000)).toEqual([
      0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.2802734375, 0.9072265625, 0.0458984375, 0.8994140625, 0.5009765625,
      0.0693359375, 0.0849609375, 0.2548828125, 0.1611328125, 0.3837890625, 0.1435546875, 0.3701171875, 0.7197265625, 0.3447265625,
      0.9912109375, 0.7255859375, 0.5224609375, 0.5498046875, 0.9501953125, 0.5400390625,
    ]);
  });

  it('have one point in each slice of each dimension', () => {
    const points = sobolPoints(64, MOST_DIMENSIONS);
    for (let d = 0; d < MOST_DIMENSIONS; d += 1) expect(new Set(points.map((point) => Math.floor(at(point, d) * 64))).size).toBe(64);
  });

  it('begin the same however many are taken', () => {
    expect(sobolPoints(100, 3).slice(0, 10)).toEqual(sobolPoints(10, 3));
  });

  it('say when there are too many dimensions', () => {
    expect(() => sobolPoints(1, MOST_DIMENSIONS + 1)).toThrow('25 keys to vary, at most 24 are possible');
  });
});
