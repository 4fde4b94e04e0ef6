import { describe, expect, test } from 'vitest';
import { sleep, VirtualClock, watchedClock } from '../../../src/util/clock.ts';

describe('a clock that is watched', () => {
  test.each([
    ['its process stood still', 8000, [1, 1]],
    ['its process stood still', 1501, [1, 1]],
    ['its machine was suspended, and the monotonic clock with it', 8000, [0, 1]],
  ] as const)('says that %s for %i ms before anything that is due runs', async (_, ms, [ofMonotonic, ofUptime]) => {
    const virtual = new VirtualClock(0);
    let pausedMs = 0;
    const paused = {
      now: () => virtual.now(),
      monotonic: () => virtual.monotonic() + pausedMs * ofMonotonic,
      schedule: virtual.schedule.bind(virtual),
    };
    const order: string[] = [];
    const clock = watchedClock(paused, {
      stallMs: 1500,
      onStall: (gap) => void order.push(`stall ${Math.round(gap / 10) * 10}`),
      uptimeMs: () => virtual.monotonic() + pausedMs * ofUptime,
    });
    clock.schedule(1, () => void order.push('before it begins'));
    await virtual.run(sleep(virtual, 5000));
    clock.begin();
    for (const delay of [1, 2, 1000, 1400]) clock.schedule(delay, () => void order.push(`due ${delay}`));
    virtual.schedule(3, () => void (pausedMs += ms));
    await virtual.run(sleep(virtual, 3000));
    // Found at the next look of the clock itself.
    expect(order).toEqual(['before it begins', 'due 1', 'due 2', `stall ${Math.round((ms + 248) / 10) * 10}`, 'due 1000', 'due 1400']);
  });

  test('does not take a time in which nothing is due for a stall', async () => {
    const virtual = new VirtualClock(0);
    const stalls: number[] = [];
    const clock = watchedClock(virtual, { stallMs: 1500, onStall: (ms) => void stalls.push(ms), uptimeMs: () => virtual.monotonic() });
    clock.begin();
    clock.schedule(5000, () => undefined);
    await virtual.run(sleep(virtual, 6000));
    expect(stalls).toEqual([]);
  });
});
