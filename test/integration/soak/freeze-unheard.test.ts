import { expect, test } from 'vitest';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { Exchange, ExchangeEvent } from '../../../src/exchange/exchange.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { plantedExchange } from '../../support/planted-bugs.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const FROZEN_AT_MS = 5000;
/** Less than lists may be late. */
const ATTEMPT_MS = 4000;

test('a freeze is proven even if each attempt is shorter than the delay of lists: the wait counts from the last create', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const settings = settingsOf('s1');
  const proofs: { readonly atMs: number; readonly report: CancelReport }[] = [];
  const deaf = deafStream();
  const run = await virtualSoak({
    clock,
    settings: { ...settings, execution: { ...settings.execution, stopDeadlineMs: ATTEMPT_MS } },
    seed: '7',
    durationMs: 30_000,
    between: deaf.between,
    onLoop: (loop) =>
      void clock.schedule(FROZEN_AT_MS, () => {
        deaf.begin();
        loop.freeze('halted');
      }),
    onEvent(event) {
      if (event.type === 'cancelAllDone' && event.report.trigger === 'freeze')
        proofs.push({ atMs: clock.monotonic() - FROZEN_AT_MS, report: event.report });
    },
  });
  expect(run.frozen).toBe('halted');
  expect(proofs.map(({ report }) => report.verified)).toEqual([false, true]);
  // And not before late lists had to show everything.
  expect(proofs[1]?.atMs).toBeGreaterThan(6000);
});

test('the minimum stop deadline is enough for an order in doubt of which no event arrives', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const settings = settingsOf('s1', { 'execution.stopDeadlineMs': 11_250 });
  const reports: CancelReport[] = [];
  const deaf = deafStream();
  let freeze: () => void = () => undefined;
  let lost = 0;
  await virtualSoak({
    clock,
    settings,
    seed: '7',
    durationMs: 30_000,
    between: (exchange) =>
      plantedExchange(deaf.between(exchange), {
        async place(order, via) {
          if (clock.monotonic() < FROZEN_AT_MS || lost > 0) return exchange.place(order, via);
          lost += 1;
          // It has just left, and never arrives.
          deaf.begin();
          clock.schedule(0, freeze);
          await sleep(clock, settings.bybit.requestTimeoutMs);
          throw new ExchangeError('unavailable', 'unknown', 'nobody answers');
        },
      }),
    onLoop: (loop) => {
      freeze = () => loop.freeze('halted');
    },
    onEvent(event) {
      if (event.type === 'cancelAllDone' && event.report.trigger === 'freeze') reports.push(event.report);
    },
  });
  expect(lost).toBe(1);
  expect(reports.map(({ verified }) => verified)).toEqual([true]);
  expect(reports[0]?.durationMs).toBeGreaterThan(settings.bybit.recvWindowMs + 1250 + 6000);
});

/** From `begin` on the private stream is down and delivers no order events. */
function deafStream(): { readonly between: (exchange: Exchange) => Exchange; readonly begin: () => void } {
  let isDeaf = false;
  let listener: (event: ExchangeEvent) => void = () => undefined;
  return {
    between: (exchange) =>
      plantedExchange(exchange, {
        connect(symbols, listen) {
          listener = listen;
          return exchange.connect(symbols, (event) => {
            const isPrivate = ['order', 'fill', 'position'].includes(event.type) || (event.type === 'stream' && event.stream === 'private');
            if (!isDeaf || !isPrivate) listen(event);
          });
        },
      }),
    begin() {
      isDeaf = true;
      listener({ type: 'stream', stream: 'private', state: 'down', reason: 'gone' });
    },
  };
}
