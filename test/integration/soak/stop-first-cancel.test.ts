import { expect, test } from 'vitest';
import type { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const STOP_AT_MS = 20_000;
const TIMEOUT_MS = 1500;

test.each(['place', 'amend'] as const)('a stop sends its first cancel without waiting for an unanswered %s', async (call) => {
  const clock = new VirtualClock(1_767_225_600_000);
  let loop: ExecutionLoop | undefined;
  let stoppedAt: number | undefined;
  let firstCancelAt: number | undefined;
  const isStopped = (): boolean => loop?.phase === 'stopping';
  const heard = (): void => {
    if (isStopped()) firstCancelAt ??= clock.monotonic();
  };
  const run = await virtualSoak({
    clock,
    settings: settingsOf('s1'),
    seed: '7',
    durationMs: STOP_AT_MS,
    onLoop(theirs) {
      loop = theirs;
      const stop = theirs.stop.bind(theirs);
      theirs.stop = () => {
        stoppedAt = clock.monotonic();
        return stop();
      };
    },
    between: (exchange) => slow(exchange, clock, call, heard),
  });
  expect(run.stopReport).toMatchObject({ verified: true, remaining: [] });
  expect(run.stopReport?.found).toBeGreaterThan(0);
  expect((firstCancelAt ?? Number.NaN) - (stoppedAt ?? 0)).toBeLessThan(10);
});

/** In the last second before the stop this call gets no response; every cancel is observed. */
function slow(exchange: Exchange, clock: VirtualClock, call: 'place' | 'amend', onCancel: () => void): Exchange {
  const startedAt = clock.monotonic();
  const calls: Partial<Exchange> = {
    async [call](...args: [never, never]) {
      if (clock.monotonic() - startedAt < STOP_AT_MS - 1000) return exchange[call](...args);
      await sleep(clock, TIMEOUT_MS);
      throw new ExchangeError('unavailable', 'unknown', 'no answer');
    },
    cancel(...args) {
      onCancel();
      return exchange.cancel(...args);
    },
  };
  return new Proxy(exchange, {
    get(target, name) {
      const own: unknown = Reflect.get(calls, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}
