import { RestClientV5, WebsocketAPIClient, WebsocketClient, type OrderParamsV5, type WsTopic } from 'bybit-api';
import { expect } from 'vitest';
import { at } from '../../../src/util/array.ts';
import type { Category, Seat } from './setting.ts';

const BTC = { category: 'linear', symbol: 'BTCUSDT' } as const;
const SPOT = { category: 'spot', symbol: 'BTCUSDT' } as const;
const USDT = { category: 'linear', settleCoin: 'USDT' } as const;
const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };

interface Clients {
  readonly rest: RestClientV5;
  readonly market: WebsocketClient;
  readonly pairs: WebsocketClient;
  readonly account: WebsocketClient;
  readonly trade: WebsocketAPIClient;
}

/** One object for each endpoint, as its one `wsUrl` asks for; a quicker heartbeat than its 10 s. */
function clientsOf({ keys, server: { restUrl, wsUrl } }: Seat): Clients {
  const account = { key: keys.apiKey, secret: keys.secret };
  const options = (path: string) => ({ ...account, market: 'v5' as const, wsUrl: `${wsUrl}${path}`, pingInterval: 300 });
  return {
    rest: new RestClientV5({ ...account, baseUrl: restUrl, parseAPIRateLimits: true }),
    market: new WebsocketClient(options('/v5/public/linear'), silent),
    pairs: new WebsocketClient(options('/v5/public/spot'), silent),
    account: new WebsocketClient(options('/v5/private'), silent),
    trade: new WebsocketAPIClient({ ...options('/v5/trade'), attachEventListeners: false }, silent),
  };
}

/** The same day as ccxt's, with what bybit-api has and ccxt has not. */
export async function bybitApiDay(seat: Seat): Promise<void> {
  const clients = clientsOf(seat);
  const sockets = [clients.market, clients.pairs, clients.account];
  const broken: unknown[] = [];
  for (const socket of [...sockets, clients.trade.getWSClient()]) socket.on('reconnect', (event) => broken.push(event));
  // The trade socket reports each refusal as an exception.
  for (const socket of sockets) socket.on('exception', (error) => broken.push(error));
  try {
    await readMarket(clients, 'linear');
    await readMarket(clients, 'spot');
    await readAccount(clients);
    await listen(clients, seat);
    await tradeOverRest(clients, 'linear');
    await tradeOverRest(clients, 'spot');
    await tradeOverSocket(clients, 'linear');
    await tradeOverSocket(clients, 'spot');
    await batchesOverSocket(clients);
    await waitForPrices(clients);
    await fillAndClose(clients, seat);
    await buyAndSell(clients, seat);
    await beRefused(clients);
    await seat.tap.passed('linear ping', 'spot ping', 'private pong', 'trade pong', ...HEARD);
    await leave(clients, seat);
    expect(broken).toEqual([]);
  } finally {
    for (const socket of [...sockets, clients.trade.getWSClient()]) socket.closeAll(true);
  }
}

/** A reply that did what was asked. */
const done = <T extends { readonly retCode: number; readonly retMsg: string; readonly result: unknown }>(reply: T): T['result'] => {
  expect({ retCode: reply.retCode, retMsg: reply.retMsg }).toEqual({ retCode: 0, retMsg: expect.any(String) });
  return reply.result;
};

async function readMarket({ rest }: Clients, category: Category): Promise<void> {
  const which = { category, symbol: 'BTCUSDT' };
  done(await rest.getInstrumentsInfo(which));
  done(category === 'spot' ? await rest.getTickers(SPOT) : await rest.getTickers(BTC));
  expect(done(await rest.getOrderbook({ ...which, limit: 50 })).b).toHaveLength(50);
  expect(done(await rest.getKline({ ...which, interval: '1' })).list.length).toBeGreaterThan(0);
  done(await rest.getPublicTradingHistory(which));
  done(await rest.getOrderPriceLimit(which));
  expect(done(await rest.getFeeRate(which)).list).toMatchObject([{ symbol: 'BTCUSDT' }]);
}

