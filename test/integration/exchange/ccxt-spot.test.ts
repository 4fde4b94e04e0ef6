import http from 'node:http';
import { pro, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import { NO_LATENCY } from '../../../src/simulator/bybit-api/latency.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const PAIR = 'BTC/USDT';
const idOf = ({ id }: Order): string => defined(id, 'order id');

/** Plain ccxt for spot, with its URLs and nothing else changed. */
function clientOf({ restUrl, wsUrl }: RunningServer, { keys }: EmbeddedExchange) {
  const { apiKey, secret } = at(keys, 0);
  const rest = { public: restUrl, private: restUrl, spot: restUrl, futures: restUrl, v2: restUrl };
  const ws = {
    public: { spot: `${wsUrl}/v5/public/spot`, linear: `${wsUrl}/v5/public/linear` },
    private: {
      spot: { unified: `${wsUrl}/v5/private` },
      contract: `${wsUrl}/v5/private`,
      usdc: `${wsUrl}/v5/private`,
      trade: `${wsUrl}/v5/trade`,
    },
  };
  const httpAgent = new http.Agent({ keepAlive: true, noDelay: true });
  return new pro.bybit({ apiKey, secret, enableRateLimit: false, timeout: 5000, httpAgent, urls: { api: { ...rest, ws } } });
}

describe('plain ccxt on the spot market', () => {
  let embedded: EmbeddedExchange;
  let server: RunningServer;
  let client: ReturnType<typeof clientOf>;

  beforeAll(async () => {
    const symbols = ['BTCUSDT'];
    const random = seededRandom('ccxt spot');
    embedded = createEmbeddedExchange({ clock: systemClock, random, symbols, spotSymbols: symbols, market: 'calm', latency: NO_LATENCY });
    server = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
    embedded.start();
    client = clientOf(server, embedded);
    await client.loadMarkets();
  });

  afterAll(async () => {
    await client.close();
    embedded.stop();
    await server.close();
  });

  test('distinguishes the pair from the contract of the same name', async () => {
    expect(client.market(PAIR)).toMatchObject({
      id: 'BTCUSDT',
      spot: true,
      precision: { price: 0.1, amount: 0.000001 },
      limits: { cost: { min: 5 } },
    });
    expect(client.market('BTC/USDT:USDT')).toMatchObject({ id: 'BTCUSDT', swap: true });
    const ticker = await client.fetchTicker(PAIR);
    expect(ticker.symbol).toBe(PAIR);
    expect(ticker.bid).toBeGreaterThan(60_000);
    expect(await client.fetchTradingFee(PAIR)).toMatchObject({ symbol: PAIR, maker: 0.001, taker: 0.001 });
  });

  test('buys by value, pays in coins, sells again, and its balance shows it', async () => {
    const before = await client.fetchBalance();
    expect(before['BTC']).toMatchObject({ total: 1 });
    const bought = await client.createMarketBuyOrderWithCost(PAIR, 650);
    const order = await client.fetchClosedOrder(idOf(bought), PAIR);
    expect(order).toMatchObject({ symbol: PAIR, side: 'buy', status: 'closed', fee: { currency: 'BTC' } });
    expect(order.cost).toBeGreaterThan(649);
    const [trade] = await client.fetchMyTrades(PAIR);
    expect(trade).toMatchObject({ symbol: PAIR, side: 'buy', fee: { currency: 'BTC' } });
    const sold = await client.createOrder(PAIR, 'market', 'sell', 0.005);
    expect(await client.fetchClosedOrder(idOf(sold), PAIR)).toMatchObject({ side: 'sell', filled: 0.005, fee: { currency: 'USDT' } });
    const after = await client.fetchBalance();
    expect(after['BTC']?.total).toBeGreaterThan(1.004);
    expect(after['BTC']?.total).toBeLessThan(1.006);
  });

  test('rests, sees its order, is told of it, and cancels', async () => {
    const watched = client.watchOrders(PAIR);
    await client.watchTicker(PAIR);
    const { bid } = await client.fetchTicker(PAIR);
    const placed = await client.createOrder(PAIR, 'limit', 'buy', 0.001, Math.round((bid ?? 0) * 0.997), { postOnly: true });
    expect(await client.fetchOpenOrders(PAIR)).toMatchObject([{ id: placed.id, status: 'open', symbol: PAIR, timeInForce: 'PO' }]);
    expect((await client.fetchBalance())['USDT']?.used).toBeGreaterThan(60);
    await client.cancelOrder(idOf(placed), PAIR);
    await expect(client.cancelOrder(idOf(placed), PAIR)).rejects.toThrow('170142');
    const [row] = await watched;
    expect(row).toMatchObject({ id: placed.id, symbol: PAIR });
  });

  test.each([
    [0.00005, 'InvalidOrder'],
    [50, 'InsufficientFunds'],
  ])('%f BTC is refused as %s', async (amount, name) => {
    const { bid } = await client.fetchTicker(PAIR);
    await expect(client.createOrder(PAIR, 'limit', 'buy', amount, Math.round((bid ?? 0) * 0.998))).rejects.toMatchObject({ name });
  });
});
