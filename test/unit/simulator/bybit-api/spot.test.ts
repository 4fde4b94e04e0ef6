import { describe, expect, it } from 'vitest';
import { defined } from '../../../../src/util/assert.ts';
import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { testExchange, type TestExchange } from '../../../support/exchange/exchange-client.ts';

const BUY = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', price: '64800', qty: '0.01' };

/** Nobody but the two accounts. */
const quiet = (): TestExchange => testExchange({ spotSymbols: ['BTCUSDT', 'ETHUSDT'], market: 'none' });

const coinsOf = async ({ get }: TestExchange, account = 0): Promise<Record<string, JsonObject>> => {
  const [row = {}] = (await get('/v5/account/wallet-balance', 'accountType=UNIFIED', account)).list;
  return Object.fromEntries(
    listIn(row['coin'])
      .map(objectIn)
      .map((coin) => [String(coin['coin']), coin]),
  );
};

describe('spot over REST', () => {
  it('exists where pairs were asked for, and nowhere else', async () => {
    const without = testExchange({ market: 'none' });
    expect((await without.get('/v5/market/instruments-info', 'category=spot')).list).toEqual([]);
    expect((await without.post('/v5/order/create', BUY)).retCode).toBe(10001);
    expect(without.connect('/v5/public/spot').messages).toEqual([]);
    const { list, result } = await quiet().get('/v5/market/instruments-info', 'category=spot&limit=1');
    expect(result).toMatchObject({ category: 'spot' });
    expect(list).toHaveLength(2);
    expect(list[0]).toMatchObject({
      symbol: 'BTCUSDT',
      baseCoin: 'BTC',
      quoteCoin: 'USDT',
      lotSizeFilter: {
        basePrecision: '0.000001',
        quotePrecision: '0.0000001',
        minOrderQty: '0.000011',
        minOrderAmt: '5',
        maxLimitOrderQty: '83',
      },
      priceFilter: { tickSize: '0.1' },
      riskParameters: { priceLimitRatioX: '0.005', priceLimitRatioY: '0.01' },
    });
    expect(list[0]).not.toHaveProperty('contractType');
  });

  it('orders rest, lock coins, move and go; their rows tell a pair from a contract', async () => {
    const exchange = quiet();
    const { get, post } = exchange;
    expect((await post('/v5/order/create', { ...BUY, orderLinkId: 'a' })).retCode).toBe(0);
    const [row] = (await get('/v5/order/realtime', 'category=spot')).list;
    expect(row).toMatchObject({
      symbol: 'BTCUSDT',
      orderStatus: 'New',
      price: '64800.0',
      qty: '0.010000',
      leavesValue: '648',
      basePrice: '65000.0',
    });
    expect(row?.['orderId']).toMatch(/^\d{19}$/);
    expect(Object.keys(defined(row, 'a row'))).not.toEqual(expect.arrayContaining(['tpslMode']));
    expect(Object.keys(defined(row, 'a row'))).not.toEqual(expect.arrayContaining(['createType']));
    expect((await get('/v5/order/realtime', 'category=linear&settleCoin=USDT')).list).toEqual([]);
    expect((await coinsOf(exchange))['USDT']).toMatchObject({ walletBalance: '100000', locked: '648', totalOrderIM: '0' });
    expect((await post('/v5/order/amend', { category: 'spot', symbol: 'BTCUSDT', orderLinkId: 'a', qty: '0.02' })).retCode).toBe(0);
    expect((await coinsOf(exchange))['USDT']).toMatchObject({ locked: '1296' });
    const all = await post('/v5/order/cancel-all', { category: 'spot' });
    expect(all.result).toMatchObject({ success: '1', list: [{ orderLinkId: 'a' }] });
    expect((await coinsOf(exchange))['USDT']).toMatchObject({ locked: '0' });
    expect((await post('/v5/order/cancel', { category: 'spot', symbol: 'BTCUSDT', orderLinkId: 'a' })).retCode).toBe(170142);
    expect((await get('/v5/order/history', 'category=spot')).list).toMatchObject([
      { orderStatus: 'Cancelled', cancelType: 'CancelByUser' },
    ]);
  });

  it('a trade pays the buyer’s fee in the base coin and the seller’s in the quote coin', async () => {
    const exchange = quiet();
    const { get, post } = exchange;
    await post('/v5/order/create', { ...BUY, side: 'Sell', price: '65000' }, 1);
    await post('/v5/order/create', { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '325' });
    const [order] = (await get('/v5/order/history', 'category=spot')).list;
    expect(order).toMatchObject({
      orderStatus: 'Filled',
      qty: '325',
      marketUnit: 'quoteCoin',
      cumExecQty: '0.005000',
      cumExecValue: '325',
      avgPrice: '65000.0',
      cumFeeDetail: { BTC: '0.000005' },
    });
    const [bought] = (await get('/v5/execution/list', 'category=spot')).list;
    expect(bought).toMatchObject({
      execType: 'Trade',
      execFee: '0.000005',
      feeCurrency: 'BTC',
      feeRate: '0.001',
      execQty: '0.005000',
      isMaker: false,
    });
    const [sold] = (await get('/v5/execution/list', 'category=spot', 1)).list;
    expect(sold).toMatchObject({ execFee: '0.325', feeCurrency: 'USDT', isMaker: true });
    const coins = await coinsOf(exchange);
    expect(coins['BTC']).toMatchObject({ walletBalance: '1.004995', usdValue: '65324.675', locked: '0' });
    expect(coins['USDT']).toMatchObject({ walletBalance: '99675' });
    expect((await get('/v5/execution/list', 'category=linear')).list).toEqual([]);
  });

  it.each<[number, Partial<Record<string, string>>]>([
    [170121, { symbol: 'XYZUSDT' }],
    [170131, { qty: '2' }],
    [170131, { side: 'Sell', price: '65000', qty: '1.5' }],
    [170134, { price: '64800.05' }],
    [170136, { qty: '0.00001' }],
    [170137, { qty: '0.0100001' }],
    [170140, { qty: '0.00005' }],
    [170193, { price: '66000' }],
    [170194, { side: 'Sell', price: '60000' }],
    [170355, { timeInForce: 'RPI' }],
    [10001, { orderFilter: 'tpslOrder', triggerPrice: '60000' }],
    [10001, { isLeverage: '1' }],
  ])('code %i for %j', async (code, change) => {
    const { post } = quiet();
    expect((await post('/v5/order/create', { ...BUY, ...change })).retCode).toBe(code);
  });

  it('a batch has at most ten orders, each with its own code', async () => {
    const { post } = quiet();
    const { category, ...item } = BUY;
    const many = await post('/v5/order/create-batch', { category, request: Array.from({ length: 11 }, () => item) });
    expect(many.retCode).toBe(10001);
    const two = await post('/v5/order/create-batch', { category, request: [item, { ...item, qty: '9' }] });
    expect(two.list).toMatchObject([{ category: 'spot' }, { category: 'spot', orderId: '' }]);
    expect(objectIn(two.json['retExtInfo'])).toMatchObject({ list: [{ code: 0 }, { code: 170131 }] });
  });

  it('self-match prevention goes by the incoming order', async () => {
    const { post, get } = quiet();
    await post('/v5/order/create', { ...BUY, side: 'Sell', price: '65000', orderLinkId: 'maker' });
    await post('/v5/order/create', { ...BUY, price: '65000', orderLinkId: 'taker', smpType: 'CancelMaker' });
    const [maker] = (await get('/v5/order/history', 'category=spot&orderLinkId=maker')).list;
    expect(maker).toMatchObject({ orderStatus: 'Cancelled', cancelType: 'CancelBySmp' });
    expect((await get('/v5/order/realtime', 'category=spot')).list).toMatchObject([{ orderLinkId: 'taker', orderStatus: 'New' }]);
  });

  it('limits are those of spot: twenty creates a second, ten amends', async () => {
    const { post } = quiet();
    const reply = await post('/v5/order/create', BUY);
    expect(reply.headers['X-Bapi-Limit']).toBe('20');
    const amend = await post('/v5/order/amend', { category: 'spot', symbol: 'BTCUSDT', orderId: reply.result['orderId'], qty: '0.02' });
    expect(amend.headers['X-Bapi-Limit']).toBe('10');
  });

  it('market data, fees and limits are of the pair', async () => {
    const { get, post } = testExchange({ spotSymbols: ['BTCUSDT'] });
    const [ticker] = (await get('/v5/market/tickers', 'category=spot&symbol=BTCUSDT')).list;
    expect(ticker).toMatchObject({ symbol: 'BTCUSDT', usdIndexPrice: '65000.0', lastPrice: '65000.0' });
    expect(ticker).not.toHaveProperty('openInterestValue');
    expect((await get('/v5/account/fee-rate', 'category=spot&symbol=BTCUSDT')).list).toEqual([
      { symbol: 'BTCUSDT', takerFeeRate: '0.001', makerFeeRate: '0.001' },
    ]);
    expect((await get('/v5/market/price-limit', 'category=spot&symbol=BTCUSDT')).result).toMatchObject({
      buyLmt: '65325.0',
      sellLmt: '64675.0',
    });
    expect((await get('/v5/market/orderbook', 'category=spot&symbol=BTCUSDT')).result).toMatchObject({ s: 'BTCUSDT' });
    expect((await post('/v5/order/cancel', { category: 'spot', symbol: 'BTCUSDT', orderId: '1' })).retCode).toBe(170213);
  });
});

