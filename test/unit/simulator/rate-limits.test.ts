import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateLimits } from '../../../src/simulator/rate-limits.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';

const CREATE = '/v5/order/create';
const BATCH = '/v5/order/create-batch';

describe('rate limits', () => {
  test('no rolling second ever passes more than the limit, and what fits is never refused', async () => {
    const requests = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), amount: fc.integer({ min: 1, max: 12 }) }), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(requests, async (sequence) => {
        const clock = new VirtualClock(0);
        const limits = new RateLimits(clock, 'vip0');
        const passed: number[] = [];
        for (const { waitMs, amount } of sequence) {
          await clock.run(sleep(clock, waitMs));
          const now = clock.monotonic();
          const inWindow = passed.filter((at) => at > now - 1000).length;
          const { granted, remaining } = limits.take(0, BATCH, amount);
          expect(granted).toBe(Math.min(amount, 10 - inWindow));
          expect(remaining).toBe(10 - inWindow - granted);
          for (let i = 0; i < granted; i += 1) passed.push(now);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a refused request passes at the time that it was told', async () => {
    const clock = new VirtualClock(1_000_000);
    const limits = new RateLimits(clock, 'vip0');
    for (let i = 0; i < 10; i += 1) {
      limits.take(0, CREATE);
      await clock.run(sleep(clock, 30));
    }
    const { granted, resetAt } = limits.take(0, CREATE);
    expect(granted).toBe(0);
    await clock.run(sleep(clock, resetAt - clock.now() - 1));
    expect(limits.take(0, CREATE).granted).toBe(0);
    await clock.run(sleep(clock, 1));
    expect(limits.take(0, CREATE).granted).toBe(1);
  });

  test('accounts and endpoints have buckets of their own', () => {
    const limits = new RateLimits(new VirtualClock(0), 'vip0');
    for (let i = 0; i < 12; i += 1) limits.take(0, CREATE);
    expect(limits.take(0, BATCH).granted).toBe(1);
    expect(limits.take(1, CREATE).granted).toBe(1);
    expect(limits.counts(0)).toEqual({ rateLimited: 2, worstRollingSecond: 12 });
    expect(limits.counts(1)).toEqual({ rateLimited: 0, worstRollingSecond: 1 });
  });
});
