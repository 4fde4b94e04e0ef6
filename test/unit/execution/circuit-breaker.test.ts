import { describe, expect, test } from 'vitest';
import { CircuitBreaker } from '../../../src/execution/circuit-breaker.ts';
import { ExchangeError, type ExchangeErrorKind } from '../../../src/exchange/errors.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const error = (kind: ExchangeErrorKind, retCode?: number): ExchangeError =>
  new ExchangeError(kind, kind === 'unavailable' ? 'unknown' : 'not-applied', kind, retCode === undefined ? {} : { retCode });

function breaker() {
  const clock = new VirtualClock(0);
  return { clock, sut: new CircuitBreaker(clock, seededRandom('breaker')), wait: (ms: number) => clock.run(sleep(clock, ms)) };
}

describe('circuit breaker', () => {
  test('one refusal for the rate limit pauses a lane, three in ten seconds open the breaker', () => {
    const { sut } = breaker();
    sut.failed(error('throttled', 10_006));
    sut.failed(error('throttled', 10_006));
    expect(sut.state).toBe('closed');
    sut.failed(error('throttled', 10_006));
    expect(sut.state).toBe('open');
  });

  test('an overload opens it at once, a ban for ten minutes', async () => {
    const overloaded = breaker();
    overloaded.sut.failed(error('throttled', 10_429));
    expect(overloaded.sut.state).toBe('open');
    await overloaded.wait(4000);
    expect(overloaded.sut.state).toBe('half_open');
    const banned = breaker();
    banned.sut.failed(error('banned'));
    await banned.wait(599_000);
    expect(banned.sut.state).toBe('open');
    await banned.wait(1000);
    expect(banned.sut.state).toBe('half_open');
  });

  test('lost answers open it when they are many and most; a few among successes do not', () => {
    const busy = breaker();
    for (let i = 0; i < 40; i += 1) busy.sut.succeeded();
    for (let i = 0; i < 6; i += 1) busy.sut.failed(error('unavailable'));
    expect(busy.sut.state).toBe('closed');
    const dead = breaker();
    for (let i = 0; i < 4; i += 1) dead.sut.failed(error('unavailable'));
    expect(dead.sut.state).toBe('closed');
    dead.sut.failed(error('unavailable'));
    expect(dead.sut.state).toBe('open');
  });

  test('rejected parameters, a wrong clock and orders that are gone never open it', () => {
    const { sut } = breaker();
    for (const kind of ['rejected', 'clock', 'auth', 'gone', 'duplicate'] as const) for (let i = 0; i < 20; i += 1) sut.failed(error(kind));
    expect(sut.state).toBe('closed');
  });

  test('half open it lets exactly one probe through; its success closes, its failure opens for longer', async () => {
    const { sut, wait } = breaker();
    sut.failed(error('throttled', 429));
    expect(sut.takeProbe()).toBe(false);
    await wait(4000);
    expect([sut.takeProbe(), sut.takeProbe()]).toEqual([true, false]);
    sut.failed(error('unavailable'));
    expect(sut.state).toBe('open');
    await wait(3999);
    expect(sut.state).toBe('open');
    await wait(4001);
    expect(sut.takeProbe()).toBe(true);
    sut.succeeded();
    expect(sut.state).toBe('closed');
    // What tripped it is forgotten: the next single failure does not trip it again.
    sut.failed(error('throttled', 10_006));
    expect(sut.state).toBe('closed');
    expect(sut.openings).toBe(1);
  });

  test('repeated trips wait 4, 8, 16 … at most 60 seconds', async () => {
    const { clock, sut } = breaker();
    const waits: number[] = [];
    for (let trip = 0; trip < 8; trip += 1) {
      sut.failed(error('throttled', 429));
      const openedAt = clock.monotonic();
      while (sut.state === 'open') await clock.run(sleep(clock, 100));
      waits.push(clock.monotonic() - openedAt);
      sut.takeProbe();
    }
    for (const [trip, ms] of waits.entries()) {
      const longest = Math.min(60_000, 4000 * 2 ** trip);
      expect(ms).toBeGreaterThanOrEqual(longest / 2);
      expect(ms).toBeLessThanOrEqual(longest + 100);
    }
  });
});
