import { describe, expect, test } from 'vitest';
import { preflight } from '../../../src/execution/start/preflight.ts';
import type { Check } from '../../../src/execution/start/preflight-check.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { skewedClock, type Clock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { approved } from '../../support/builders/approved.ts';
import { answering, json, pathOf, type Fault } from '../../support/cancel/cancel-scene.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';
import { withExchange, type Setting } from '../adapter/setting.ts';

interface Circumstances {
  readonly fault?: Fault;
  readonly sets?: Readonly<Record<string, number | boolean>>;
  readonly foreignOrders?: 'refuse' | 'ignore';
  readonly clockOf?: (clock: Clock) => Clock;
  readonly before?: (setting: Setting) => Promise<void>;
}

/** What preflight finds on an embedded exchange under these circumstances, by check. */
async function checksUnder({ fault, sets = {}, foreignOrders = 'refuse', clockOf = (clock) => clock, before }: Circumstances) {
  let checks: readonly Check[] = [];
  const random = seededRandom('preflight');
  await withExchange(
    'in process',
    async (setting) => {
      await before?.(setting);
      const clock = clockOf(setting.clock);
      const parts = {
        exchange: setting.exchange,
        clock,
        symbols: ['BTCUSDT'],
        settings: settingsOf(undefined, sets),
        ownPrefix: 'mm-',
        foreignOrders,
      };
      checks = await preflight(parts);
    },
    {
      decorate: (wire) =>
        fault === undefined ? wire : { ...wire, request: (request, signal) => fault(request, () => wire.request(request, signal), random) },
    },
  );
  return new Map(checks.map((check) => [check.id, check]));
}

const key = (change: object): Fault => answering('v5/user/query-api', () => change);
const hedged = answering('v5/position/list', ({ list }) => ({ list: (list as object[]).map((row) => ({ ...row, positionIdx: 1 })) }));
const poor = answering('v5/account/wallet-balance', ({ list }) => ({
  list: (list as object[]).map((row) => ({ ...row, totalAvailableBalance: '12' })),
}));
const paused = answering('v5/market/instruments-info', ({ list }) => ({
  list: (list as object[]).map((row) => ({ ...row, status: 'Closed' })),
}));
const book = (change: object): Fault => answering('v5/market/orderbook', () => change);
const noBook: Fault = (request, pass) =>
  pathOf(request) === 'v5/market/orderbook' ? Promise.resolve(json({ retCode: 10_001, retMsg: 'params error' })) : pass();
/** Of the start of the simulated day. */
const deliveredIn = (minutes: number): Fault =>
  answering('v5/market/instruments-info', ({ list }) => ({
    list: (list as object[]).map((row) => ({ ...row, deliveryTime: String(Date.UTC(2026, 0, 1) + minutes * 60_000) })),
  }));

/** One resting order, and what happens to it while preflight looks. */
const resting =
  (clientOrderId: string, later: (setting: Setting) => void = () => undefined) =>
  async (setting: Setting): Promise<void> => {
    await setting.exchange.instruments(['BTCUSDT']);
    await setting.exchange.place(approved(setting.order({ clientOrderId })));
    setting.clock.schedule(1500, () => later(setting));
  };

/** The account holds so many lots. */
const buy =
  (count: number) =>
  async ({ embedded, exchange }: Setting): Promise<void> => {
    await exchange.instruments(['BTCUSDT']);
    const terms = { type: 'market', timeInForce: 'IOC', reduceOnly: false, side: 'buy', orderLinkId: '' } as const;
    const outcome = embedded.venue.place(0, { ...terms, symbol: 'BTCUSDT', price: ticks(0), quantity: lots(count) });
    if (!outcome.ok) throw new Error(outcome.message);
  };

function reprice({ embedded }: Setting): void {
  const [order] = embedded.venue.openOrders(0);
  if (order !== undefined) embedded.venue.amend(0, { ...order, price: ticks(order.price - 5), quantity: undefined });
}

