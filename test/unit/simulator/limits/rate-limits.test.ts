import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateLimits } from '../../../../src/simulator/limits/rate-limits.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

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

  test('a refused request passes at the time given in the refusal', async () => {
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
    expect(limits.counts(0)).toEqual({
      rateLimited: 2,
      worstRollingSecond: 12,
      buckets: [
        { endpoint: CREATE, product: 'futures', limit: 10, arrived: 12, passed: 10, refused: 2, worstRollingSecond: 12 },
        { endpoint: BATCH, product: 'futures', limit: 10, arrived: 1, passed: 1, refused: 0, worstRollingSecond: 1 },
      ],
    });
    expect(limits.counts(1)).toMatchObject({ rateLimited: 0, worstRollingSecond: 1 });
    expect(limits.counts(2)).toEqual({ rateLimited: 0, worstRollingSecond: 0, buckets: [] });
  });

  test.each([
    ['vip0', 'futures', 10],
    ['vip0', 'spot', 20],
    ['vip1', 'futures', 20],
    ['vip1', 'spot', 25],
    ['vip2', 'futures', 40],
    ['vip2', 'spot', 30],
    ['vip3', 'futures', 60],
    ['vip3', 'spot', 40],
    ['pro1', 'futures', 200],
    ['pro6', 'spot', 1200],
    ['mm1', 'futures', 600],
    ['mm2', 'spot', 800],
    ['mm3', 'futures', 1000],
  ] as const)('%s may do so much with %s: %i a second', (level, product, perSecond) => {
    const limits = new RateLimits(new VirtualClock(0), level);
    for (let i = 0; i < perSecond; i += 1) {
      expect(limits.take(0, CREATE, 1, product)).toMatchObject({ limit: perSecond, remaining: perSecond - i - 1, granted: 1 });
    }
    expect(limits.take(0, CREATE, 1, product)).toMatchObject({ limit: perSecond, remaining: 0, granted: 0, resetAt: 1000 });
    expect(limits.take(0, '/v5/order/realtime', 1, product).limit).toBe(50);
    expect(limits.take(0, '/v5/account/fee-rate', 1, 'all').limit).toBe(5);
  });

  test('an ordinary account amends less on spot, and cancels all options once a second', () => {
    const limits = new RateLimits(new VirtualClock(0), 'vip0');
    expect(limits.take(0, '/v5/order/amend', 1, 'spot').limit).toBe(10);
    expect(limits.take(0, '/v5/order/cancel-all', 1, 'option').limit).toBe(1);
    expect(limits.take(0, '/v5/order/cancel-all', 1, 'spot').limit).toBe(20);
  });

  test('an address has 600 requests in any five seconds, then ten minutes without any', async () => {
    const clock = new VirtualClock(0);
    const limits = new RateLimits(clock, 'vip0');
    for (let i = 0; i < 1800; i += 1) {
      // Six hundred at once, every five seconds.
      if (i > 0 && i % 600 === 0) await clock.run(sleep(clock, 5000));
      expect(limits.admits('a')).toBe(true);
    }
    expect(limits.admits('a')).toBe(false);
    expect(limits.admits('b')).toBe(true);
    await clock.run(sleep(clock, 599_999));
    expect(limits.admits('a')).toBe(false);
    await clock.run(sleep(clock, 1));
    expect(limits.admits('a')).toBe(true);
    expect(limits.addresses()).toEqual([
      { address: 'a', requests: 1803, worstFiveSeconds: 601, isBanned: false },
      { address: 'b', requests: 1, worstFiveSeconds: 1, isBanned: false },
    ]);
  });

  test('off refuses nothing and still counts', () => {
    const limits = new RateLimits(new VirtualClock(0), 'off');
    for (let i = 0; i < 700; i += 1) expect(limits.admits('a') && limits.take(0, CREATE).granted === 1).toBe(true);
    expect(limits.counts(0)).toMatchObject({ rateLimited: 0, worstRollingSecond: 700 });
    expect(limits.addresses()).toMatchObject([{ worstFiveSeconds: 700, isBanned: false }]);
  });
});
