import { describe, expect, it } from 'vitest';
import { ticks } from '../../../../src/model/units.ts';
import { EmbeddedMarket } from '../../../../src/simulator/embedded-market.ts';
import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { START, testExchange, type TestExchange, type TestSocket } from '../../../support/exchange/exchange-client.ts';

const HOUR_MS = 3_600_000;
const SETTLED_AT = START + 8 * HOUR_MS;
const rowsOf = (socket: TestSocket, topic: string): JsonObject[] => socket.of(topic).flatMap(({ data }) => listIn(data).map(objectIn));

/** Two accounts trade with each other at 65,000; nobody else is there. */
async function traded(quantity: string, options: Parameters<typeof testExchange>[0] = {}): Promise<TestExchange> {
  const exchange = testExchange({ symbols: ['BTCUSDT'], market: 'none', ...options });
  const order = { category: 'linear', symbol: 'BTCUSDT', orderType: 'Limit', price: '65000', qty: quantity };
  for (const account of [0, 1]) {
    const leverage = { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '100', sellLeverage: '100' };
    await exchange.post('/v5/position/set-leverage', leverage, account);
  }
  await exchange.post('/v5/order/create', { ...order, side: 'Sell' }, 1);
  await exchange.post('/v5/order/create', { ...order, side: 'Buy' });
  return exchange;
}

describe('funding over the wire', () => {
  it('is announced, settled at 08:00 UTC, and shows in every place', async () => {
    const exchange = await traded('2');
    const { get, pass, clock, embedded, authenticated } = exchange;
    const [ticker] = (await get('/v5/market/tickers', 'category=linear&symbol=BTCUSDT')).list;
    expect(ticker).toMatchObject({
      fundingRate: '0.0001',
      nextFundingTime: String(SETTLED_AT),
      fundingIntervalHour: '8',
      fundingCap: '0.00375',
    });
    expect((await get('/v5/market/funding/history', 'category=linear&symbol=BTCUSDT')).list).toEqual([]);
    await pass(SETTLED_AT - clock.now() - 5000);
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['execution', 'execution.fast', 'position', 'wallet', 'order'] });
    embedded.start();
    await pass(10_000);
    embedded.venue.stop();
    const rate = '0.0001';
    expect((await get('/v5/market/funding/history', 'category=linear&symbol=BTCUSDT')).list).toEqual([
      { symbol: 'BTCUSDT', fundingRate: rate, fundingRateTimestamp: String(SETTLED_AT) },
    ]);
    expect((await get('/v5/market/funding/history', 'category=linear&symbol=BTCUSDT&startTime=1')).retCode).toBe(10001);
    const paid = {
      execType: 'Funding',
      orderType: 'UNKNOWN',
      orderLinkId: '',
      side: 'Buy',
      execQty: '2.000',
      execValue: '130000',
      execFee: '13',
      feeRate: rate,
    };
    expect((await get('/v5/execution/list', 'category=linear&execType=Funding')).list).toMatchObject([paid]);
    expect((await get('/v5/execution/list', 'category=linear&execType=Funding', 1)).list).toMatchObject([{ side: 'Sell', execFee: '-13' }]);
    expect((await get('/v5/execution/list', 'category=linear')).list).toMatchObject([paid, { execType: 'Trade' }]);
    expect(rowsOf(socket, 'execution')).toMatchObject([paid]);
    expect(rowsOf(socket, 'order')).toEqual([]);
    expect(rowsOf(socket, 'execution.fast')).toEqual([]);
    expect(rowsOf(socket, 'position')).toMatchObject([{ cumRealisedPnl: '-84.5' }]);
    expect(rowsOf(socket, 'wallet')).toMatchObject([{ totalWalletBalance: '99915.5' }]);
    expect((await get('/v5/market/tickers', 'category=linear&symbol=BTCUSDT')).list[0]).toMatchObject({
      nextFundingTime: String(SETTLED_AT + 8 * HOUR_MS),
    });
  });
});

describe('a liquidation over the wire', () => {
  it('is estimated, ends orders and position, and is told to the public', async () => {
    const exchange = await traded('20');
    const { get, post, pass, connect, authenticated, embedded } = exchange;
    const [position] = (await get('/v5/position/list', 'category=linear&symbol=BTCUSDT')).list;
    expect(position).toMatchObject({ size: '20.000', liqPrice: '60337.50' });
    await post('/v5/order/create', { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', price: '64500', qty: '0.1' });
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['order', 'execution', 'position'] });
    const market = connect('/v5/public/linear');
    market.send({ op: 'subscribe', args: ['allLiquidation.BTCUSDT'] });
    await pass(500);
    const listed = embedded.venue.market('BTCUSDT');
    if (!(listed instanceof EmbeddedMarket)) throw new Error('not the embedded market');
    listed.markPrice = ticks(603_000);
    embedded.start();
    await pass(1000);
    expect(rowsOf(socket, 'order')).toMatchObject([
      { orderStatus: 'Cancelled', cancelType: 'CancelAllBeforeLiq', createType: 'CreateByUser' },
      { orderStatus: 'Filled', createType: 'CreateByLiq', side: 'Sell', orderLinkId: '', qty: '20.000' },
    ]);
    expect(rowsOf(socket, 'execution')).toMatchObject([{ execType: 'BustTrade', createType: 'CreateByLiq', execQty: '20.000' }]);
    expect(rowsOf(socket, 'position').at(-1)).toMatchObject({ side: '', size: '0', liqPrice: '' });
    expect(rowsOf(market, 'allLiquidation.BTCUSDT')).toMatchObject([
      { s: 'BTCUSDT', S: 'Buy', v: '20.000', p: rowsOf(socket, 'execution')[0]?.['execPrice'] },
    ]);
  });
});
