import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/model/units.ts';
import { TradedHours } from '../../../src/simulator/day-statistics.ts';

const HOUR = 3_600_000;

describe('statistics of the day', () => {
  it('start at the first price, before any trade', () => {
    const hours = new TradedHours(ticks(100), 0);
    expect(hours.read(10)).toEqual({ open: 100, hourOpen: 100, high: 100, low: 100, volume: 0, turnover: 0 });
  });

  it('add up trades, open each hour at the last price and forget what is 24 hours old', () => {
    const hours = new TradedHours(ticks(100), 0);
    hours.add(ticks(110), lots(2), 1);
    hours.add(ticks(90), lots(1), 2);
    expect(hours.read(3)).toEqual({ open: 100, hourOpen: 100, high: 110, low: 90, volume: 3, turnover: 310 });
    hours.add(ticks(95), lots(1), 2 * HOUR);
    expect(hours.read(2 * HOUR)).toEqual({ open: 100, hourOpen: 90, high: 110, low: 90, volume: 4, turnover: 405 });
    expect(hours.read(25 * HOUR)).toEqual({ open: 90, hourOpen: 95, high: 95, low: 90, volume: 1, turnover: 95 });
    expect(hours.read(60 * HOUR)).toMatchObject({ open: 95, volume: 0 });
  });
});
