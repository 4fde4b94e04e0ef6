import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markLine, rangeOf, sparkline } from '../../../../src/reports/text/sparkline.ts';

describe('a sparkline', () => {
  test('runs from the lowest bar to the highest', () => {
    expect(sparkline({ atMs: [0, 1, 2, 3, 4, 5, 6, 7], values: [0, 1, 2, 3, 4, 5, 6, 7] }, 8, 8)).toBe('▁▂▃▄▅▆▇█');
  });

  test('holds a value until the next, and shows a gap where there was none', () => {
    expect(sparkline({ atMs: [0, 50], values: [1, 2] }, 100, 10)).toBe('▁▁▁▁▁█    ');
    expect(sparkline({ atMs: [0, 30, 60, 90], values: [1, null, Number.NaN, 2] }, 100, 10)).toBe('▁▁▁      █');
  });

  test('is as wide as was asked for, whatever it shows', () => {
    const trace = fc.array(fc.tuple(fc.double({ min: 0, max: 2000, noNaN: true }), fc.option(fc.double({ noNaN: true })))).map((pairs) => ({
      atMs: pairs.map(([at]) => at).sort((a, b) => a - b),
      values: pairs.map(([, value]) => value),
    }));
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 100 }), (any, width) => {
        expect(sparkline(any, 1000, width)).toHaveLength(width);
      }),
    );
  });

  test('has no range without values', () => {
    expect(rangeOf({ atMs: [0], values: [null] })).toEqual([undefined, undefined]);
    expect(rangeOf({ atMs: [0, 1], values: [3, -1] })).toEqual([-1, 3]);
  });
});

test('marks stand where something happened', () => {
  expect(markLine([0, 55, 100], 100, 10)).toBe('×····×···×');
});