async function readAccount({ rest }: Clients): Promise<void> {
  // It tells whole seconds.
  const askedAt = Math.floor(Date.now() / 1000);
  const time = await rest.fetchServerTime();
  expect([askedAt <= time, time <= Date.now() / 1000]).toEqual([true, true]);
  done(await rest.getServerTime());
  expect(done(await rest.getInstrumentsInfo({ category: 'linear', limit: 1 })).nextPageCursor).not.toBe('');
  done(await rest.getFundingRateHistory(BTC));
  expect(done(await rest.getQueryApiKey())).toMatchObject({ uta: 1, readOnly: 0 });
  expect(done(await rest.getAccountInfo())).toMatchObject({ unifiedMarginStatus: 6 });
  expect(done(await rest.getWalletBalance({ accountType: 'UNIFIED', coin: 'USDT' })).list).toHaveLength(1);
  expect(done(await rest.getPositionInfo(BTC)).list).toMatchObject([{ symbol: 'BTCUSDT', side: '', size: '0' }]);
  done(await rest.setLeverage({ ...BTC, buyLeverage: '5', sellLeverage: '5' }));
  expect(await rest.switchPositionMode({ ...BTC, mode: 0 })).toMatchObject({ retCode: 110025 });
  done(await rest.getLimitPriceAction());
  done(await rest.setLimitPriceAction({ category: 'linear', modifyEnable: false }));
  expect((await rest.setDisconnectCancelAllWindowV2({ product: 'DERIVATIVES', timeWindow: 40 })).retCode).toBe(0);
  expect(done(await rest.getDCPInfo()).dcpInfos).toEqual([{ product: 'DERIVATIVES', dcpStatus: 'ON', timeWindow: '40' }]);
  done(await rest.getCoinInfo());
  done(await rest.preCheckOrder({ ...limit('linear', '64900.00', 'api-check') }));
}

const PUBLIC = ['orderbook.1', 'orderbook.50', 'orderbook.200', 'orderbook.1000', 'tickers', 'publicTrade', 'kline.1', 'priceLimit'];
const ALL_IN_ONE = ['order', 'execution', 'execution.fast', 'position', 'wallet'];
const CATEGORISED = [
  'order.linear',
  'execution.linear',
  'execution.fast.linear',
  'position.linear',
  'order.spot',
  'execution.spot',
  'execution.fast.spot',
];
const HEARD = [
  ...['linear', 'spot'].flatMap((product) => PUBLIC.map((topic) => `${product} ${topic}`)),
  ...[...ALL_IN_ONE, ...CATEGORISED].map((topic) => `private ${topic}`),
];

async function listen({ market, pairs, account }: Clients, { tap }: Seat): Promise<void> {
  const topics = PUBLIC.map((topic) => `${topic}.BTCUSDT`);
  void market.subscribeV5([...topics, 'allLiquidation.BTCUSDT'], 'linear');
  void pairs.subscribeV5(topics, 'spot');
  const privately = (names: readonly string[]) => account.subscribeV5([...names] satisfies WsTopic[], 'linear', true);
  void privately(ALL_IN_ONE);
  await tap.passed('private subscribe', 'linear subscribe', 'spot subscribe');
  // Categorised topics need a request of their own.
  for (const [i, names] of [CATEGORISED, ['dcp.future']].entries()) {
    void privately(names);
    while ((tap.tallies.get('private subscribe')?.passed ?? 0) < i + 2) await tap.next();
  }
}

const limit = (category: Category, price: string, orderLinkId: string, qty = '0.01'): OrderParamsV5 & { readonly price: string } => ({
  category,
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty,
  price,
  timeInForce: 'PostOnly',
  orderLinkId,
});

async function best(rest: RestClientV5, category: Category): Promise<{ readonly bid: number; readonly ask: number }> {
  const list = category === 'spot' ? done(await rest.getTickers(SPOT)).list : done(await rest.getTickers(BTC)).list;
  const { bid1Price, ask1Price } = at<{ readonly bid1Price: string; readonly ask1Price: string }>(list, 0);
  return { bid: Number(bid1Price), ask: Number(ask1Price) };
}

const farBid = async (rest: RestClientV5, category: Category, offset = 0): Promise<string> =>
  String(Math.round((await best(rest, category)).bid * 0.996) - offset);

