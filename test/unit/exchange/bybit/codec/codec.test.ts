import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ackIn,
  createParameters,
  feeRatesIn,
  fillIn,
  orderReportIn,
  positionIn,
  refParameters,
  rowsIn,
  walletIn,
} from '../../../../../src/exchange/bybit/codec/codec.ts';
import { instrumentIn, levelsIn, tradeIn } from '../../../../../src/exchange/bybit/codec/market-codec.ts';
import { ExchangeError } from '../../../../../src/exchange/errors.ts';
import { lots, ticks } from '../../../../../src/model/units.ts';
import type { JsonObject } from '../../../../../src/util/json.ts';
import { BTC, newOrder } from '../../../../support/builders/builders.ts';

const UNREADABLE = { name: 'ExchangeError', kind: 'unavailable', outcome: 'unknown' };

/** From Bybit's documentation. */
const ORDER: JsonObject = {
  orderId: 'fd4300ae-7847-404e-b947-b46980a4d140',
  orderLinkId: 'mm-7f3a-000042',
  symbol: 'BTCUSDT',
  price: '50000.10',
  qty: '0.010',
  side: 'Buy',
  orderStatus: 'New',
  cancelType: 'UNKNOWN',
  rejectReason: 'EC_NoError',
  avgPrice: '0',
  leavesQty: '0.010',
  cumExecQty: '0.000',
  timeInForce: 'PostOnly',
  orderType: 'Limit',
  stopOrderType: 'UNKNOWN',
  reduceOnly: false,
  createdTime: '1684738540559',
  updatedTime: '1684738540561',
};
const EXECUTION: JsonObject = {
  symbol: 'BTCUSDT',
  orderId: 'fd4300ae',
  orderLinkId: 'mm-7f3a-000042',
  side: 'Buy',
  execFee: '0.1000002',
  feeCurrency: 'USDT',
  feeRate: '0.0002',
  execId: 'e0cbe81d-0f18-5866-9415-cf319b5dab3b',
  execPrice: '50000.10',
  execQty: '0.010',
  execType: 'Trade',
  execValue: '500.001',
  execTime: '1672282722429',
  isMaker: true,
};

