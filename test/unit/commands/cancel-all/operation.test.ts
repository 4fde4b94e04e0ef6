import { expect, test } from 'vitest';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';
import { CancelEnding } from '../../../../src/commands/cancel-all/ending.ts';
import { operate, type Operation } from '../../../../src/commands/cancel-all/operation.ts';
import { tradingLimiter } from '../../../../src/wiring/limiters.ts';
import type { RunningBot } from '../../../../src/commands/cancel-all/running-bot.ts';
import type { CancelPort, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import type { Logger } from '../../../../src/telemetry/logger.ts';
import { systemClock } from '../../../../src/util/clock.ts';
import { completeOf } from '../../../support/builders/complete.ts';
import { testHost } from '../../../support/program/test-host.ts';

test('a bug in the lookup of names does not end a cancel-all: it is reported, and the rest continues', async () => {
  const said: unknown[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (event: string, more: object) => said.push(event, more) };
  const port: CancelPort = {
    traded: TRADED,
    covers,
    resting: async () => completeOf<RestingOrder>([]),
    cancelBulk: () => Promise.resolve(),
    cancelOne: () => Promise.resolve(),
    cancelBatch: () => Promise.resolve([]),
    recordOf: async () => 'absent',
    presenceOf: () => Promise.reject(new TypeError('x is not a function')),
    settleCoins: () => Promise.resolve([]),
    executed: () => Promise.resolve(new Map()),
  };
  const host = testHost();
  using ending = new CancelEnding(host);
  const operation: Operation = {
    host,
    address: { restUrl: 'http://x', wsUrl: 'ws://x' },
    emergency: {
      port,
      limiter: tradingLimiter(systemClock, 10),
      isReached: () => true,
      nobodySince: () => undefined,
      userId: () => Promise.resolve(undefined),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    clock: systemClock,
    log: log as unknown as Logger,
    bot: { isQuiet: true, haltByUser: () => undefined, haltAgain: () => undefined } as unknown as RunningBot,
    ending,
    scopes: [{ category: 'linear', symbol: 'BTCUSDT' }],
    isNarrowed: true,
    isTarget: () => true,
    mine: false,
    force: true,
    includeStops: false,
    deadlineMs: 800,
  };
  const { report, missing } = await operate(operation, { watchOnly: false });
  expect([report.found, report.unreadable, missing]).toEqual([0, undefined, []]);
  expect(report.emptySnapshots).toBeGreaterThanOrEqual(3);
  expect(said).toEqual(['cancel_all_broke', expect.objectContaining({ bug: expect.stringContaining('x is not a function') as unknown })]);
});
