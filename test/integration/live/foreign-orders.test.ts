import { expect, test } from 'vitest';
import { cancelAll } from '../../../src/execution/cancel/cancel-all.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { isOwn } from '../../../src/exchange/cancel-port.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { inProcessExchange } from '../../support/exchange/in-process-exchange.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { lateBy } from '../../support/wires/list-faults.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

const BY_HAND = 'by-hand';

/** A bot on an account where a person places an order a second before the bot stops; lists of open orders are 3 s late. */
async function stopped(isShared: boolean): Promise<{ readonly left: readonly string[]; readonly verified: boolean }> {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('shared');
  const settings = settingsOf('s1');
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const embedded = createEmbeddedExchange({ clock, random, symbols: ['BTCUSDT'], market: 'btc' });
  const late = lateBy(3000, () => clock.monotonic());
  const between = (wire: Wire): Wire => ({
    ...wire,
    request: (request, signal) => late(request, () => wire.request(request, signal), random),
  });
  const exchange = inProcessExchange(embedded, { clock, random, settings, limiter, between });
  const loop = new ExecutionLoop({
    settings,
    symbols: ['BTCUSDT'],
    exchange,
    journal: NO_JOURNAL,
    limiter,
    clock,
    random,
    record: () => undefined,
    idPrefix: 'mm-t-',
    isShared,
  });
  const play = async (): Promise<boolean> => {
    embedded.start();
    await loop.start();
    await sleep(clock, 10_000);
    const { markPrice } = defined(embedded.venue.market('BTCUSDT'), 'BTCUSDT');
    const terms = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', timeInForce: 'GTC', reduceOnly: false } as const;
    const order = { ...terms, price: ticks(Math.floor(markPrice * 0.98)), quantity: lots(2), orderLinkId: BY_HAND };
    expect(embedded.venue.place(0, order).ok).toBe(true);
    await sleep(clock, 1000);
    const { verified } = await loop.stop();
    await exchange.close();
    embedded.stop();
    return verified;
  };
  const verified = await clock.run(play());
  return { left: embedded.venue.openOrders(0).map(({ orderLinkId }) => orderLinkId), verified };
}

test('an order of a person that late lists do not show yet stays, where others may have orders', async () => {
  expect(await stopped(true)).toEqual({ left: [BY_HAND], verified: true });
});

test('an account of mmbot’s own is emptied by bulk calls, which also reach orders that no list shows yet', async () => {
  expect(await stopped(false)).toEqual({ left: [], verified: true });
});

test('cancel-all of mmbot’s orders alone makes no bulk call', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('mine');
  const settings = settingsOf('s1');
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const embedded = createEmbeddedExchange({ clock, random, symbols: ['BTCUSDT'], market: 'none' });
  const late = lateBy(3000, () => clock.monotonic(), 'all');
  const between = (wire: Wire): Wire => ({
    ...wire,
    request: (request, signal) => late(request, () => wire.request(request, signal), random),
  });
  const exchange = inProcessExchange(embedded, { clock, random, settings, limiter, between });
  const { markPrice } = defined(embedded.venue.market('BTCUSDT'), 'BTCUSDT');
  const place = (orderLinkId: string): void => {
    const terms = { symbol: 'BTCUSDT', side: 'buy', type: 'limit', timeInForce: 'GTC', reduceOnly: false } as const;
    const order = { ...terms, price: ticks(Math.floor(markPrice * 0.98)), quantity: lots(2), orderLinkId };
    expect(embedded.venue.place(0, order).ok).toBe(true);
  };
  const play = async () => {
    embedded.start();
    place('mm-1');
    await exchange.cancelPort.resting(exchange.cancelPort.traded);
    await sleep(clock, 3100);
    place(BY_HAND);
    const request = {
      trigger: 'operator',
      scopes: [exchange.cancelPort.traded],
      isTarget: isOwn,
      includeStops: false,
      perOrder: false,
    } as const;
    const limits = { lateCreateDeadline: clock.monotonic(), deadlineMs: 30_000 };
    const report = await cancelAll({ ...request, ...limits, isShared: true }, { port: exchange.cancelPort, clock, limiter });
    await exchange.close();
    embedded.stop();
    return report;
  };
  const report = await clock.run(play());
  expect(report).toMatchObject({ verified: true, method: 'per_order', canceled: 1 });
  expect(embedded.venue.openOrders(0).map(({ orderLinkId }) => orderLinkId)).toEqual([BY_HAND]);
});
