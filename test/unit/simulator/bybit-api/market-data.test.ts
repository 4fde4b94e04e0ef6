import { describe, expect, test } from 'vitest';
import type { VenueTrade } from '../../../../src/simulator/venue/market-data.ts';
import { listIn } from '../../../../src/util/json.ts';
import { START, testExchange } from '../../../support/exchange/exchange-client.ts';

async function running(forMs = 5000) {
  const exchange = testExchange();
  exchange.embedded.start();
  await exchange.pass(forMs);
  const read = (path: string, query: string) => exchange.http({ method: 'GET', path: `/v5/market/${path}`, query });
  return { ...exchange, read };
}

describe('instruments', () => {
  test('are listed by category, name and status, in pages', async () => {
    const { read } = await running();
    const all = await read('instruments-info', 'category=linear&limit=1000');
    expect(all.result['category']).toBe('linear');
    expect(all.list.map((row) => row['symbol'])).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(all.list[0]).toMatchObject({
      contractType: 'LinearPerpetual',
      status: 'Trading',
      priceFilter: { tickSize: '0.10' },
      lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001', minNotionalValue: '5' },
    });
    const first = await read('instruments-info', 'category=linear&limit=1');
    const second = await read('instruments-info', `category=linear&limit=1&cursor=${String(first.result['nextPageCursor'])}`);
    expect(second.list.map((row) => row['symbol'])).toEqual(['ETHUSDT']);
    expect(second.result['nextPageCursor']).toBe('');
    for (const query of ['category=spot', 'category=inverse', 'category=option', 'category=linear&status=PreLaunch']) {
      expect(await read('instruments-info', query)).toMatchObject({ retCode: 0, list: [] });
    }
    expect((await read('instruments-info', 'category=linear&symbol=NOPE')).retCode).toBe(10001);
    expect((await read('instruments-info', '')).retCode).toBe(10001);
  });
});

describe('prices', () => {
  test('the ticker agrees with the book', async () => {
    const { read, embedded } = await running();
    embedded.venue.stop();
    const [ticker] = (await read('tickers', 'category=linear&symbol=BTCUSDT')).list;
    const book = await read('orderbook', 'category=linear&symbol=BTCUSDT&limit=1');
    expect(listIn(book.result['b'])[0]).toEqual([ticker?.['bid1Price'], ticker?.['bid1Size']]);
    expect(listIn(book.result['a'])[0]).toEqual([ticker?.['ask1Price'], ticker?.['ask1Size']]);
    expect(ticker).toHaveProperty('openInterestValue');
  });

  test('the price limits are those that orders are held to', async () => {
    const { read, post, embedded } = await running();
    embedded.venue.stop();
    const { result } = await read('price-limit', 'category=linear&symbol=BTCUSDT');
    const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.001', timeInForce: 'IOC' };
    const over = (Number(result['buyLmt']) + 0.1).toFixed(1);
    await post('/v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false });
    expect((await post('/v5/order/create', { ...order, price: over })).retCode).toBe(110003);
    expect((await post('/v5/order/create', { ...order, price: String(result['buyLmt']) })).retCode).toBe(0);
  });
});

describe('trades', () => {
  test('add up to the candles', async () => {
    const { embedded, pass, http } = testExchange();
    const trades: VenueTrade[] = [];
    embedded.venue.onEvent((event) => {
      if (event.type === 'trade' && event.symbol === 'BTCUSDT') trades.push(event.trade);
    });
    embedded.start();
    await pass(150_000);
    embedded.venue.stop();
    const read = (query: string) => http({ method: 'GET', path: '/v5/market/kline', query: `category=linear&symbol=BTCUSDT&${query}` });
    const candles = listIn((await read('interval=1')).result['list']).map((row) => listIn(row).map(Number));
    expect(candles).toHaveLength(3);
    for (const [start = 0, open, high, low, close, volume] of candles) {
      const within = trades.filter(({ at }) => at >= start && at < start + 60_000);
      const prices = within.map(({ price }) => price / 10);
      expect(within.length).toBeGreaterThan(10);
      expect([open, close]).toEqual([prices.at(0), prices.at(-1)]);
      expect([high, low]).toEqual([Math.max(...prices), Math.min(...prices)]);
      expect(volume).toBeCloseTo(within.reduce((sum, { quantity }) => sum + quantity, 0) / 1000, 6);
    }
    expect(candles.map(([start]) => start)).toEqual([START + 120_000, START + 60_000, START]);
    const five = listIn((await read('interval=5')).result['list']);
    expect(five).toHaveLength(1);
    expect(Number(listIn(five[0])[1])).toBe(candles.at(-1)?.[1]);
    for (const interval of ['7', 'constructor', '__proto__']) expect((await read(`interval=${interval}`)).retCode).toBe(10001);
  });
});
