import { describe, expect, test } from 'vitest';
import { RateLimiter } from '../../../src/execution/rate-limiter.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { randomInt, seededRandom } from '../../../src/util/random.ts';

const TEN = { create: 10, amend: 10, cancel: 10, cancelBatch: 10, cancelAll: 10, query: 10 };

/** The most events in any window of `windowMs`. */
function worst(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((start, i) => sorted.filter((time, j) => j >= i && time - start < windowMs).length));
}

describe('rate limiter', () => {
  test('bursts under any latency never exceed the limit in a rolling second, at the sender or at the exchange', async () => {
    const clock = new VirtualClock(0);
    const random = seededRandom('bursts');
    const limiter = new RateLimiter(clock, TEN);
    const sent: number[] = [];
    const arrived: number[] = [];
    const send = async (): Promise<void> => {
      await limiter.acquire('create');
      sent.push(clock.monotonic());
      await sleep(clock, 20 + random.uniform() * 80);
      arrived.push(clock.monotonic());
    };
    const run = async (): Promise<void> => {
      const requests: Promise<void>[] = [];
      for (let burst = 0; burst < 40; burst += 1) {
        for (let i = 0; i < 6 + randomInt(random, 9); i += 1) requests.push(send());
        await sleep(clock, 150 + random.uniform() * 950);
      }
      await Promise.all(requests);
    };
    await clock.run(run());
    expect(sent.length).toBeGreaterThan(200);
    expect(worst(sent, 1000)).toBeLessThanOrEqual(10);
    expect(worst(arrived, 1000)).toBeLessThanOrEqual(10);
    // And it is no brake: under saturation nine tenths of the limit are used.
    expect(sent.length / ((Math.max(...sent) - Math.min(...sent)) / 1000)).toBeGreaterThan(8.5);
  });

  test('a cancel never waits behind creates', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    for (let i = 0; i < 100; i += 1) void limiter.acquire('create');
    await clock.run(limiter.acquire('cancel'));
    expect(clock.monotonic()).toBe(0);
  });

  test('what waits longer than its patience is refused, and costs no place', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    const work = Promise.all([limiter.acquire('create'), limiter.acquire('create', 250), limiter.acquire('create')]);
    expect(await clock.run(work)).toEqual([true, false, true]);
    expect(clock.monotonic()).toBeCloseTo(1100, 0);
  });

  test('the exchange can lower a lane but never raise it above our own ceiling', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 9 });
    const take = async (count: number): Promise<number> => {
      await Promise.all(Array.from({ length: count }, () => limiter.acquire('create')));
      return clock.monotonic();
    };
    limiter.observe({ class: 'create', limit: 5, remaining: 5, exceeded: false, resetAt: 0 }, 0);
    expect(await clock.run(take(6))).toBeGreaterThan(1000);
    limiter.observe({ class: 'create', limit: 100, remaining: 100, exceeded: false, resetAt: 0 }, 0);
    const before = clock.monotonic();
    expect((await clock.run(take(10))) - before).toBeGreaterThan(1000);
  });

  test('after the exchange refused one, the lane stays closed until the stated reset; the others stay open', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    limiter.observe({ class: 'create', limit: 10, remaining: 0, exceeded: true, resetAt: 700 }, 0);
    await clock.run(limiter.acquire('cancel'));
    expect(clock.monotonic()).toBe(0);
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(700);
  });
});
