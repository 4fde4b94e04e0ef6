import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scopedClock, sleep, systemClock, VirtualClock } from '../../../src/util/clock.ts';

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

describe('a clock for one piece of work', () => {
  test('runs what is due while it lasts, and drops the rest when it ends', async () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const scope = scopedClock(clock);
    scope.schedule(10, () => ran.push('due'));
    const cancel = scope.schedule(20, () => ran.push('canceled'));
    scope.schedule(100, () => ran.push('late'));
    cancel();
    await clock.run(sleep(clock, 50));
    scope[Symbol.dispose]();
    scope.schedule(0, () => ran.push('afterwards'));
    await clock.run(sleep(clock, 200));
    expect(ran).toEqual(['due']);
    expect([scope.now(), scope.monotonic()]).toEqual([250, 250]);
  });

  test('does not keep the process alive: its timers end with its work', () => {
    const before = timers();
    {
      using scope = scopedClock(systemClock);
      scope.schedule(60_000, () => undefined);
      expect(timers()).toBe(before + 1);
    }
    expect(timers()).toBe(before);
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
