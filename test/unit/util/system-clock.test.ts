import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/util/clock.ts';

const DAY_MS = 86_400_000;

describe('real time', () => {
  // These wait for months.
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([1, 24, 25, 30, 100])('waits for %d days, though no timer of Node is longer than 24.8', (days) => {
    let runs = 0;
    systemClock.schedule(days * DAY_MS, () => (runs += 1));
    vi.advanceTimersByTime(days * DAY_MS - 1);
    expect(runs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(runs).toBe(1);
    vi.advanceTimersByTime(200 * DAY_MS);
    expect(runs).toBe(1);
  });

  test.each([0, 20, 26, 60])('a task of a hundred days that is canceled after %d never runs', (days) => {
    let runs = 0;
    const cancel = systemClock.schedule(100 * DAY_MS, () => (runs += 1));
    vi.advanceTimersByTime(days * DAY_MS);
    cancel();
    vi.advanceTimersByTime(200 * DAY_MS);
    expect(runs).toBe(0);
  });
});
