import http from 'node:http';
import { NetworkError, NoChange, OrderNotFound, pro, type Order, type Trade } from 'ccxt';
import { expect } from 'vitest';
import { defined } from '../../../src/util/assert.ts';
import type { Seat } from './setting.ts';

const BTC = 'BTC/USDT:USDT';
const SPOT = 'BTC/USDT';
const ETH = 'ETH/USDT:USDT';
const SOL = 'SOL/USDT:USDT';
const XRP = 'XRP/USDT:USDT';

type Client = InstanceType<typeof pro.bybit>;

/** Plain ccxt: pointed at another host, and with a quicker heartbeat than its 18 s. */
function clientOf({ keys, server: { restUrl, wsUrl } }: Seat): Client {
  return new pro.bybit({
    apiKey: keys.apiKey,
    secret: keys.secret,
    enableRateLimit: false,
    timeout: 5000,
    httpAgent: new http.Agent({ keepAlive: true, noDelay: true }),
    streaming: { keepAlive: 300 },
    urls: {
      api: {
        public: restUrl,
        private: restUrl,
        spot: restUrl,
        futures: restUrl,
        v2: restUrl,
        ws: {
          public: { linear: `${wsUrl}/v5/public/linear`, spot: `${wsUrl}/v5/public/spot` },
          private: { contract: `${wsUrl}/v5/private`, usdc: `${wsUrl}/v5/private`, trade: `${wsUrl}/v5/trade` },
        },
      },
    },
  });
}

/** A trading day: whatever ccxt can do with a perpetual contract and with a pair, done once. */
export async function ccxtDay(seat: Seat): Promise<void> {
  const client = clientOf(seat);
  try {
    await startUp(client);
    for (const symbol of [BTC, SPOT]) await readMarket(client, symbol);
    await readAccount(client);
    const watched = watchEverything(client);
    await seat.tap.passed('private auth', 'private subscribe', 'linear subscribe', 'spot subscribe');
    for (const symbol of [BTC, SPOT]) {
      await tradeOverRest(client, symbol);
      await tradeOverSocket(client, symbol);
    }
    await fillAndClose(client, seat);
    await buyAndSell(client, seat);
    await beRefused(client);
    await watched();
    await seat.tap.passed('linear ping', 'spot ping', 'private pong', 'trade pong');
    await leave(client, seat);
  } finally {
    await client.close();
  }
}

async function startUp(client: Client): Promise<void> {
  expect(Object.keys(await client.loadMarkets())).toEqual(expect.arrayContaining([BTC, ETH, SOL, XRP]));
  const askedAt = Date.now();
  const time = defined(await client.fetchTime(), 'time');
  expect([askedAt <= time, time <= Date.now()]).toEqual([true, true]);
}

async function readMarket(client: Client, symbol: string): Promise<void> {
  const ticker = await client.fetchTicker(symbol);
  expect(ticker).toMatchObject({ symbol, bid: expect.any(Number), ask: expect.any(Number), last: expect.any(Number) });
  expect(Object.keys(await client.fetchTickers([symbol]))).toEqual([symbol]);
  expect((await client.fetchOrderBook(symbol, 50)).bids).toHaveLength(50);
  expect((await client.fetchOHLCV(symbol, '1m')).length).toBeGreaterThan(0);
  expect(Array.isArray(await client.fetchTrades(symbol))).toBe(true);
  expect(await client.fetchTradingFee(symbol)).toMatchObject({ symbol, maker: expect.any(Number), taker: expect.any(Number) });
  const category = symbol === SPOT ? 'spot' : 'linear';
  const limit = await client['publicGetV5MarketPriceLimit']({ category, symbol: 'BTCUSDT' });
  expect(Number(limit['result'].buyLmt)).toBeGreaterThan(Number(limit['result'].sellLmt));
}

const succeeds = { retCode: expect.toSatisfy((code) => Number(code) === 0) };

async function readAccount(client: Client): Promise<void> {
  expect(await client.fetchFundingRate(BTC)).toMatchObject({ symbol: BTC, fundingRate: expect.any(Number) });
  expect(Array.isArray(await client.fetchFundingRateHistory(BTC))).toBe(true);
  expect((await client.fetchBalance())['USDT']?.total).toBeCloseTo(10_000_000, 6);
  expect(await client.fetchPositions([BTC])).toMatchObject([{ symbol: BTC, contracts: 0 }]);
  await client.setLeverage(5, BTC);
  await expect(client.setPositionMode(false, BTC)).rejects.toThrow(NoChange);
  expect(await client['privateGetV5AccountUserSettingConfig']({})).toMatchObject(succeeds);
  expect(await client['privatePostV5AccountSetLimitPxAction']({ category: 'linear', modifyEnable: false })).toMatchObject(succeeds);
  expect(await client.cancelAllOrdersAfter(10_000)).toMatchObject(succeeds);
  expect(await client['privateGetV5AccountQueryDcpInfo']({})).toMatchObject(succeeds);
  const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '64900.00' };
  expect(await client['privatePostV5OrderPreCheck'](order)).toMatchObject(succeeds);
}