async function tradeOverRest({ rest }: Clients, category: Category): Promise<void> {
  const which = { category, symbol: 'BTCUSDT' };
  const open = async (): Promise<string[]> => done(await rest.getActiveOrders(which)).list.map(({ orderLinkId }) => orderLinkId);
  const link = `api-rest-${category}`;
  const placed = await rest.submitOrder(limit(category, await farBid(rest, category), link));
  const { orderId } = done(placed);
  expect(placed.rateLimitApi).toMatchObject({ maxRequests: 600, remainingRequests: 599 });
  done(await rest.amendOrder({ ...which, orderId, qty: '0.02', price: await farBid(rest, category, 10) }));
  const [amended] = done(await rest.getActiveOrders({ ...which, orderId })).list;
  expect({ ...amended, qty: Number(amended?.qty) }).toMatchObject({ orderId, qty: 0.02, orderStatus: 'New' });
  done(await rest.cancelOrder({ ...which, orderLinkId: link }));
  expect(done(await rest.getHistoricOrders(which)).list).toMatchObject([{ orderId, orderStatus: 'Cancelled', cancelType: 'CancelByUser' }]);
  const links = [1, 2, 3].map((i) => `api-batch-${category}-${i}`);
  const price = await farBid(rest, category, 20);
  const batch = done(
    await rest.batchSubmitOrders(
      category,
      links.map((each) => limit(category, price, each)),
    ),
  ).list;
  const ids = batch.map((each) => each.orderId);
  done(
    await rest.batchAmendOrders(
      category,
      ids.map((each) => ({ symbol: 'BTCUSDT', orderId: each, qty: '0.011' })),
    ),
  );
  expect(await pages(rest, category)).toEqual(links.toReversed());
  done(await rest.batchCancelOrders(category, [{ symbol: 'BTCUSDT', orderId: at(ids, 0) }]));
  expect(done(await rest.cancelAllOrders(category === 'spot' ? SPOT : USDT)).list).toHaveLength(2);
  expect(await open()).toEqual([]);
}

/** All open orders, one a page: its cursors come back encoded once more. */
async function pages(rest: RestClientV5, category: Category): Promise<string[]> {
  const found: string[] = [];
  const turn = async (cursor?: string): Promise<void> => {
    const which = { category, symbol: 'BTCUSDT', limit: 1 };
    const page = done(await rest.getActiveOrders({ ...which, ...(cursor === undefined ? {} : { cursor }) }));
    found.push(...page.list.map(({ orderLinkId }) => orderLinkId));
    if (page.nextPageCursor !== '') await turn(page.nextPageCursor);
  };
  await turn();
  return found;
}

async function tradeOverSocket({ rest, trade }: Clients, category: Category): Promise<void> {
  const which = { category, symbol: 'BTCUSDT' };
  const link = `api-ws-${category}`;
  const placed = await trade.submitNewOrder(limit(category, await farBid(rest, category), link));
  expect(placed).toMatchObject({ retCode: 0, op: 'order.create', data: { orderLinkId: link } });
  const { orderId } = placed.data;
  expect(await trade.amendOrder({ ...which, orderId, qty: '0.02' })).toMatchObject({ retCode: 0, data: { orderId } });
  expect(await trade.cancelOrder({ ...which, orderId })).toMatchObject({ retCode: 0, data: { orderId } });
}

async function batchesOverSocket({ rest, trade }: Clients): Promise<void> {
  const price = await farBid(rest, 'linear', 30);
  const orders = [limit('linear', price, 'api-ws-2'), limit('linear', price, 'api-ws-3'), limit('linear', price, 'api-ws-3')];
  const batch = await trade.batchSubmitOrders('linear', orders);
  expect(batch.retExtInfo.list).toMatchObject([{ code: 0 }, { code: 0 }, { code: 110072 }]);
  const ids = batch.data.list.map((each) => each.orderId).filter((each) => each !== '');
  expect(ids).toHaveLength(2);
  await trade.batchAmendOrder(
    'linear',
    ids.map((each) => ({ symbol: 'BTCUSDT', orderId: each, qty: '0.011' })),
  );
  const canceled = await trade.batchCancelOrder(
    'linear',
    ids.map((each) => ({ symbol: 'BTCUSDT', orderId: each })),
  );
  expect(canceled.retExtInfo.list).toEqual([
    { code: 0, msg: 'OK' },
    { code: 0, msg: 'OK' },
  ]);
  expect(done(await rest.getActiveOrders(USDT)).list).toEqual([]);
}

/** A conditional order rests outside the book, under a filter of its own. */
async function waitForPrices({ rest }: Clients): Promise<void> {
  const { bid } = await best(rest, 'linear');
  const triggerPrice = `${Math.round(bid * 0.99)}.00`;
  const { side, ...order } = limit('linear', `${Math.round(bid * 0.995)}.00`, 'api-stop');
  const stop = { ...order, side, timeInForce: 'GTC', triggerPrice, triggerDirection: 2, triggerBy: 'MarkPrice' } as const;
  const { orderId } = done(await rest.submitOrder(stop));
  const waiting = done(await rest.getActiveOrders({ ...USDT, orderFilter: 'StopOrder' })).list;
  expect(waiting).toMatchObject([{ orderId, orderStatus: 'Untriggered', triggerPrice, triggerBy: 'MarkPrice', stopOrderType: 'Stop' }]);
  done(await rest.cancelOrder({ ...BTC, orderId }));
  expect(done(await rest.getHistoricOrders({ ...BTC, orderId })).list).toMatchObject([{ orderId, orderStatus: 'Deactivated' }]);
}

