import { expect, test } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { plantedExchange } from '../../support/planted-bugs.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const FROZEN_AT_MS = 5000;
const STOPPED_AT_MS = 7000;

test('a stop keeps its own deadline while a freeze has no proof', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const settings = settingsOf('s1');
  let isOut = false;
  let beganAt = 0;
  const stops: number[] = [];
  await virtualSoak({
    clock,
    settings,
    seed: '7',
    durationMs: STOPPED_AT_MS,
    between: (exchange) =>
      plantedExchange(exchange, {
        cancelPort: {
          ...exchange.cancelPort,
          async resting(scope) {
            if (!isOut) return exchange.cancelPort.resting(scope);
            await sleep(clock, settings.bybit.requestTimeoutMs);
            throw new ExchangeError('unavailable', 'unknown', 'nobody answers');
          },
        },
      }),
    onLoop: (loop) =>
      void clock.schedule(FROZEN_AT_MS, () => {
        isOut = true;
        beganAt = clock.monotonic();
        loop.freeze('halted');
      }),
    onEvent(event) {
      const trigger = event.type === 'cancelAllDone' ? event.report.trigger : event.type === 'cancelAllFailed' ? event.trigger : undefined;
      if (trigger === 'stop') stops.push(clock.monotonic() - beganAt - (STOPPED_AT_MS - FROZEN_AT_MS));
    },
  });
  expect(stops).toHaveLength(1);
  expect(stops[0]).toBeLessThan(settings.execution.stopDeadlineMs + 2000);
});
