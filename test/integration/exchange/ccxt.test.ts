import http from 'node:http';
import { OrderNotFound, pro, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const SYMBOL = 'BTC/USDT:USDT';

/** Plain ccxt, as anyone would point it at another host: nothing of ours in between, nothing switched off. */
function clientOf({ restUrl, wsUrl }: RunningServer, { keys }: EmbeddedExchange) {
  const { apiKey, secret } = at(keys, 0);
  return new pro.bybit({
    apiKey,
    secret,
    enableRateLimit: false,
    timeout: 5000,
    httpAgent: new http.Agent({ keepAlive: true, noDelay: true }),
    urls: {
      api: {
        public: restUrl,
        private: restUrl,
        spot: restUrl,
        futures: restUrl,
        v2: restUrl,
        ws: {
          public: { linear: `${wsUrl}/v5/public/linear` },
          private: { contract: `${wsUrl}/v5/private`, usdc: `${wsUrl}/v5/private`, trade: `${wsUrl}/v5/trade` },
        },
      },
    },
  });
}

const idOf = ({ id }: Order): string => defined(id, 'order id');
/** Without spikes: a test must not wait for the one in a thousand. */
const STEADY = { medianMs: 2, sigma: 0, spikeProbability: 0, spikeMs: 0 };

describe('plain ccxt against the server', () => {
  let embedded: EmbeddedExchange;
  let server: RunningServer;
  let client: ReturnType<typeof clientOf>;

  beforeAll(async () => {
    const random = seededRandom('ccxt');
    const latency = { entry: STEADY, ack: STEADY, privateStream: STEADY, publicFeed: STEADY };
    embedded = createEmbeddedExchange({ clock: systemClock, random, symbols: ['BTCUSDT', 'ETHUSDT'], market: 'calm', latency });
    server = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
    embedded.start();
    client = clientOf(server, embedded);
  });

  afterAll(async () => {
    await client.close();
    embedded.stop();
    await server.close();
  });

  const farBid = async (): Promise<number> => {
    const { bid } = await client.fetchTicker(SYMBOL);
    return Math.round((bid ?? 0) * 0.995);
  };

  test('loads the markets with all the calls that it makes by default', async () => {
    const markets = await client.loadMarkets();
    expect(Object.keys(markets)).toEqual(expect.arrayContaining([SYMBOL, 'ETH/USDT:USDT']));
    expect(markets[SYMBOL]).toMatchObject({ id: 'BTCUSDT', linear: true, swap: true, precision: { price: 0.1, amount: 0.001 } });
    expect(await client.fetchTime()).toBeGreaterThan(1_700_000_000_000);
  });

  test('reads the market', async () => {
    const book = await client.fetchOrderBook(SYMBOL, 50);
    expect(book.bids).toHaveLength(50);
    expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] ?? 0);
    expect((await client.fetchOHLCV(SYMBOL, '1m')).length).toBeGreaterThan(0);
    expect(Array.isArray(await client.fetchTrades(SYMBOL))).toBe(true);
  });

  test('places, finds, moves and cancels an order', async () => {
    const price = await farBid();
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { postOnly: true, clientOrderId: 'ccxt-1' });
    expect(placed).toMatchObject({ clientOrderId: 'ccxt-1' });
    const [open] = await client.fetchOpenOrders(SYMBOL);
    expect(open).toMatchObject({ id: placed.id, symbol: SYMBOL, status: 'open', side: 'buy', price, amount: 0.01, postOnly: true });
    await client.editOrder(idOf(placed), SYMBOL, 'limit', 'buy', 0.02, price - 10);
    expect((await client.fetchOpenOrders(SYMBOL))[0]).toMatchObject({ id: placed.id, price: price - 10, amount: 0.02 });
    await client.cancelOrder(idOf(placed), SYMBOL);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
    const canceled = await client.fetchCanceledOrders(SYMBOL);
    expect(canceled.map(({ id, status }) => ({ id, status }))).toEqual([{ id: placed.id, status: 'canceled' }]);
  });

  test('cancels everything at once', async () => {
    const price = await farBid();
    await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, price, { postOnly: true });
    await client.createOrders([
      { symbol: SYMBOL, type: 'limit', side: 'buy', amount: 0.01, price: price - 1 },
      { symbol: SYMBOL, type: 'limit', side: 'buy', amount: 0.01, price: price - 2 },
    ]);
    expect(await client.fetchOpenOrders(SYMBOL)).toHaveLength(3);
    await client.cancelAllOrders(SYMBOL);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  test('takes, and sees trades, fees, position and balance', async () => {
    await client.createOrder(SYMBOL, 'market', 'buy', 0.01);
    const trades = await client.fetchMyTrades(SYMBOL);
    expect(trades.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBeCloseTo(0.01, 10);
    const [position] = await client.fetchPositions();
    expect(position).toMatchObject({ symbol: SYMBOL, side: 'long', contracts: 0.01 });
    const balance = await client.fetchBalance();
    expect(balance['USDT']?.total).toBeCloseTo(Number(embedded.venue.ledger(0).wallet().balance), 2);
    expect(await client.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.0002, taker: 0.00055 });
  });

  test('watches its orders and the book, and trades over the socket', async () => {
    const book = await client.watchOrderBook(SYMBOL, 50);
    expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] ?? 0);
    const watched: Promise<Order[]> = client.watchOrders(SYMBOL);
    // ccxt does not wait for the subscription: give it some round trips.
    for (let i = 0; i < 5; i += 1) await client.fetchTime();
    const price = await farBid();
    const placed = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, price, { postOnly: true, clientOrderId: 'ccxt-ws' });
    expect(placed.id).toBeDefined();
    expect((await watched)[0]).toMatchObject({ id: placed.id, clientOrderId: 'ccxt-ws', status: 'open', symbol: SYMBOL });
    // The row can come before the answer.
    const watchedOn: Promise<Order[]> = client.watchOrders(SYMBOL);
    await client.cancelOrderWs(idOf(placed), SYMBOL);
    expect((await watchedOn).at(-1)).toMatchObject({ id: placed.id, status: 'canceled' });
  });

  test('learns of refusals by code', async () => {
    await client.request('v5/account/set-limit-px-action', 'private', 'POST', { category: 'linear', modifyEnable: false });
    await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.01, 90_000)).rejects.toThrow('110003');
    await expect(client.cancelOrder('nothing', SYMBOL)).rejects.toThrow(OrderNotFound);
  });
});
