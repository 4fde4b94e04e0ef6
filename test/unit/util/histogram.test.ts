import { expect, test } from 'vitest';
import { Histogram } from '../../../src/util/histogram.ts';

test('no quantile and no interval is above the maximum', () => {
  // Above 2 ms the steps of the histogram are wider than a microsecond.
  for (const highest of [0.0004, 12.3451, 2049.0001, 70_001.25]) {
    const histogram = new Histogram();
    for (let i = 1; i <= 100; i += 1) histogram.record((highest * i) / 100);
    const max = histogram.max ?? 0;
    for (const q of [0.5, 0.95, 0.99, 0.999, 0.999_99]) {
      expect(histogram.quantile(q)).toBeLessThanOrEqual(max);
      const [low = 0, high = 0] = histogram.interval(q) ?? [];
      expect([low <= max, high <= max]).toEqual([true, true]);
    }
    expect(histogram.distribution().every(([, value]) => value <= max)).toBe(true);
  }
});