/** Buys as a taker, sells as a maker. */
async function fillAndClose({ rest }: Clients, { fillOne, tap }: Seat): Promise<void> {
  done(await rest.submitOrder({ ...BTC, side: 'Buy', orderType: 'Market', qty: '0.01' }));
  expect(done(await rest.getPositionInfo(USDT)).list).toMatchObject([{ side: 'Buy', size: '0.010' }]);
  const stopLoss = String(Math.round((await best(rest, 'linear')).bid * 0.99));
  done(await rest.setTradingStop({ ...BTC, positionIdx: 0, tpslMode: 'Full', stopLoss }));
  const orderId = await fillOne('linear', async (attempt) => {
    const price = ((await best(rest, 'linear')).ask + 1).toFixed(1);
    const order = { ...limit('linear', price, `api-close-${attempt}`), side: 'Sell', reduceOnly: true } as const;
    return done(await rest.submitOrder(order)).orderId;
  });
  expect(done(await rest.getPositionInfo(USDT)).list).toEqual([]);
  const executions = done(await rest.getExecutionList({ ...BTC, orderId })).list;
  expect(executions.every(({ isMaker, orderLinkId }) => isMaker && orderLinkId.startsWith('api-close-'))).toBe(true);
  await tap.passed('private execution', 'private execution.fast', 'private wallet');
}

/** Spends quote coins at the market, and sells what it got as a maker. */
async function buyAndSell({ rest }: Clients, { fillOne }: Seat): Promise<void> {
  const market = { ...SPOT, side: 'Buy', orderType: 'Market' } as const;
  const bought = done(await rest.submitOrder({ ...market, qty: '650', marketUnit: 'quoteCoin' }));
  const [execution] = done(await rest.getExecutionList({ ...SPOT, orderId: bought.orderId })).list;
  expect(execution).toMatchObject({ side: 'Buy', isMaker: false, feeCurrency: 'BTC' });
  const orderId = await fillOne('spot', async (attempt) => {
    const price = ((await best(rest, 'spot')).ask + 1).toFixed(1);
    return done(await rest.submitOrder({ ...limit('spot', price, `api-sell-${attempt}`, '0.009'), side: 'Sell' })).orderId;
  });
  const fills = done(await rest.getExecutionList({ ...SPOT, orderId })).list;
  expect(fills.every(({ isMaker, feeCurrency }) => isMaker && feeCurrency === 'USDT')).toBe(true);
  expect(done(await rest.getHistoricOrders({ ...SPOT, orderId })).list).toMatchObject([{ orderStatus: 'Filled' }]);
  expect(
    done(await rest.getWalletBalance({ accountType: 'UNIFIED' }))
      .list[0]?.coin.map(({ coin }) => coin)
      .sort(),
  ).toEqual(['BTC', 'USDT']);
}

async function beRefused({ rest, trade }: Clients): Promise<void> {
  expect(await rest.submitOrder(limit('linear', '90000', 'api-far'))).toMatchObject({ retCode: 110003, result: {} });
  expect(await rest.cancelOrder({ ...BTC, orderId: 'nothing' })).toMatchObject({ retCode: 110001, result: {} });
  expect(await rest.cancelOrder({ ...SPOT, orderId: 'nothing' })).toMatchObject({ retCode: 170213, result: {} });
  const again = (category: Category) => limit(category, '64900', `api-rest-${category}`);
  expect(await rest.submitOrder(again('linear'))).toMatchObject({ retCode: 110072 });
  expect(await rest.submitOrder(again('spot'))).toMatchObject({ retCode: 170141 });
  await expect(trade.cancelOrder({ ...BTC, orderId: 'nothing' })).rejects.toMatchObject({ retCode: 110001 });
}

async function leave({ market, pairs, account }: Clients, { tap }: Seat): Promise<void> {
  void market.unsubscribeV5('tickers.BTCUSDT', 'linear');
  void pairs.unsubscribeV5('tickers.BTCUSDT', 'spot');
  void account.unsubscribeV5('wallet', 'linear', true);
  await tap.passed('linear unsubscribe', 'spot unsubscribe', 'private unsubscribe');
}
