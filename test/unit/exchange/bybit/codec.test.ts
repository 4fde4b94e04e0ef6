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
} from '../../../../src/exchange/bybit/codec.ts';
import { instrumentIn, levelsIn, tradeIn } from '../../../../src/exchange/bybit/market-codec.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import type { JsonObject } from '../../../../src/util/json.ts';
import { BTC, newOrder } from '../../../support/builders.ts';

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
  ])('with the stop type "%s" is %s', (stopOrderType, kind) => {
    expect(read({ stopOrderType }).kind).toBe(kind);
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])('knows the word %s as little as any other', (word) => {
    expect(read({ orderStatus: word, stopOrderType: word })).toMatchObject({ status: 'open', kind: 'conditional' });
  });

  it('says why it was canceled', () => {
    expect(read({ rejectReason: 'EC_PostOnlyWillTakeLiquidity' }).reason).toBe('EC_PostOnlyWillTakeLiquidity');
    expect(read({ cancelType: 'CancelByUser', rejectReason: 'EC_PerCancelRequest' }).reason).toBe('CancelByUser');
    expect(read({ cancelType: 'CancelByMartians' }).reason).toBe('CancelByMartians');
  });

  it('may have numbers for text, and nothing for the price of a market order', () => {
    expect(read({ price: 50_000.1, qty: 0.01, updatedTime: 1 })).toMatchObject({ price: 500_001, quantity: 10, updatedAt: 1 });
    expect(read({ price: '', cumExecQty: '', updatedTime: '' })).toMatchObject({ price: 0, filled: 0, updatedAt: 1_684_738_540_559 });
  });

  it('is still an order when the grid has changed under it', () => {
    expect(read({ price: '50000.17', qty: '0.0105' })).toMatchObject({ price: 500_001, quantity: 10 });
  });

  it.each([{ orderId: '' }, { side: 'Both' }, { price: 'NaN' }, { qty: 'a lot' }])('cannot be read with %j', (changes) => {
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

  it.each(['BustTrade', 'AdlTrade'])('of the type "%s" changes the position like a trade', (execType) => {
    expect(read({ execType, orderLinkId: '' })).toMatchObject({ quantity: 10, clientOrderId: '' });
  });

  it.each(['Funding', 'Settle', 'CorporateAction', ''])('of the type "%s" is no fill of ours', (execType) => {
    expect(read({ execType, execPrice: '', side: '' })).toBeUndefined();
  });

  it.each([{ execId: '' }, { execTime: '' }, { execPrice: '50000.17' }, { execQty: '' }, { side: '' }])(
    'cannot be read with %j',
    (changes) => {
      expect(() => read(changes)).toThrow(expect.objectContaining(UNREADABLE));
    },
  );
});

describe('a position row', () => {
  it('has a signed quantity', () => {
    const row = { symbol: 'BTCUSDT', side: 'Sell', size: '0.010', avgPrice: '50000.10', markPrice: '50010.04' };
    expect(positionIn(row, BTC)).toEqual({ symbol: 'BTCUSDT', quantity: -10, entryPrice: 50_000.1, markPrice: 500_100 });
    expect(positionIn({ ...row, side: 'Buy', avgPrice: undefined, entryPrice: '1' }, BTC)).toMatchObject({ quantity: 10, entryPrice: 1 });
    expect(positionIn({ side: '', size: '0', avgPrice: '', markPrice: '' }, BTC)).toMatchObject({ quantity: 0, markPrice: undefined });
  });
});

describe('a wallet row', () => {
  const coin = { coin: 'USDT', equity: '10000.5', walletBalance: '10000', totalOrderIM: '600', totalPositionIM: '400', locked: '0' };

  it('is read for the settle coin', () => {
    const row = { totalAvailableBalance: '9000', coin: [{ coin: 'BTC', equity: '1' }, coin] };
    const read = walletIn(row, 'USDT');
    expect(read).toEqual({ settleCoin: 'USDT', balance: 1_000_000_000_000, equity: 1_000_050_000_000, available: 900_000_000_000 });
  });

  it('tells what is free when the exchange does not', () => {
    expect(walletIn({ totalAvailableBalance: '', coin: [coin] }, 'USDT').available).toBe(900_050_000_000);
  });

  it('is empty for a coin that the account does not hold, and unreadable without coins', () => {
    expect(walletIn({ coin: [] }, 'USDT')).toMatchObject({ balance: 0, equity: 0 });
    expect(() => walletIn({ coin: null }, 'USDT')).toThrow(expect.objectContaining(UNREADABLE));
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