describe('an order row', () => {
  const read = (changes: JsonObject = {}) => orderReportIn({ ...ORDER, ...changes }, BTC);

  it('is read in whole ticks and lots', () => {
    expect(read()).toEqual({
      symbol: 'BTCUSDT',
      exchangeOrderId: 'fd4300ae-7847-404e-b947-b46980a4d140',
      clientOrderId: 'mm-7f3a-000042',
      side: 'buy',
      price: 500_001,
      quantity: 10,
      filled: 0,
      postOnly: true,
      reduceOnly: false,
      status: 'open',
      kind: 'plain',
      reason: '',
      createdAt: 1_684_738_540_559,
      updatedAt: 1_684_738_540_561,
    });
  });

  it.each([
    ['New', 'open'],
    ['PartiallyFilled', 'open'],
    ['Untriggered', 'open'],
    ['Triggered', 'open'],
    ['Filled', 'filled'],
    ['Cancelled', 'canceled'],
    ['PartiallyFilledCanceled', 'canceled'],
    ['Deactivated', 'canceled'],
    ['Rejected', 'rejected'],
    ['SomethingNew', 'open'],
    ['', 'open'],
    [undefined, 'open'],
  ])('with the status %s is %s', (orderStatus, status) => {
    expect(read({ orderStatus }).status).toBe(status);
  });

  it.each([
    ['', 'plain'],
    ['UNKNOWN', 'plain'],
    [undefined, 'plain'],
    ['Stop', 'conditional'],
    ['TakeProfit', 'tpsl'],
    ['PartialStopLoss', 'tpsl'],
    ['TrailingStop', 'tpsl'],
    ['SomethingNew', 'conditional'],
    ['tpslOrder', 'tpsl'],
  ])('with the stop type "%s" is %s until it is triggered', (stopOrderType, kind) => {
    expect(read({ stopOrderType, orderStatus: 'Untriggered' }).kind).toBe(kind);
    for (const orderStatus of ['New', 'PartiallyFilled'])
      expect(read({ stopOrderType, orderStatus }).kind).toBe(stopOrderType === 'tpslOrder' ? 'tpsl' : 'plain');
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])('treats %s as an unknown word', (word) => {
    expect(read({ orderStatus: word, stopOrderType: word })).toMatchObject({ status: 'open', kind: 'conditional' });
  });

  it('says why it was canceled', () => {
    const refused = { orderStatus: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity' };
    expect(read(refused)).toMatchObject({ reason: 'EC_PostOnlyWillTakeLiquidity', wouldTake: true });
    expect(read({ ...refused, orderStatus: 'Rejected' }).wouldTake).toBeUndefined();
    expect(read({ cancelType: 'CancelByUser', rejectReason: 'EC_PerCancelRequest' }).reason).toBe('CancelByUser');
    expect(read({ cancelType: 'CancelByMartians' }).reason).toBe('CancelByMartians');
  });

  it('may have numbers for text, and nothing for the price of a market order', () => {
    expect(read({ price: 50_000.1, qty: 0.01, updatedTime: 1 })).toMatchObject({ price: 500_001, quantity: 10, updatedAt: 1 });
    expect(read({ price: '', cumExecQty: '', updatedTime: '' })).toMatchObject({ price: 0, filled: 0, updatedAt: 1_684_738_540_559 });
  });

  it('is still an order when the grid has changed under it', () => {
    const off: string[] = [];
    const row = { ...ORDER, price: '50000.17', qty: '0.0105', cumExecQty: '0.0101' };
    // Never less than may still fill.
    expect(orderReportIn(row, BTC, (what, text) => void off.push(`${what} ${text}`))).toMatchObject({
      price: 500_001,
      quantity: 11,
      filled: 10,
    });
    expect(off).toEqual(['order price 50000.17', 'order qty 0.0105', 'order cumExecQty 0.0101']);
  });

  it('that protects a position may be without a quantity', () => {
    expect(read({ stopOrderType: 'TakeProfit', qty: '' })).toMatchObject({ quantity: 0, kind: 'tpsl' });
  });

  it.each([
    { orderId: '' },
    { orderId: 1_616_024_329_462_743_808 },
    { side: 'Both' },
    { side: null },
    { price: 'NaN' },
    { price: '-50000.10' },
    { price: '1e5' },
    { price: 1e300 },
    { price: '900000000000000.00' },
    { qty: 'a lot' },
    { qty: '' },
    { qty: '0' },
    { qty: '-0.010' },
    { qty: '0.010\u001b[2J' },
    { qty: '9'.repeat(100_000) },
    { qty: ['0.010'] },
    { cumExecQty: '-0.001' },
    { cumExecQty: '0.011' },
    { cumExecQty: 'Infinity' },
  ])('cannot be read with %j', (changes) => {
    expect(() => read(changes)).toThrow(expect.objectContaining(UNREADABLE));
  });
});

describe('an execution row', () => {
  const read = (changes: JsonObject = {}) => fillIn({ ...EXECUTION, ...changes }, BTC);

  it('is read with its fee in whole atoms, rounded up', () => {
    expect(read()).toEqual({
      fillId: 'e0cbe81d-0f18-5866-9415-cf319b5dab3b',
      symbol: 'BTCUSDT',
      exchangeOrderId: 'fd4300ae',
      clientOrderId: 'mm-7f3a-000042',
      side: 'buy',
      price: 500_001,
      quantity: 10,
      fee: 10_000_020,
      maker: true,
      at: 1_672_282_722_429,
    });
    expect(read({ execFee: '0.123456781' })?.fee).toBe(12_345_679);
    expect(read({ execFee: '-0.123456789' })?.fee).toBe(-12_345_678);
    expect(read({ execFee: '' })?.fee).toBe(0);
  });

  it('with a fee in another coin costs what the rate says', () => {
    expect(read({ feeCurrency: 'MNT', execFee: '0.2' })?.fee).toBe(10_000_020);
    expect(read({ feeCurrency: undefined, feeCoin: 'MNT', execFee: '0.2' })?.fee).toBe(10_000_020);
  });

  // 500.001 USDT at 0.1000002 of fee.
  const GST = { feeCoin: 'USDT', feeType: 'GST', subFeeType: 'IND_GST', feeRate: '0.000036', fee: '0.018000036' };
  it.each<[string, unknown, number]>([
    ['none', [], 0],
    ['none in text', '', 0],
    ['a tax', [GST], 1_800_004],
    ['a tax in text', JSON.stringify([GST]), 1_800_004],
    ['one that stands alone', GST, 1_800_004],
    ['two taxes', [GST, { ...GST, feeType: 'VAT', fee: '0.01' }], 2_800_004],
    ['an amount that is a number', [{ feeType: 'VAT', amount: 0.01 }], 1_000_000],
    ['an amount in exponents', [{ feeType: 'VAT', feeAmount: '1e-2' }], 1_000_000],
    ['a tax in another coin', [{ ...GST, feeCoin: 'INR' }], 1_800_004],
    ['a tax that names its rate alone', [{ feeType: 'GST', feeRate: '0.000036' }], 1_800_004],
    ['what says nothing', [{ feeType: 'UNKNOWN' }, null, 7, 'x'], 0],
    ['what cannot be read', 'N/A', 0],
    [
      'an amount that is none',
      [
        { feeType: 'GST', fee: 'x' },
        { feeType: 'GST', fee: '1e300' },
      ],
      0,
    ],
  ])('with extra fees (%s) costs them too', (_, extraFees, extra) => {
    expect(read({ extraFees })?.fee).toBe(10_000_020 + extra);
  });

  it.each(['BustTrade', 'AdlTrade'])('of the type "%s" changes the position like a trade', (execType) => {
    expect(read({ execType, orderLinkId: '' })).toMatchObject({ quantity: 10, clientOrderId: '' });
  });

  it.each(['Funding', 'Settle', 'CorporateAction', ''])('of the type "%s" is no fill of ours', (execType) => {
    expect(read({ execType, execPrice: '', side: '' })).toBeUndefined();
  });

  it.each([
    [{ execPrice: '50000.17' }, { price: 500_002, quantity: 10, exact: { price: '50000.17', quantity: '0.010' } }],
    [{ execQty: '0.0004' }, { price: 500_001, quantity: 1, exact: { price: '50000.10', quantity: '0.0004' } }],
  ])('off the grid of today is kept as it was written: %j', (changes, fill) => {
    expect(read(changes)).toMatchObject(fill);
  });

  it.each(['BlockTrade', 'MovePosition', 'FutureSpread'])('of the type "%s" changes the position too', (execType) => {
    expect(read({ execType })).toMatchObject({ quantity: 10 });
  });

  it.each([
    { execId: '' },
    { execTime: '' },
    { execTime: '1e300' },
    { execTime: -1 },
    { execPrice: '' },
    { execPrice: '0' },
    { execPrice: '-1' },
    { execPrice: 'NaN' },
    { execPrice: 1e21 },
    { execQty: '' },
    { execQty: '0' },
    { execQty: '-0.010' },
    { execQty: '99999999999.000' },
    { execFee: 'free' },
    { side: '' },
  ])('cannot be read with %j', (changes) => {
    expect(() => read(changes)).toThrow(expect.objectContaining(UNREADABLE));
  });
});

describe('a list', () => {
  it.each([undefined, null, {}, 'rows', [1], [null], [[]]])('%j does not read as an empty one', (list) => {
    expect(() => rowsIn(list, 'orders')).toThrow(expect.objectContaining(UNREADABLE));
  });

  it('may be empty', () => {
    expect(rowsIn([], 'orders')).toEqual([]);
  });
});

describe('what is sent', () => {
  it('names price and quantity with all the decimals of the exchange', () => {
    const order = newOrder({ side: 'sell', price: ticks(651_142), quantity: lots(5), postOnly: true, reduceOnly: true });
    expect(createParameters(order, BTC)).toMatchObject({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Sell',
      orderType: 'Limit',
      price: '65114.20',
      qty: '0.005',
      timeInForce: 'PostOnly',
      reduceOnly: true,
      orderLinkId: order.clientOrderId,
    });
    expect(createParameters(newOrder({ postOnly: false, reduceOnly: false }), BTC)).toMatchObject({ timeInForce: 'GTC' });
    expect(createParameters(newOrder({ postOnly: false, reduceOnly: false }), BTC)).not.toHaveProperty('reduceOnly');
  });

  it('names an order by the exchange’s id where it is known', () => {
    expect(refParameters({ symbol: 'X', clientOrderId: 'a', exchangeOrderId: 'b' })).toEqual({
      category: 'linear',
      symbol: 'X',
      orderId: 'b',
    });
    expect(refParameters({ symbol: 'X', clientOrderId: 'a' })).toEqual({ category: 'linear', symbol: 'X', orderLinkId: 'a' });
  });
});

describe('other answers', () => {
  it('of an accepted request have an id', () => {
    expect(ackIn({ orderId: 'x', orderLinkId: 'y' })).toEqual({ exchangeOrderId: 'x', clientOrderId: 'y' });
    for (const value of [{}, undefined, { orderId: '' }]) expect(() => ackIn(value)).toThrow(expect.objectContaining(UNREADABLE));
  });

  it('about fee rates are rounded up to parts per million', () => {
    expect(feeRatesIn({ makerFeeRate: '0.0002', takerFeeRate: '0.00055' })).toEqual({ maker: 200, taker: 550 });
    expect(feeRatesIn({ makerFeeRate: '-0.0000125', takerFeeRate: '0.0000125' })).toEqual({ maker: -12, taker: 13 });
    expect(() => feeRatesIn({ makerFeeRate: '', takerFeeRate: '0' })).toThrow(expect.objectContaining(UNREADABLE));
  });
});

describe('rows with any nonsense in a field', () => {
  const WALLET = { totalAvailableBalance: '1', coin: [{ coin: 'USDT', equity: '1', walletBalance: '1' }] };
  const POSITION = { symbol: 'BTCUSDT', side: 'Buy', size: '0.010', avgPrice: '1', markPrice: '1' };
  const TRADE = { T: 1, S: 'Buy', v: '0.001', p: '50000.20' };
  const INSTRUMENT = {
    symbol: 'X',
    priceScale: '2',
    priceFilter: { tickSize: '0.10' },
    lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001', maxOrderQty: '1' },
  };
  const readers: readonly (readonly [string, JsonObject, (row: JsonObject) => unknown])[] = [
    ['order', ORDER, (row) => orderReportIn(row, BTC)],
    ['execution', EXECUTION, (row) => fillIn(row, BTC)],
    ['position', POSITION, (row) => positionIn(row, BTC)],
    ['wallet', WALLET, (row) => walletIn(row, 'USDT')],
    ['coin', { coin: 'USDT', equity: '1', walletBalance: '1', locked: '1' }, (row) => walletIn({ coin: [row] }, 'USDT')],
    ['fee rate', { makerFeeRate: '0.1', takerFeeRate: '0.1' }, feeRatesIn],
    ['trade', TRADE, (row) => tradeIn(row, BTC)],
    ['level', { b: [['1.00', '1']] }, (row) => levelsIn(row['b'], BTC)],
    ['instrument', INSTRUMENT, instrumentIn],
    ['lot size', INSTRUMENT.lotSizeFilter, (lotSizeFilter) => instrumentIn({ ...INSTRUMENT, lotSizeFilter })],
  ];
  const nonsense = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('', '0', '-0', '-1', '1e5', '1e400', 'NaN', '99999999999999999999.9', '0.000000000000000001', 1e300, -1, 0.1 + 0.2),
    fc.double().map(String),
  );

  it.each(readers)('%s: are read, or refused as unreadable', (_, row, read) => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(row)), nonsense, (field, value) => {
        try {
          read({ ...row, [field]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(ExchangeError);
          expect(error).toMatchObject(UNREADABLE);
        }
      }),
      { numRuns: 500 },
    );
  });
});