describe('preflight', () => {
  test('finds nothing to mend on a sound account', async () => {
    const checks = await checksUnder({});
    expect([...checks.values()].filter(({ result }) => result !== 'ok')).toEqual([]);
    expect([...checks.values()].filter(({ fix }) => fix !== '')).toEqual([]);
  });

  test.each<[string, 'warn' | 'fail', string, Circumstances]>([
    [
      'key-withdraw',
      'fail',
      'may withdraw',
      { fault: key({ permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['Withdraw'] } }) },
    ],
    ['key-trade', 'fail', 'read-only', { fault: key({ readOnly: 1 }) }],
    ['key-trade', 'fail', 'may not trade', { fault: key({ permissions: { Spot: ['SpotTrade'] } }) }],
    ['key-address', 'warn', 'bound to 0', { fault: key({ ips: ['*'], deadlineDay: 60 }) }],
    ['key-expiry', 'warn', 'expires in 3 days', { fault: key({ ips: [], deadlineDay: 3 }) }],
    ['account', 'fail', 'not a unified', { fault: key({ uta: 0 }) }],
    ['position-mode', 'fail', 'BTCUSDT', { fault: hedged }],
    ['instrument-BTCUSDT', 'fail', 'not trading', { fault: paused }],
    [
      'delivery-BTCUSDT',
      'warn',
      'delivered or delisted at 2026-01-01T01:00:00.000Z, not quoted in the 60 min before',
      { fault: deliveredIn(60) },
    ],
    ['delivery-BTCUSDT', 'warn', 'delivered or delisted at 2026-01-31', { fault: deliveredIn(30 * 24 * 60) }],
    ['delivery-BTCUSDT', 'fail', 'delivered or delisted at 2026-01-01T00:09', { fault: deliveredIn(9) }],
    ['fees', 'warn', 'maker 2 bps', { sets: { 'quoting.baseSpreadBps': 1, 'quoting.feeFloor': false } }],
    ['fees', 'warn', 'the spread is 1 bps', { sets: { 'quoting.feeFloor': false, 'BTCUSDT:quoting.baseSpreadBps': 1 } }],
    ['settings-spread_below_floor', 'warn', 'keeps quotes 2.5 bps', { sets: { 'quoting.baseSpreadBps': 1 } }],
    ['cancel-time', 'warn', '200 orders', { sets: { 'risk.maxOpenOrders': 200 } }],
    [
      'quote-BTCUSDT',
      'fail',
      "no quote: orders of 10 USD, the exchange's smallest is 0.001 BTC, 65",
      { sets: { 'quoting.orderSizeUsd': 10 } },
    ],
    ['quote-BTCUSDT', 'fail', 'no quote: orders of 20 USD', { sets: { 'quoting.maxDeltaRatio': 0.001 } }],
    ['quote-BTCUSDT', 'warn', 'no quote now: crossed_or_empty_book', { fault: book({ b: [] }) }],
    ['quote-BTCUSDT', 'warn', 'no order book', { fault: noBook }],
    [
      'quote-BTCUSDT',
      'warn',
      'no quote: too little is displayed for quoting.impactCapRatio',
      { fault: book({ b: [['64900', '0.002']], a: [['65100', '0.002']] }) },
    ],
    ['quote-BTCUSDT', 'warn', 'would quote ask 6', { before: buy(100), sets: { 'risk.maxPositionUsd': 7000 } }],
    ['position-BTCUSDT', 'warn', '0.002 BTC held already', { before: buy(2) }],
    ['settings-fills_reach_hard', 'warn', 'one fill reaches HARD', { sets: { 'risk.maxPositionUsd': 2000, 'risk.maxOrderUsd': 2000 } }],
    ['funds', 'fail', '12.00 USDT available', { fault: poor }],
    ['clock', 'fail', 'ms behind', { clockOf: (clock) => skewedClock(clock, -5000) }],
    ['clock', 'warn', 'ahead', { clockOf: (clock) => skewedClock(clock, 400) }],
    ['foreign-orders', 'fail', '1 open', { before: resting('by-hand') }],
    ['foreign-orders', 'warn', '1 open', { before: resting('by-hand'), foreignOrders: 'ignore' }],
    ['other-instances', 'fail', 'moved', { before: resting('mm-there-1', reprice) }],
  ])('%s: %s, %s', async (id, result, found, circumstances) => {
    const check = (await checksUnder(circumstances)).get(id);
    expect(check).toMatchObject({ result, found: expect.stringContaining(found) as unknown });
    expect(check?.fix).not.toBe('');
  });

  test('money for the orders of the symbols that are traded is enough', async () => {
    const sets = { 'quoting.orderSizeUsd': 100, 'BTCUSDT:quoting.orderSizeUsd': 10 };
    expect((await checksUnder({ fault: poor, sets })).get('funds')).toMatchObject({ result: 'ok' });
  });

  test('orders that an earlier run left behind are no other instance', async () => {
    expect((await checksUnder({ before: resting('mm-earlier-1') })).get('other-instances')).toMatchObject({
      result: 'ok',
      found: expect.stringContaining('1 order of an earlier run') as unknown,
    });
  });
});
