import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restingIn } from '../../../../src/exchange/bybit/codec/resting-rows.ts';
import {
  ackIn,
  feeRatesIn,
  fillIn,
  fundingIn,
  keyFactsIn,
  orderReportIn,
  positionIn,
  rowsIn,
  walletIn,
} from '../../../../src/exchange/bybit/codec/codec.ts';
import { limitObservation } from '../../../../src/exchange/bybit/codec/limits.ts';
import { instrumentIn, levelsIn, tradeIn } from '../../../../src/exchange/bybit/codec/market-codec.ts';
import { authAnswer } from '../../../../src/exchange/bybit/streams/login.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { isLive, newOrderState, transition } from '../../../../src/model/order.ts';
import { applyFill, FLAT } from '../../../../src/model/position.ts';
import type { JsonObject } from '../../../../src/util/json.ts';
import { BTC, newOrder } from '../../../support/builders/builders.ts';
import { fixtureJson } from '../../../support/bybit/fixtures.ts';

/** Values that a hostile exchange or a broken proxy may send. */
const WORDS =
  '0 -0 -1 1e3 1e-7 0x10 NaN Infinity -Infinity 1e400 1. .5 +1 1,000 0.00000000000000000000000000001 constructor __proto__ null ' +
  '\u001b[2J a\nb \u0000 ٣ 1 Buy Sell Trade Funding New Filled Cancelled 0.001 65000.10';
const NUMBERS = [0, -0, -1, 1.5, 1e21, 1e300, -1e300, 2 ** 53, 2 ** 63, 5e-324];
const OTHERS: readonly unknown[] = [true, false, null, undefined, [], ['1'], {}, { toString: 'x' }];
const HOSTILE: readonly unknown[] = ['', ' ', '9'.repeat(30), '9'.repeat(70_000), ...WORDS.split(' '), ...NUMBERS, ...OTHERS];

const ORDER = { orderId: 'o', orderLinkId: 'mm-t-1', symbol: 'BTCUSDT', side: 'Buy', price: '60000.00', qty: '0.010', cumExecQty: '0' };
const FILL = { execId: 'e', execType: 'Trade', execTime: '1', execPrice: '60000.00', execQty: '0.001', execFee: '0.1', feeRate: '0.0002' };
const ROW: JsonObject = {
  ...ORDER,
  ...FILL,
  orderStatus: 'New',
  stopOrderType: '',
  createdTime: '1',
  updatedTime: '2',
  timeInForce: 'PostOnly',
  feeCurrency: '',
  execValue: '60',
  size: '0.010',
  avgPrice: '1',
  markPrice: '2',
  entryPrice: '1',
  positionIdx: 0,
  cancelType: '',
  rejectReason: '',
  isMaker: true,
  coin: [{ coin: 'USDT', equity: '1', walletBalance: '1' }],
  totalAvailableBalance: '1',
  makerFeeRate: '0',
  takerFeeRate: '0',
  p: '60000.00',
  v: '0.001',
  S: 'Buy',
  T: 1,
  permissions: { Wallet: [] },
  ips: [],
  deadlineDay: 1,
  readOnly: 0,
  uta: 1,
  seq: 1,
  op: 'auth',
  retCode: 0,
  success: true,
  'X-Bapi-Limit': '10',
  Timenow: '1',
  'X-Bapi-Limit-Reset-Timestamp': '1',
};
const INSTRUMENT_ROW = (fixtureJson('bybit-capture/instruments_info_linear_10.json')['result'] as { list: JsonObject[] }).list[0] ?? {};

/** Each value may be anything, one or several at a time. */
function spoiled(row: JsonObject): fc.Arbitrary<JsonObject> {
  const change = fc.tuple(fc.constantFrom(...Object.keys(row)), fc.constantFrom(...HOSTILE));
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => ({ ...row, ...Object.fromEntries(changes) }));
}

function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExchangeError) return undefined;
    throw error;
  }
}

describe('a row with any values', () => {
  const readers = {
    order: (row: JsonObject) => orderReportIn(row, BTC),
    fill: (row: JsonObject) => fillIn(row, BTC),
    funding: (row: JsonObject) => fundingIn({ ...row, execType: 'Funding' }, BTC),
    position: (row: JsonObject) => positionIn(row, BTC),
    wallet: (row: JsonObject) => walletIn(row, 'USDT'),
    fees: feeRatesIn,
    key: keyFactsIn,
    ack: ackIn,
    resting: (row: JsonObject) => restingIn(row, { category: 'linear' }),
    rows: (row: JsonObject) => rowsIn(row['coin'], 'coins'),
    trade: (row: JsonObject) => tradeIn(row, BTC),
    levels: (row: JsonObject) => levelsIn([[row['p'], row['v']]], BTC),
    auth: (row: JsonObject) => authAnswer(row),
    limit: (row: JsonObject) => limitObservation('create', row, false, { sentAt: 0, now: 0 }),
  };

  test.each(Object.entries(readers))('%s: is read, or is unreadable, and nothing else', (_, read) => {
    fc.assert(
      fc.property(spoiled(ROW), (row) => {
        expect(() => readOr(() => read(row))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('an instrument is read, or is unreadable, and nothing else', () => {
    const part = (name: string) => spoiled(INSTRUMENT_ROW[name] as JsonObject).map((value) => ({ [name]: value }));
    const change = fc.oneof(spoiled(INSTRUMENT_ROW), part('lotSizeFilter'), part('priceFilter'), part('leverageFilter'));
    fc.assert(
      fc.property(change, (changes) => {
        expect(() => readOr(() => instrumentIn({ ...INSTRUMENT_ROW, ...changes }))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('an open order is closed by no row but one that says so', () => {
    const open = transition(newOrderState(newOrder(), 0), { type: 'acknowledged', exchangeOrderId: 'o' }, 0);
    fc.assert(
      fc.property(spoiled({ ...ROW, orderStatus: 'New' }), (row) => {
        const report = readOr(() => orderReportIn(row, BTC));
        if (report === undefined || report.kind !== 'plain') return;
        const saysSo = row['orderStatus'] === 'Filled' || row['orderStatus'] === 'Cancelled' || report.filled === report.quantity;
        expect(isLive(transition(open, { type: 'reported', report }, 0)) || saysSo).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('a fill that can be read can be booked', () => {
    fc.assert(
      fc.property(spoiled(ROW), (row) => {
        const fill = readOr(() => fillIn(row, BTC));
        expect(fill === undefined ? 1 : applyFill(FLAT, fill).quantity).not.toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});
