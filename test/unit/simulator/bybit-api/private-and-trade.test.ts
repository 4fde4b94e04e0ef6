import { describe, expect, test } from 'vitest';
import { ppm } from '../../../../src/model/units.ts';
import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { testExchange } from '../../../support/exchange/exchange-client.ts';

const ITEM = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '64900',
  timeInForce: 'PostOnly',
};

async function running(options: Parameters<typeof testExchange>[0] = {}) {
  const exchange = testExchange(options);
  exchange.embedded.start();
  await exchange.pass(1000);
  const trade = (op: string, item: object, more: object = {}) => ({
    header: { 'X-BAPI-TIMESTAMP': String(exchange.clock.now()), 'X-BAPI-RECV-WINDOW': '2000' },
    op,
    args: [item],
    ...more,
  });
  return { ...exchange, trade };
}

const rowsOf = (messages: readonly JsonObject[]): JsonObject[] => messages.flatMap(({ data }) => listIn(data).map(objectIn));

describe('the private socket', () => {
  test('tells an account everything about its orders, and nobody else', async () => {
    const { authenticated, post, pass } = await running();
    const socket = await authenticated('/v5/private');
    const other = await authenticated('/v5/private', 1);
    const topics = ['order', 'execution', 'execution.fast', 'position', 'wallet'];
    for (const each of [socket, other]) each.send({ op: 'subscribe', req_id: '1', args: topics });
    await pass(100);
    await post('/v5/order/create', { ...ITEM, orderType: 'Market', timeInForce: 'IOC', qty: '0.02', orderLinkId: 'in' });
    await pass(200);
    expect(rowsOf(socket.of('order')).at(-1)).toMatchObject({
      orderStatus: 'Filled',
      cumExecQty: '0.020',
      category: 'linear',
      orderLinkId: 'in',
    });
    expect(rowsOf(socket.of('execution'))[0]).toMatchObject({ execType: 'Trade', isMaker: false, feeCurrency: 'USDT', feeCoin: 'USDT' });
    expect(rowsOf(socket.of('execution.fast'))[0]).toMatchObject({ orderLinkId: 'in' });
    expect(rowsOf(socket.of('position')).at(-1)).toMatchObject({ side: 'Buy', size: '0.020', category: 'linear' });
    expect(rowsOf(socket.of('position')).at(-1)).toHaveProperty('entryPrice');
    expect(rowsOf(socket.of('wallet')).at(-1)).toMatchObject({ accountType: 'UNIFIED' });
    expect(other.messages.filter(({ topic }) => topic !== undefined)).toEqual([]);
  });

  test('a maker fill has no id of ours on the fast topic', async () => {
    // Without background flow the taker can only meet us.
    const { authenticated, post, pass } = await running({ market: 'none' });
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['execution.fast.linear', 'execution.linear', 'order.linear'] });
    await pass(100);
    await post('/v5/order/create', { ...ITEM, price: '64900', orderLinkId: 'maker' });
    await post('/v5/order/create', { ...ITEM, side: 'Sell', orderType: 'Market', timeInForce: 'IOC', qty: '5' }, 1);
    await pass(200);
    expect(rowsOf(socket.of('execution.fast.linear'))[0]).toMatchObject({ isMaker: true, orderLinkId: '' });
    expect(rowsOf(socket.of('execution.linear'))[0]).toMatchObject({ isMaker: true, orderLinkId: 'maker', feeRate: '0.0002' });
    expect(rowsOf(socket.of('order.linear')).at(-1)).toMatchObject({
      orderStatus: 'Filled',
      closedPnl: expect.stringMatching(/^-0\.1\d+$/),
    });
  });

  test('the account’s fee rates and its executions agree, also on a rebate', async () => {
    const { authenticated, get, post, pass } = await running({ market: 'none', fees: { maker: ppm(-50), taker: ppm(400) } });
    const rates = await get('/v5/account/fee-rate', 'category=linear&symbol=BTCUSDT');
    expect(rates.list).toEqual([{ symbol: 'BTCUSDT', takerFeeRate: '0.0004', makerFeeRate: '-0.00005' }]);
    const [maker, taker] = [await authenticated('/v5/private'), await authenticated('/v5/private', 1)];
    for (const socket of [maker, taker]) socket.send({ op: 'subscribe', args: ['execution.linear'] });
    await pass(100);
    await post('/v5/order/create', { ...ITEM, price: '64900', qty: '0.01', orderLinkId: 'maker' });
    await post('/v5/order/create', { ...ITEM, side: 'Sell', orderType: 'Market', timeInForce: 'IOC', qty: '0.01' }, 1);
    await pass(200);
    expect(rowsOf(maker.of('execution.linear'))).toMatchObject([{ feeRate: '-0.00005', execFee: '-0.03245' }]);
    expect(rowsOf(taker.of('execution.linear'))).toMatchObject([{ feeRate: '0.0004', execFee: '0.2596' }]);
    const [row] = (await get('/v5/execution/list', 'category=linear&orderLinkId=maker')).list;
    expect(row).toMatchObject({ feeRate: '-0.00005', execFee: '-0.03245' });
  });

  test('a position row follows every create, amend and cancel', async () => {
    const { authenticated, post, pass } = await running();
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: ['position'] });
    await pass(100);
    await post('/v5/order/create', { ...ITEM, orderLinkId: 'p' });
    await post('/v5/order/amend', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'p', price: '64800' });
    await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'p' });
    await pass(100);
    expect(rowsOf(socket.of('position'))).toHaveLength(3);
  });

  test('refuses topics before auth, unknown ones and mixed kinds', async () => {
    const { connect, authenticated, pass } = await running();
    const stranger = connect('/v5/private');
    stranger.send({ op: 'subscribe', args: ['order'] });
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', req_id: 'x', args: ['nothing'] });
    socket.send({ op: 'subscribe', args: ['order', 'execution.linear'] });
    socket.send({ op: 'ping', req_id: 'test' });
    await pass(100);
    expect(stranger.messages[0]).toMatchObject({ success: false, op: 'subscribe' });
    const [auth, unknown, mixed, pong] = socket.messages;
    expect(auth).toMatchObject({ success: true, op: 'auth' });
    expect(unknown).toMatchObject({ success: false, req_id: 'x' });
    expect(mixed).toMatchObject({ success: false });
    expect(pong).toMatchObject({ op: 'pong', req_id: 'test' });
  });

  test('a failed auth is answered and ends the connection', async () => {
    const { connect, pass, clock } = await running();
    for (const path of ['/v5/private', '/v5/trade']) {
      const socket = connect(path);
      socket.send({ op: 'auth', args: ['nobody', clock.now() + 10_000, 'ff'] });
      await pass(200);
      expect(socket.messages[0]).toMatchObject({ op: 'auth', retCode: 10003 });
      expect(socket.closedWith).toBeDefined();
    }
  });
});

