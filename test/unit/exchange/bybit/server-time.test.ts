import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerTime } from '../../../../src/exchange/bybit/server-time.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

const START = 1_700_000_000_000;

describe('the estimate of the exchange’s clock', () => {
  it('is our own wall time until the first answer', () => {
    const time = new ServerTime(new VirtualClock(START));
    expect(time.isKnown).toBe(false);
    expect(time.now()).toBe(START);
  });

  it('errs by at most half the shortest round trip', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -10_000, max: 10_000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })), { minLength: 1, maxLength: 8 }),
        async (skew, trips) => {
          const clock = new VirtualClock(START);
          const time = new ServerTime(clock);
          for (const [there, back] of trips) {
            const sentAt = clock.monotonic();
            await clock.run(sleep(clock, there));
            const serverTime = clock.now() + skew;
            await clock.run(sleep(clock, back));
            time.sample(sentAt, serverTime);
          }
          const shortest = Math.min(...trips.map(([there, back]) => there + back));
          expect(Math.abs(time.now() - (clock.now() + skew))).toBeLessThanOrEqual(shortest / 2 + 1);
        },
      ),
      { numRuns: 50 },
    ));

  it('forgets what it knew when the exchange disagrees', () => {
    const clock = new VirtualClock(START);
    const time = new ServerTime(clock);
    time.sample(0, START + 500);
    time.distrust();
    expect(time.now()).toBe(START + 500);
    time.sample(-200, START + 5000);
    expect(time.now()).toBe(START + 5100);
  });

  it('says which answers cannot be, and follows the next sample after a jump', () => {
    const clock = new VirtualClock(START);
    const time = new ServerTime(clock);
    time.sample(-20, START + 500);
    expect(time.isContradictedBy(-300, START + 400)).toBe(false);
    expect(time.isContradictedBy(-40, START + 700)).toBe(true);
    expect(time.isContradictedBy(-40, START + 400)).toBe(true);
    time.sample(-40, START + 3000);
    expect(time.now()).toBe(START + 3020);
  });

  it('lets a good sample go when it is old', async () => {
    const clock = new VirtualClock(START);
    const time = new ServerTime(clock);
    time.sample(0, START + 500);
    await clock.run(sleep(clock, 200_000));
    time.sample(clock.monotonic() - 100, clock.now() + 650);
    expect(time.now()).toBe(clock.now() + 700);
  });
});
