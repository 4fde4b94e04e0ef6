import { Rest } from '../../../src/exchange/bybit/rest/rest.ts';
import { ServerTime } from '../../../src/exchange/bybit/server-time.ts';
import type { LimitObservation } from '../../../src/exchange/exchange.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { redactor } from '../../../src/util/redact.ts';
import { scriptedWire, type Script } from './scripted-wire.ts';

export const START = 1_700_000_000_000;

/** The clock is known at the start unless `serverTime` says otherwise. */
export function rest(script: Script, { known = true, secret = 'testsecret', recvWindowMs = 5000 } = {}) {
  const clock = new VirtualClock(START);
  const wire = scriptedWire(() => clock.monotonic(), script);
  const limits: LimitObservation[] = [];
  const serverTime = new ServerTime(clock);
  if (known) serverTime.sample(0, START);
  const queries: number[] = [];
  const sut = new Rest({
    wire,
    clock,
    serverTime,
    recvWindowMs,
    requestTimeoutMs: 3000,
    url: 'http://127.0.0.1:1',
    credentials: { apiKey: 'testkey', secret },
    beforeQuery: () => {
      queries.push(clock.monotonic());
      return Promise.resolve();
    },
    onLimit: (observation) => limits.push(observation),
    redact: redactor([secret]),
  });
  return { sut, clock, wire, limits, serverTime, queries };
}
