import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitObservation } from '../../../../src/exchange/exchange.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { RateLimits } from '../../../../src/simulator/limits/rate-limits.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { randomInt, seededRandom } from '../../../../src/util/random.ts';

const TEN = { create: 10, amend: 10, cancel: 10, cancelBatch: 10, cancelAll: 10, query: 10 };
const ENDPOINT = '/v5/order/create';
/** Offset of the exchange's clock from our monotonic one. */
const APART_MS = 123_456;

const said = (more: Partial<LimitObservation>): LimitObservation => {
  return { class: 'create', sentAt: 0, at: 0, limit: 10, remaining: 10, exceeded: false, resetAt: 0, ...more };
};

/** A limiter before the embedded exchange's rate limits. `delays`: from sending to arrival, ms; `ordered`: no request overtakes another. */
function scene(delays: () => number, { ordered = true, ceilings = TEN } = {}) {
  const clock = new VirtualClock(0);
  const limits = new RateLimits(clock, 'vip0');
  const limiter = new RateLimiter(clock, ceilings);
  let lastAt = 0;
  const arrive = async (): Promise<void> => {
    const at = clock.monotonic() + delays();
    lastAt = ordered ? Math.max(lastAt, at) : at;
    await sleep(clock, lastAt - clock.monotonic());
  };
  return {
    clock,
    limiter,
    /** Sends a request when the limiter grants it, and passes the response to the limiter. */
    async send(): Promise<void> {
      await limiter.acquire('create');
      const sentAt = clock.monotonic();
      await arrive();
      const { limit, remaining, resetAt, granted } = limits.take(0, ENDPOINT);
      const at = Math.floor(clock.monotonic() + APART_MS);
      await sleep(clock, 3);
      limiter.observe(said({ sentAt, at, limit, remaining, exceeded: granted === 0, resetAt: resetAt + APART_MS }));
    },
    /** Sends requests of another client of the same account. */
    foreign: () => limits.take(0, ENDPOINT),
    seen: () => limits.counts(0).buckets[0] ?? expect.fail('nothing arrived'),
  };
}

type Scene = ReturnType<typeof scene>;

/** There are always more requests to send than the limit allows. */
async function saturate({ clock, send }: Scene, forMs: number): Promise<void> {
  const until = clock.monotonic() + forMs;
  const senders = Array.from({ length: 15 }, async () => {
    while (clock.monotonic() < until) await send();
  });
  await Promise.all(senders);
}