describe('the trade socket', () => {
  test('places, moves and cancels, echoing ids and showing what is left of the limit', async () => {
    const { authenticated, trade, pass } = await running();
    const socket = await authenticated('/v5/trade');
    socket.send(trade('order.create', { ...ITEM, orderLinkId: 't1' }, { reqId: 'r1' }));
    socket.send(trade('order.amend', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 't1', price: '64800' }, { reqId: 'r2' }));
    socket.send(trade('order.cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 't1' }));
    await pass(500);
    const [, created, amended, canceled] = socket.messages;
    expect(created).toMatchObject({ reqId: 'r1', retCode: 0, op: 'order.create', data: { orderLinkId: 't1' }, retExtInfo: {} });
    expect(objectIn(created?.['header'])).toMatchObject({ 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9' });
    expect(amended).toMatchObject({ reqId: 'r2', retCode: 0, op: 'order.amend' });
    expect(canceled).toMatchObject({ retCode: 0, op: 'order.cancel' });
    expect(canceled).not.toHaveProperty('reqId');
  });

  test('refuses what it should', async () => {
    const { authenticated, connect, trade, pass, clock } = await running();
    const stranger = connect('/v5/trade');
    stranger.send(trade('order.create', ITEM));
    const socket = await authenticated('/v5/trade');
    const late = { header: { 'X-BAPI-TIMESTAMP': String(clock.now() - 9000), 'X-BAPI-RECV-WINDOW': '2000' } };
    socket.send(trade('order.create', ITEM, { reqId: 'same' }));
    socket.send(trade('order.create', ITEM, { reqId: 'same' }));
    socket.send(trade('order.cancel-all', ITEM));
    socket.send(trade('order.create', ITEM, late));
    socket.send(trade('order.create', ITEM, { header: {} }));
    socket.send(trade('order.create', ITEM, { args: [] }));
    socket.send({ op: 'ping' });
    await pass(500);
    expect(stranger.messages.map(({ retCode }) => retCode)).toEqual([10005]);
    expect(socket.messages.map(({ retCode }) => retCode)).toEqual([0, 0, 20006, 10404, 10002, 10001, 10001, 0]);
    expect(socket.messages.at(-1)).toMatchObject({ op: 'pong', retMsg: 'OK' });
  });

  test('batches have parallel lists', async () => {
    const { authenticated, trade, pass } = await running();
    const socket = await authenticated('/v5/trade');
    const { category, ...item } = ITEM;
    socket.send(trade('order.create-batch', { category, request: [item, { ...item, side: '?' }] }, { reqId: 'b' }));
    await pass(500);
    expect(socket.messages.at(-1)).toMatchObject({
      reqId: 'b',
      retCode: 0,
      data: { list: [{ symbol: 'BTCUSDT' }, { orderId: '' }] },
      retExtInfo: { list: [{ code: 0 }, { code: 10001 }] },
    });
  });

  test('a fill can be known before the ack of its order', async () => {
    const slow = { medianMs: 50, sigma: 0, spikeProbability: 0, spikeMs: 0 };
    const quick = { ...slow, medianMs: 1 };
    const { authenticated, trade, pass } = await running({ latency: { entry: quick, ack: slow, privateStream: quick, publicFeed: quick } });
    const stream = await authenticated('/v5/private');
    const socket = await authenticated('/v5/trade');
    stream.send({ op: 'subscribe', args: ['execution'] });
    await pass(100);
    socket.send(trade('order.create', { ...ITEM, orderType: 'Market', timeInForce: 'IOC' }, { reqId: 'r' }));
    await pass(20);
    expect(stream.of('execution').length).toBeGreaterThan(0);
    expect(socket.messages.some(({ reqId }) => reqId === 'r')).toBe(false);
    await pass(100);
    expect(socket.messages.some(({ reqId }) => reqId === 'r')).toBe(true);
  });
});

describe('rate limits', () => {
  test('are shared by HTTP and the trade socket, and answered with 10006 and the time of the reset', async () => {
    const { authenticated, trade, post, pass, embedded } = await running();
    const socket = await authenticated('/v5/trade');
    for (let i = 0; i < 10; i += 1) socket.send(trade('order.create', ITEM));
    await pass(100);
    const refused = await post('/v5/order/create', ITEM);
    expect(refused).toMatchObject({ status: 200, retCode: 10006, body: expect.stringContaining('Too many visits!') });
    expect(refused.headers).toMatchObject({ 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '0' });
    const resetAt = Number(refused.headers['X-Bapi-Limit-Reset-Timestamp']);
    expect(resetAt - Number(refused.json['time'])).toBeGreaterThan(0);
    expect(resetAt - Number(refused.json['time'])).toBeLessThanOrEqual(1000);
    expect((await post('/v5/order/create', ITEM, 1)).retCode).toBe(0);
    expect((await post('/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' })).retCode).toBe(0);
    await pass(1000);
    expect((await post('/v5/order/create', ITEM)).retCode).toBe(0);
    expect(embedded.venue.ledger(0).counts()).toMatchObject({ rateLimited: 1, worstRollingSecond: 11 });
  });

  test('a batch that overruns is accepted in part', async () => {
    const { post } = await running();
    const { category, ...item } = ITEM;
    const reply = await post('/v5/order/create-batch', { category, request: Array.from({ length: 12 }, () => item) });
    const codes = listIn(objectIn(reply.json['retExtInfo'])['list']).map((row) => objectIn(row)['code']);
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 0), 10006, 10006]);
  });

  test('an address that sends too many requests is banned for ten minutes', async () => {
    const { http, pass, clock, embedded } = await running();
    const time = () => http({ method: 'GET', path: '/v5/market/time' });
    const path = '/v5/market/time';
    const send = () => embedded.surface.http({ method: 'GET', path, query: '', headers: {}, body: '', address: 'test' });
    const answers = await clock.run(Promise.all(Array.from({ length: 605 }, send)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(600);
    expect(answers.find(({ status }) => status === 403)?.body).toContain('access too frequent');
    await pass(599_000);
    expect((await time()).status).toBe(403);
    await pass(2000);
    expect((await time()).status).toBe(200);
  });

  test('can be off', async () => {
    const { post } = await running({ limits: 'off' });
    for (let i = 0; i < 30; i += 1) expect((await post('/v5/order/create', ITEM)).retCode).toBe(0);
  });
});