/** Starts every stream; what it returns waits until each has said something sensible. */
function watchEverything(client: Client): () => Promise<void> {
  const streams: Promise<unknown>[] = [
    client.watchOrderBook(BTC, 50).then(({ bids, asks }) => expect(bids[0]?.[0]).toBeLessThan(asks[0]?.[0] ?? 0)),
    client.watchOrderBook(ETH, 200).then(({ bids }) => expect(bids.length).toBeGreaterThan(10)),
    client.watchOrderBook(XRP, 1000).then(({ bids }) => expect(bids.length).toBeGreaterThan(10)),
    client.watchBidsAsks([SOL]).then((best) => expect(best[SOL]?.bid).toBeLessThan(best[SOL]?.ask ?? 0)),
    client.watchTrades(BTC).then((trades) => expect(trades[0]).toMatchObject({ symbol: BTC, side: expect.stringMatching(/buy|sell/) })),
    client.watchTicker(BTC).then((ticker) => expect(ticker).toMatchObject({ symbol: BTC, bid: expect.any(Number) })),
    client.watchOHLCV(BTC, '1m').then((candles) => expect(candles[0]).toHaveLength(6)),
    client.watchOrderBook(SPOT, 50).then(({ bids }) => expect(bids.length).toBeGreaterThan(10)),
    client.watchTicker(SPOT).then((ticker) => expect(ticker).toMatchObject({ symbol: SPOT, last: expect.any(Number) })),
    client.watchTrades(SPOT).then((trades) => expect(trades[0]).toMatchObject({ symbol: SPOT })),
    client.watchOHLCV(SPOT, '1m').then((candles) => expect(candles[0]).toHaveLength(6)),
    client.watchOrders().then((orders) => expect(orders[0]).toMatchObject({ side: 'buy' })),
    client.watchMyTrades().then((trades) => expect(trades[0]?.amount).toBeGreaterThan(0)),
    client.watchMyTrades(BTC, undefined, undefined, { executionFast: true }),
    // The first call reads over REST and does not listen.
    client
      .watchPositions()
      .then(() => client.watchPositions())
      .then((positions) => expect(positions.length).toBeGreaterThan(0)),
    client.watchBalance().then((balance) => expect(balance['USDT']?.total).toBeGreaterThan(0)),
  ];
  const quiet = streams.map((stream) =>
    stream.catch((error: unknown) => (error instanceof NetworkError ? undefined : Promise.reject(error))),
  );
  const all = Promise.all(quiet);
  all.catch(() => undefined);
  return async () => void (await all);
}

const idOf = ({ id }: Order): string => defined(id, 'order id');
const farBid = async (client: Client, symbol: string): Promise<number> => Math.round(((await client.fetchTicker(symbol)).bid ?? 0) * 0.995);
const resting = { postOnly: true };

async function tradeOverRest(client: Client, symbol: string): Promise<void> {
  const price = await farBid(client, symbol);
  const clientOrderId = `ccxt-rest-${symbol.length}`;
  const placed = await client.createOrder(symbol, 'limit', 'buy', 0.01, price, { ...resting, clientOrderId });
  expect(placed).toMatchObject({ clientOrderId });
  const id = idOf(placed);
  expect(await client.fetchOpenOrder(id, symbol)).toMatchObject({
    id,
    symbol,
    status: 'open',
    side: 'buy',
    price,
    amount: 0.01,
    postOnly: true,
  });
  await client.editOrder(id, symbol, 'limit', 'buy', 0.02, price - 10);
  expect(await client.fetchOrder(id, symbol, { acknowledged: true })).toMatchObject({ id, price: price - 10, amount: 0.02 });
  await client.cancelOrder(id, symbol);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect(await client.fetchCanceledOrders(symbol)).toMatchObject([{ id, status: 'canceled', filled: 0 }]);
  const order = (offset: number) => ({ symbol, type: 'limit', side: 'buy', amount: 0.01, price: price - offset, params: resting }) as const;
  const batch = await client.createOrders([order(1), order(2), order(3)]);
  const ids = batch.map(idOf);
  await client.editOrders(ids.map((each, i) => ({ id: each, symbol, type: 'limit', side: 'buy', amount: 0.011, price: price - 20 - i })));
  const open = await client.fetchOpenOrders(symbol === SPOT ? SPOT : undefined);
  expect(open.map(({ amount }) => amount)).toEqual([0.011, 0.011, 0.011]);
  await client.cancelOrders(ids.slice(0, 1), symbol);
  expect(await client.fetchOpenOrders(symbol)).toHaveLength(2);
  await client.cancelAllOrders(symbol);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}

