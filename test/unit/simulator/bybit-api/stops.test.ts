import { describe, expect, test } from 'vitest';
import { defined } from '../../../../src/util/assert.ts';
import { listIn, objectIn, textIn, type JsonObject } from '../../../../src/util/json.ts';
import { testExchange } from '../../../support/exchange/exchange-client.ts';

const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '64000' };
const STOP = { ...ORDER, triggerPrice: '70000', triggerDirection: 1, orderLinkId: 'stop' };
const SYMBOL = 'category=linear&symbol=BTCUSDT';

async function running(options: Parameters<typeof testExchange>[0] = {}) {
  const exchange = testExchange(options);
  exchange.embedded.start();
  await exchange.pass(1000);
  const open = async (more = ''): Promise<JsonObject[]> => [...(await exchange.get('/v5/order/realtime', `${SYMBOL}${more}`)).list];
  const ids = (rows: readonly JsonObject[]): string[] => rows.map(({ orderLinkId }) => textIn(orderLinkId)).sort();
  return { ...exchange, open, ids };
}

const rowsOf = (messages: readonly JsonObject[]): JsonObject[] => messages.flatMap(({ data }) => listIn(data).map(objectIn));

describe('a conditional order on the wire', () => {
  test('is shown with all that it waits for', async () => {
    const { post, open } = await running();
    const more = { triggerBy: 'MarkPrice', takeProfit: '71000', tpTriggerBy: 'IndexPrice', stopLoss: '63000', smpType: 'CancelBoth' };
    expect((await post('/v5/order/create', { ...STOP, ...more })).retCode).toBe(0);
    expect(await open()).toMatchObject([
      {
        orderStatus: 'Untriggered',
        stopOrderType: 'Stop',
        createType: 'CreateByStopOrder',
        triggerPrice: '70000.00',
        triggerDirection: 1,
        triggerBy: 'MarkPrice',
        takeProfit: '71000.00',
        tpTriggerBy: 'IndexPrice',
        stopLoss: '63000.00',
        slTriggerBy: 'LastPrice',
        tpslMode: 'Full',
        smpType: 'CancelBoth',
        leavesQty: '0.010',
      },
    ]);
  });

  test('is a kind of its own in queries and cancels', async () => {
    const { post, open, ids, get } = await running();
    await post('/v5/order/create', { ...ORDER, orderLinkId: 'plain' });
    await post('/v5/order/create', STOP);
    await post('/v5/order/create', { ...ORDER, orderType: 'Market', qty: '0.02', stopLoss: '60000', orderLinkId: 'in' });
    expect(ids(await open())).toEqual(['', 'plain', 'stop']);
    expect(ids(await open('&orderFilter=Order'))).toEqual(['plain']);
    expect(ids(await open('&orderFilter=StopOrder'))).toEqual(['', 'stop']);
    expect(ids(await open('&orderFilter=tpslOrder'))).toEqual([]);
    const cancelAll = async (more: object): Promise<string[]> =>
      ids((await post('/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT', ...more })).list);
    expect(await cancelAll({ orderFilter: 'StopOrder', stopOrderType: 'Stop' })).toEqual(['stop']);
    expect(await cancelAll({ orderFilter: 'Order' })).toEqual(['plain']);
    expect(await cancelAll({})).toEqual(['']);
    const history = async (more: string) =>
      (await get('/v5/order/history', `${SYMBOL}${more}`)).list.map((row) => textIn(row['orderStatus']));
    expect(await history('&orderFilter=StopOrder')).toEqual(['Deactivated', 'Deactivated']);
    expect((await history('')).toSorted()).toEqual(['Cancelled', 'Deactivated', 'Deactivated', 'Filled']);
  });

  test('cannot be amended in a batch, only alone', async () => {
    const { post, open } = await running();
    await post('/v5/order/create', STOP);
    const change = { symbol: 'BTCUSDT', orderLinkId: 'stop', triggerPrice: '70001' };
    const batch = await post('/v5/order/amend-batch', { category: 'linear', request: [change] });
    expect(listIn(objectIn(batch.json['retExtInfo'])['list'])).toMatchObject([{ code: 10001 }]);
    expect((await post('/v5/order/amend', { category: 'linear', ...change })).retCode).toBe(0);
    expect(await open()).toMatchObject([{ triggerPrice: '70001.00' }]);
  });

  test('goes through its states on the stream', async () => {
    const { post, pass, authenticated, embedded } = await running();
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['order', 'execution'] });
    await pass(50);
    const last = defined(embedded.venue.market('BTCUSDT'), 'market').lastPrice / 10;
    const soon = { ...STOP, orderType: 'Market', triggerPrice: (last + 0.5).toFixed(1) };
    await post('/v5/order/create', soon);
    for (let s = 0; s < 600 && rowsOf(socket.of('execution')).length === 0; s += 1) await pass(1000);
    const states = rowsOf(socket.of('order')).map((row) => row['orderStatus']);
    expect(states.filter((state) => state !== 'PartiallyFilled')).toEqual(['Untriggered', 'Triggered', 'Filled']);
    expect(rowsOf(socket.of('execution'))[0]).toMatchObject({
      stopOrderType: 'Stop',
      createType: 'CreateByStopOrder',
      orderType: 'Market',
    });
  });
});