describe('rate limiter', () => {
  test('bursts under varying latency never exceed the limit in a second of the exchange, and it is hardly a brake', async () => {
    const random = seededRandom('bursts');
    const it = scene(() => 20 + random.uniform() * 80, { ordered: false });
    const run = async (): Promise<void> => {
      const requests: Promise<void>[] = [];
      for (let burst = 0; burst < 40; burst += 1) {
        for (let i = 0; i < 6 + randomInt(random, 9); i += 1) requests.push(it.send());
        await sleep(it.clock, 150 + random.uniform() * 950);
      }
      await Promise.all(requests);
    };
    await it.clock.run(run());
    expect(it.seen().worstRollingSecond).toBeLessThanOrEqual(10);
    expect(it.seen().arrived / (it.clock.monotonic() / 1000)).toBeGreaterThan(8.5);
  });

  test.each([
    ['steady', () => 5, 9.8],
    ['a spike now and then', spiky(0.01, 300), 9],
    ['400 ms more for ten seconds', (clock: VirtualClock) => (clock.monotonic() % 30_000 > 20_000 ? 405 : 5), 9],
  ])(
    'saturated, with a way to the exchange that is %s: nothing is refused, nearly all that is allowed is used',
    async (_, delayOf, least) => {
      const it: Scene = scene(() => delayOf(it.clock));
      await it.clock.run(saturate(it, 120_000));
      expect(it.seen()).toMatchObject({ refused: 0 });
      expect(it.seen().arrived / 120).toBeGreaterThan(least);
    },
  );

  test('once the way is known, no delays and no order of arrival bring too many into one second', async () => {
    const delay = fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 450, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(delay, { minLength: 20, maxLength: 60 }),
        fc.boolean(),
        fc.double({ min: 5, max: 200, noNaN: true }),
        async (delays, ordered, least) => {
          let sent = 0;
          const it: Scene = scene(() => ((sent += 1) <= 25 ? least : least + (delays[sent % delays.length] ?? 0)), { ordered });
          await it.clock.run(saturate(it, 15_000));
          expect(it.seen().refused).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a request of more than the lane takes at once goes alone, and counts whole', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, cancelBatch: 4 });
    await clock.run(limiter.acquire('cancelBatch', 60_000, 1));
    await clock.run(limiter.acquire('cancelBatch', 60_000, 10));
    expect(clock.monotonic()).toBeCloseTo(1500, 0);
    expect(limiter.room('cancelBatch')).toBe(0);
    await clock.run(limiter.acquire('cancelBatch', 60_000, 4));
    expect(clock.monotonic()).toBeCloseTo(3000, 0);
  });

  test('a caller that exceeds its deadline is told so, and the next one takes its place', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    await clock.run(limiter.acquire('create'));
    const [impatient, patient] = [limiter.acquire('create', 700), limiter.acquire('create', 5000)];
    expect(await clock.run(impatient)).toBe(false);
    expect(clock.monotonic()).toBeCloseTo(700, 0);
    expect(await clock.run(patient)).toBe(true);
    expect(clock.monotonic()).toBeCloseTo(1500, 0);
  });

  test('a request that nobody answers counts for as long as it may still arrive', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    await clock.run(limiter.acquire('create'));
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeCloseTo(1500, 0);
  });

  test('before anything is known of the way, requests keep a tenth of a second more than the second apart', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    await clock.run(limiter.acquire('create'));
    limiter.observe(said({ at: 40 }));
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeCloseTo(1100, 0);
  });

  /** Sends a request, answered after `latencyMs` by an exchange whose clock is `skewMs` off; returns when the next one may be sent. */
  async function gapAfter(clock: VirtualClock, limiter: RateLimiter, skewMs = 0): Promise<number> {
    await clock.run(limiter.acquire('create'));
    const sentAt = clock.monotonic();
    limiter.observe(said({ sentAt, at: Math.floor(sentAt) + 5 + skewMs, remaining: 9 }));
    await clock.run(limiter.acquire('create'));
    limiter.observe(said({ sentAt: clock.monotonic(), at: Math.floor(clock.monotonic()) + 5 + skewMs, remaining: 9 }));
    return clock.monotonic() - sentAt;
  }

  test('what it knew of the way a minute ago is worth nothing', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    for (let i = 0; i < 12; i += 1) await gapAfter(clock, limiter);
    expect(await gapAfter(clock, limiter)).toBeCloseTo(1010, -1);
    await clock.run(sleep(clock, 70_000));
    expect(await gapAfter(clock, limiter)).toBeCloseTo(1100, -1);
  });

  test("a jump of the exchange's clock keeps requests at most half a second further apart", async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    for (let i = 0; i < 12; i += 1) await gapAfter(clock, limiter);
    expect(await gapAfter(clock, limiter, 5000)).toBeCloseTo(1500, -1);
  });

  test('an answer that names no time counts for a second from when it came', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    await clock.run(limiter.acquire('create'));
    await clock.run(sleep(clock, 200));
    limiter.observe(said({ at: undefined, limit: Number.POSITIVE_INFINITY }));
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeCloseTo(1200, 0);
  });

  test('a refusal that names no time closes the lane for a second', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    limiter.observe(said({ at: undefined, exceeded: true, resetAt: 0 }));
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(1000);
  });

  test('an answer lets the next one go that waits already', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    await clock.run(limiter.acquire('create'));
    const next = limiter.acquire('create');
    clock.schedule(5, () => limiter.observe(said({ at: 3, remaining: 9 })));
    await clock.run(next);
    expect(clock.monotonic()).toBeCloseTo(1100, -1);
  });

  test('a refused request is not taken for one that the exchange counts', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    limiter.observe(said({ at: 100, exceeded: true, remaining: 0, resetAt: 100 }));
    limiter.observe(said({ at: 100, remaining: 5 }));
    // Of the five requests that it counts, one is ours and four are another client's; the refused one counts separately here.
    await clock.run(sleep(clock, 300));
    expect(limiter.room('create')).toBe(4);
  });

  test('makes room for another client of the same account, whom it sees only by what is left', async () => {
    const it = scene(() => 5);
    let foreignPassed = 0;
    const run = async (): Promise<void> => {
      const ours = saturate(it, 60_000);
      while (it.clock.monotonic() < 60_000) {
        foreignPassed += it.foreign().granted;
        await sleep(it.clock, 250);
      }
      await ours;
    };
    await it.clock.run(run());
    const ours = it.seen().arrived - 240;
    const refused = it.seen().refused - (240 - foreignPassed);
    expect(refused / ours).toBeLessThan(0.05);
    expect(it.seen().passed / 60).toBeGreaterThan(9);
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
    expect(clock.monotonic()).toBeCloseTo(1500, 0);
  });

  test('a batch counts its orders, and one larger than the lane goes alone', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, cancelBatch: 9 });
    await clock.run(limiter.acquire('cancelBatch', Number.POSITIVE_INFINITY, 10));
    expect(clock.monotonic()).toBe(0);
    expect(limiter.room('cancelBatch')).toBe(0);
    await clock.run(limiter.acquire('cancelBatch', Number.POSITIVE_INFINITY, 10));
    expect(clock.monotonic()).toBeCloseTo(1500, 0);
    limiter.observe(said({ class: 'cancelBatch', sentAt: 1500, at: 1510, remaining: 0 }));
    expect(limiter.room('cancelBatch')).toBe(0);
  });

  test('room is what would leave at once', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    expect(limiter.room('amend')).toBe(10);
    for (let i = 0; i < 7; i += 1) void limiter.acquire('amend');
    void limiter.acquire('amend', 1000, 5);
    // There is room for three, and a request of five waits.
    expect(limiter.room('amend')).toBe(2);
    await clock.run(sleep(clock, 1501));
    expect(limiter.room('amend')).toBe(10);
    limiter.observe(said({ class: 'amend', sentAt: 1501, at: 1510, remaining: 0, exceeded: true, resetAt: 2500 }));
    expect(limiter.room('amend')).toBe(0);
  });

  test('the exchange can lower a lane but never raise it above our own ceiling', () => {
    const limiter = new RateLimiter(new VirtualClock(0), { ...TEN, create: 9 });
    limiter.observe(said({ limit: 5, remaining: 5 }));
    expect(limiter.room('create')).toBe(4);
    limiter.observe(said({ limit: 100, remaining: 99 }));
    expect(limiter.room('create')).toBe(7);
  });

  test('after the exchange refused one, the lane stays closed until the stated reset; the others stay open', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, TEN);
    limiter.observe(said({ at: 5000, remaining: 0, exceeded: true, resetAt: 5700 }));
    await clock.run(limiter.acquire('cancel'));
    expect(clock.monotonic()).toBe(0);
    await clock.run(limiter.acquire('create'));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(700);
    expect(clock.monotonic()).toBeLessThan(1000);
  });

  test('every refusal widens the distance, a quiet minute takes that back', async () => {
    const clock = new VirtualClock(0);
    const limiter = new RateLimiter(clock, { ...TEN, create: 1 });
    const gap = async (): Promise<number> => {
      await clock.run(limiter.acquire('create'));
      const sentAt = clock.monotonic();
      limiter.observe(said({ sentAt, at: Math.floor(sentAt) + 5, remaining: 9 }));
      await clock.run(limiter.acquire('create'));
      limiter.observe(said({ sentAt: clock.monotonic(), at: Math.floor(clock.monotonic()) + 5, remaining: 9 }));
      return clock.monotonic() - sentAt;
    };
    for (let i = 0; i < 12; i += 1) await gap();
    const before = await gap();
    for (let i = 0; i < 8; i += 1)
      limiter.observe(said({ class: 'amend', sentAt: clock.monotonic(), at: Math.floor(clock.monotonic()) + 5, exceeded: true }));
    expect(await gap()).toBeGreaterThan(before + 50);
    expect(await gap()).toBeLessThanOrEqual(1261);
    await clock.run(sleep(clock, 61_000));
    for (let i = 0; i < 12; i += 1) await gap();
    expect(await gap()).toBeCloseTo(before, 0);
  });
});

function spiky(share: number, ms: number): () => number {
  const random = seededRandom('spikes');
  return () => 4 + 2 * random.uniform() + (random.uniform() < share ? ms * random.uniform() : 0);
}
