import { describe, expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../src/execution/limits/circuit-breaker.ts';
import { ExchangeError, type ExchangeErrorKind } from '../../../../src/exchange/errors.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';

const BAN_MS = 600_000;

const error = (kind: ExchangeErrorKind, isRateLimit = false): ExchangeError =>
  new ExchangeError(kind, kind === 'unavailable' ? 'unknown' : 'not-applied', kind, { isRateLimit });
const TOO_MANY = error('throttled', true);
const OVERLOAD = error('throttled');
const SILENCE = error('unavailable');

function breaker(seed = 'breaker') {
  const clock = new VirtualClock(0);
  const sut = new CircuitBreaker(clock, seededRandom(seed), BAN_MS);
  return {
    sut,
    wait: (ms: number) => clock.run(sleep(clock, ms)),
    hear: (what: ExchangeError | undefined, times = 1) => {
      for (let i = 0; i < times; i += 1) sut.heard(what);
    },
    /** How long it stays open, to 100 ms. */
    async openFor(): Promise<number> {
      const since = clock.monotonic();
      while (sut.state === 'open') await clock.run(sleep(clock, 100));
      return clock.monotonic() - since;
    },
  };
}

describe('circuit breaker', () => {
  test('one refusal for the rate limit pauses a lane, three in ten seconds open the breaker', async () => {
    const { sut, hear, wait } = breaker();
    hear(TOO_MANY, 2);
    expect(sut.state).toBe('closed');
    await wait(10_001);
    hear(TOO_MANY, 2);
    expect(sut.state).toBe('closed');
    hear(TOO_MANY);
    expect(sut.state).toBe('open');
  });

  test('an overload opens it at once for a minute, a ban for as long as it lasts', async () => {
    const { sut, hear, wait } = breaker();
    hear(OVERLOAD);
    await wait(59_999);
    expect(sut.state).toBe('open');
    await wait(1);
    expect(sut.state).toBe('half_open');
    const banned = breaker();
    banned.hear(error('banned'));
    await banned.wait(BAN_MS - 1);
    expect(banned.sut.state).toBe('open');
    await banned.wait(1);
    expect(banned.sut.state).toBe('half_open');
  });

  test('a shorter reason never shortens a longer one', async () => {
    const { sut, hear, wait } = breaker();
    hear(error('banned'));
    hear(OVERLOAD);
    await wait(BAN_MS - 1);
    expect(sut.state).toBe('open');
  });

  test('lost answers open it when they are five and at least half; a few among successes do not', async () => {
    const busy = breaker();
    busy.hear(undefined, 6);
    busy.hear(SILENCE, 5);
    expect(busy.sut.state).toBe('closed');
    busy.hear(SILENCE);
    expect(busy.sut.state).toBe('open');
    const slow = breaker();
    slow.hear(SILENCE, 4);
    await slow.wait(10_001);
    slow.hear(SILENCE, 4);
    expect(slow.sut.state).toBe('closed');
    slow.hear(SILENCE);
    expect(slow.sut.state).toBe('open');
  });

  test('rejected parameters, a wrong clock and closed orders never open it: they are answers', () => {
    const { sut, hear } = breaker();
    for (const kind of ['rejected', 'clock', 'auth', 'gone', 'duplicate'] as const) hear(error(kind), 20);
    expect(sut.state).toBe('closed');
    hear(SILENCE, 20);
    expect(sut.state).toBe('closed');
  });

  test('half open it lets exactly one probe through; its success closes with nothing remembered', async () => {
    const { sut, hear, openFor } = breaker();
    hear(SILENCE, 5);
    expect(sut.takeProbe()).toBe(false);
    await openFor();
    expect([sut.takeProbe(), sut.takeProbe()]).toEqual([true, false]);
    expect(sut.state).toBe('half_open');
    hear(SILENCE, 4);
    sut.probed(undefined);
    expect(sut.state).toBe('closed');
    // The failures that opened it are forgotten: the next single failures do not open it again.
    hear(SILENCE, 4);
    expect(sut.state).toBe('closed');
    expect(sut.openings).toBe(1);
  });

  test('only the probe closes it: what cancels are answered meanwhile neither closes nor keeps it open', async () => {
    const { sut, hear, openFor } = breaker();
    hear(SILENCE, 5);
    await openFor();
    sut.takeProbe();
    hear(undefined);
    hear(error('gone'));
    expect(sut.state).toBe('half_open');
    sut.probed(error('rejected'));
    expect(sut.state).toBe('closed');
  });

  test('a failed probe opens it for longer, and another may follow', async () => {
    const { sut, hear, openFor } = breaker();
    hear(SILENCE, 5);
    await openFor();
    sut.takeProbe();
    sut.probed(SILENCE);
    expect(sut.state).toBe('open');
    expect(await openFor()).toBeGreaterThanOrEqual(4000);
    expect(sut.takeProbe()).toBe(true);
    sut.probed(error('banned'));
    expect(await openFor()).toBe(BAN_MS);
    // It counts as one opening, however long it lasts.
    expect(sut.openings).toBe(1);
  });

  test('repeated trips wait 4, 8, 16 … at most 60 seconds, also when probes succeed in between; a calm minute starts anew', async () => {
    const { sut, hear, wait, openFor } = breaker();
    const trip = async (): Promise<number> => {
      hear(SILENCE, 5);
      const ms = await openFor();
      sut.takeProbe();
      sut.probed(undefined);
      return ms;
    };
    for (const longest of [4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      const ms = await trip();
      expect(ms).toBeGreaterThanOrEqual(longest / 2);
      expect(ms).toBeLessThanOrEqual(longest + 100);
    }
    await wait(60_000);
    expect(await trip()).toBeLessThanOrEqual(4100);
  });

  test('many clients do not come back together', async () => {
    const waits = new Set<number>();
    for (let seed = 0; seed < 20; seed += 1) {
      const { hear, openFor } = breaker(String(seed));
      hear(SILENCE, 5);
      waits.add(await openFor());
    }
    expect(waits.size).toBeGreaterThan(5);
  });
});

test('a probe that was under way when a ban came says nothing of it, and another one may be sent when that is over', async () => {
  const { sut, hear, wait } = breaker();
  hear(OVERLOAD);
  await wait(60_000);
  expect(sut.takeProbe()).toBe(true);
  hear(error('banned'));
  sut.probed(undefined);
  expect(sut.state).toBe('open');
  await wait(BAN_MS);
  expect([sut.state, sut.takeProbe()]).toEqual(['half_open', true]);
  sut.probed(undefined);
  expect(sut.state).toBe('closed');
});