describe('stops of a position on the wire', () => {
  test('are set, shown with the position and with the orders, and removed', async () => {
    const { post, get, open } = await running();
    const stop = (more: object) => post('/v5/position/trading-stop', { category: 'linear', symbol: 'BTCUSDT', positionIdx: 0, ...more });
    expect((await stop({ takeProfit: '70000' })).retCode).toBe(10001);
    await post('/v5/order/create', { ...ORDER, orderType: 'Market', qty: '0.02' });
    expect((await stop({ tpslMode: 'Full', takeProfit: '70000', stopLoss: '60000', slTriggerBy: 'MarkPrice' })).json).toMatchObject({
      retCode: 0,
      result: {},
    });
    expect((await stop({ takeProfit: '70000' })).retCode).toBe(34040);
    expect((await stop({ takeProfit: '60000' })).retCode).toBe(10001);
    expect((await stop({ tpslMode: 'Partial', takeProfit: '71000', tpSize: '0.01' })).retCode).toBe(10001);
    expect((await stop({ trailingStop: '100', activePrice: '69000' })).retCode).toBe(0);
    const position = async () => (await get('/v5/position/list', SYMBOL)).list[0];
    expect(await position()).toMatchObject({ takeProfit: '70000.00', stopLoss: '60000.00', trailingStop: '100.00' });
    expect((await open()).map((row) => [row['stopOrderType'], row['side'], row['qty'], row['triggerPrice'], row['triggerBy']])).toEqual([
      ['TrailingStop', 'Sell', '0.020', '68900.00', 'LastPrice'],
      ['StopLoss', 'Sell', '0.020', '60000.00', 'MarkPrice'],
      ['TakeProfit', 'Sell', '0.020', '70000.00', 'LastPrice'],
    ]);
    expect((await stop({ takeProfit: '0', stopLoss: '0', trailingStop: '0' })).retCode).toBe(0);
    expect(await position()).toMatchObject({ takeProfit: '', stopLoss: '', trailingStop: '0' });
    expect(await open()).toEqual([]);
  });
});

describe('around an order', () => {
  test('its margins can be asked for in advance', async () => {
    const { post } = await running();
    const check = await post('/v5/order/pre-check', { ...ORDER, qty: '1' });
    expect(check.result).toMatchObject({ preImrE4: 0, preMmrE4: 0, postImrE4: 640, postMmrE4: expect.any(Number) });
    const tooMuch = await post('/v5/order/pre-check', { ...ORDER, qty: '1000' });
    expect(tooMuch.json).toMatchObject({ retCode: 110007, result: {}, retExtInfo: { preImrE4: 0, postImrE4: 640_000 } });
    expect((await post('/v5/order/pre-check', STOP)).retCode).toBe(10001);
  });

  test('the price limits are pushed every 300 ms', async () => {
    const { connect, pass, get } = await running();
    const socket = connect('/v5/public/linear');
    socket.send({ op: 'subscribe', args: ['priceLimit.BTCUSDT'] });
    await pass(1000);
    const [first] = socket.of('priceLimit.BTCUSDT');
    expect(socket.of('priceLimit.BTCUSDT').length).toBeGreaterThanOrEqual(4);
    expect(Object.keys(first ?? {})).toEqual(['topic', 'data', 'ts']);
    expect(first?.['data']).toMatchObject({ symbol: 'BTCUSDT', buyLmt: expect.stringMatching(/^\d+\.\d\d$/) });
    expect((await get('/v5/market/price-limit', SYMBOL)).result).toMatchObject({ symbol: 'BTCUSDT', ts: expect.any(String) });
  });

  test('a cancel that is overtaken by the fill is answered with success and a second filled row', async () => {
    const { http, post, pass, signedHeaders, authenticated, embedded } = await running({
      latency: {
        entry: { medianMs: 50, sigma: 0, spikeProbability: 0, spikeMs: 0 },
        ack: { medianMs: 1, sigma: 0, spikeProbability: 0, spikeMs: 0 },
        privateStream: { medianMs: 1, sigma: 0, spikeProbability: 0, spikeMs: 0 },
        publicFeed: { medianMs: 1, sigma: 0, spikeProbability: 0, spikeMs: 0 },
      },
    });
    embedded.venue.stop();
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['order'] });
    await pass(100);
    const ask = defined(embedded.venue.market('BTCUSDT')?.book.asks.price(0), 'ask') / 10;
    await post('/v5/order/create', { ...ORDER, price: (ask - 0.1).toFixed(1), timeInForce: 'PostOnly', orderLinkId: 'raced' });
    const body = JSON.stringify({ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'raced' });
    const cancel = http({ method: 'POST', path: '/v5/order/cancel', body, headers: signedHeaders(body) });
    await pass(20);
    const { book } = defined(embedded.venue.market('BTCUSDT'), 'market');
    const price = defined(book.bids.price(0), 'bid');
    const terms = { symbol: 'BTCUSDT', side: 'sell', type: 'limit', timeInForce: 'IOC', reduceOnly: false, orderLinkId: '' } as const;
    embedded.venue.place(1, { ...terms, price, quantity: book.bids.quantityAt(price) });
    expect((await cancel).retCode).toBe(0);
    await pass(100);
    const rows = rowsOf(socket.of('order')).map((row) => [row['orderStatus'], row['cancelType'], row['rejectReason']]);
    expect(rows.slice(-2)).toEqual([
      ['Filled', 'UNKNOWN', 'EC_NoError'],
      ['Filled', 'CancelByUser', 'EC_OrigClOrdIDDoesNotExist'],
    ]);
    expect((await post('/v5/order/cancel', body)).retCode).toBe(110001);
  });
});