async function tradeOverSocket(client: Client, symbol: string): Promise<void> {
  const price = await farBid(client, symbol);
  const clientOrderId = `ccxt-ws-${symbol.length}`;
  const placed = await client.createOrderWs(symbol, 'limit', 'buy', 0.01, price, { ...resting, clientOrderId });
  await client.editOrderWs(idOf(placed), symbol, 'limit', 'buy', 0.02, price - 10);
  expect(await client.fetchOpenOrder(idOf(placed), symbol)).toMatchObject({ clientOrderId, price: price - 10, amount: 0.02 });
  await client.cancelOrderWs(idOf(placed), symbol);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}

const amountOf = (trades: readonly Trade[], side: string): number =>
  trades.filter((trade) => trade.side === side).reduce((sum, { amount }) => sum + (amount ?? 0), 0);

/** Buys as a taker, sells as a maker: the position is gone and the fees are paid. */
async function fillAndClose(client: Client, { fillOne, tap }: Seat): Promise<void> {
  await client.createOrder(BTC, 'market', 'buy', 0.01);
  expect(await client.fetchPositions()).toMatchObject([{ symbol: BTC, side: 'long', contracts: 0.01 }]);
  const sell = async (): Promise<string> => {
    const { ask } = await client.fetchTicker(BTC);
    return idOf(await client.createOrder(BTC, 'limit', 'sell', 0.01, defined(ask, 'ask') + 1, { ...resting, reduceOnly: true }));
  };
  await fillOne('linear', sell);
  expect(await client.fetchPositions()).toEqual([]);
  const trades = await client.fetchMyTrades(BTC);
  expect([amountOf(trades, 'buy'), amountOf(trades, 'sell')]).toEqual([expect.closeTo(0.01, 10), expect.closeTo(0.01, 10)]);
  expect(new Set(trades.map(({ side, takerOrMaker }) => `${side} ${takerOrMaker}`))).toEqual(new Set(['buy taker', 'sell maker']));
  expect((await client.fetchClosedOrders(BTC)).every(({ status }) => status === 'closed')).toBe(true);
  await tap.passed('private execution', 'private execution.fast', 'private wallet');
}

/** On spot coins change hands, less the fee in the coin that was received. */
async function buyAndSell(client: Client, { fillOne }: Seat): Promise<void> {
  const coins = async (): Promise<number> => (await client.fetchBalance())['BTC']?.total ?? 0;
  const before = await coins();
  await client.createOrder(SPOT, 'market', 'buy', 0.01, undefined, { marketUnit: 'baseCoin' });
  expect((await coins()) - before).toBeCloseTo(0.01 * 0.999, 6);
  const sell = async (): Promise<string> => {
    const { ask } = await client.fetchTicker(SPOT);
    return idOf(await client.createOrder(SPOT, 'limit', 'sell', 0.009, defined(ask, 'ask') + 1, resting));
  };
  await fillOne('spot', sell);
  const trades = await client.fetchMyTrades(SPOT);
  expect([amountOf(trades, 'buy'), amountOf(trades, 'sell')]).toEqual([expect.closeTo(0.01, 10), expect.closeTo(0.009, 10)]);
  expect(new Set(trades.map(({ side, fee }) => `${side} ${fee?.currency}`))).toEqual(new Set(['buy BTC', 'sell USDT']));
}

async function beRefused(client: Client): Promise<void> {
  await expect(client.createOrder(BTC, 'limit', 'buy', 0.01, 90_000)).rejects.toThrow('110003');
  await expect(client.cancelOrder('nothing', BTC)).rejects.toThrow(OrderNotFound);
  await expect(client.cancelOrderWs('nothing', BTC)).rejects.toThrow('110001');
  const { ask } = await client.fetchTicker(BTC);
  const crossing = await client.createOrder(BTC, 'limit', 'buy', 0.01, defined(ask, 'ask') + 20, resting);
  const [canceled] = await client.fetchCanceledOrders(BTC, undefined, 1);
  expect(canceled).toMatchObject({ id: crossing.id, status: 'canceled', info: { rejectReason: 'EC_PostOnlyWillTakeLiquidity' } });
}

async function leave(client: Client, { tap }: Seat): Promise<void> {
  const left = client.unWatchOrderBook(BTC, { limit: 50 });
  await tap.passed('linear unsubscribe');
  await left;
}