describe('spot streams', () => {
  it('speak their own dialect', async () => {
    const { connect, pass, embedded } = testExchange({ spotSymbols: ['BTCUSDT'] });
    embedded.start();
    const socket = connect('/v5/public/spot');
    socket.send({ op: 'ping' });
    socket.send({ op: 'subscribe', req_id: 7, args: ['tickers.BTCUSDT', 'publicTrade.BTCUSDT', 'orderbook.50.BTCUSDT'] });
    socket.send({ op: 'subscribe', args: Array.from({ length: 11 }, () => 'tickers.BTCUSDT') });
    socket.send({ op: 'subscribe', args: ['allLiquidation.BTCUSDT'] });
    await pass(20_000);
    const [pong, subscribed] = socket.messages;
    expect(pong).toEqual({ success: true, ret_msg: 'pong', conn_id: pong?.['conn_id'], op: 'ping' });
    expect(subscribed).toMatchObject({ success: true, ret_msg: 'subscribe', req_id: '7', op: 'subscribe' });
    const refused = socket.messages.filter(({ success }) => success === false).map((message) => message['ret_msg']);
    expect(refused).toEqual(['args size >10', 'error:handler not found,topic:allLiquidation.BTCUSDT']);
    const tickers = socket.texts.filter((text) => text.startsWith('{"topic":"tickers.'));
    expect(tickers.length).toBeGreaterThan(20);
    expect(tickers.every((text) => /^\{"topic":"tickers\.BTCUSDT","ts":\d+,"type":"snapshot","cs":\d+,"data":\{/.test(text))).toBe(true);
    expect(socket.texts.find((text) => text.startsWith('{"topic":"orderbook.50.'))).toMatch(/^\{"topic":"orderbook.50.BTCUSDT","ts":/);
    const [trade] = listIn(socket.of('publicTrade.BTCUSDT')[0]?.['data']).map(objectIn);
    expect(trade).toMatchObject({ s: 'BTCUSDT', BT: false });
    expect(trade).not.toHaveProperty('L');
  });

  it('tell the account about orders, executions and coins, under their category', async () => {
    const { authenticated, pass, post } = quiet();
    const all = await authenticated('/v5/private');
    const linear = await authenticated('/v5/private');
    all.send({ op: 'subscribe', args: ['order', 'execution', 'wallet', 'position'] });
    linear.send({ op: 'subscribe', args: ['order.linear', 'execution.linear', 'execution.spot'] });
    await pass(500);
    await post('/v5/order/create', { ...BUY, side: 'Sell', price: '65000' }, 1);
    await post('/v5/order/create', { ...BUY, price: '65000', orderLinkId: 'mine' });
    await pass(500);
    const rows = (topic: string, socket = all): JsonObject[] => socket.of(topic).flatMap(({ data }) => listIn(data).map(objectIn));
    expect(rows('order').at(-1)).toMatchObject({ category: 'spot', orderLinkId: 'mine', orderStatus: 'Filled', feeCurrency: 'BTC' });
    expect(rows('execution')).toMatchObject([{ category: 'spot', feeCurrency: 'BTC', feeCoin: 'BTC', execFee: '0.00001', marketUnit: '' }]);
    const coins = listIn(rows('wallet').at(-1)?.['coin']).map(objectIn);
    expect(coins.map(({ coin, walletBalance }) => [coin, walletBalance])).toEqual([
      ['USDT', '99350'],
      ['BTC', '1.00999'],
      ['ETH', '20'],
    ]);
    expect(rows('position')).toEqual([]);
    expect(rows('order.linear', linear)).toEqual([]);
    expect(rows('execution.spot', linear)).toHaveLength(1);
  });

  it('order entry over the trade socket takes spot orders too', async () => {
    const { authenticated, pass, clock } = quiet();
    const socket = await authenticated('/v5/trade');
    socket.send({ reqId: '1', op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(clock.now()) }, args: [BUY] });
    await pass(500);
    expect(socket.messages.at(-1)).toMatchObject({ reqId: '1', retCode: 0, header: { 'X-Bapi-Limit': '20' } });
  });
});
