import { describe, expect, test } from 'vitest';
import { listIn } from '../../../../src/util/json.ts';
import { START, testExchange, type TestExchange } from '../../../support/exchange/exchange-client.ts';

const ORDER = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '64900',
  timeInForce: 'PostOnly',
};

const HOUR_MS = 3_600_000;

async function running(options: Parameters<typeof testExchange>[0] = {}): Promise<TestExchange> {
  const exchange = testExchange(options);
  exchange.embedded.start();
  await exchange.pass(1000);
  return exchange;
}

describe('the envelope', () => {
  test('carries time, limit headers and ids on every reply', async () => {
    const { clock, get, http } = await running();
    const time = await http({ method: 'GET', path: '/v5/market/time' });
    expect(time.json).toMatchObject({ retCode: 0, retMsg: 'OK', retExtInfo: {} });
    expect(time.json['time']).toBeGreaterThan(START);
    expect(time.json['time']).toBeLessThanOrEqual(clock.now());
    const info = await get('/v5/account/info');
    expect(info.headers).toMatchObject({ 'X-Bapi-Limit': '50', 'X-Bapi-Limit-Status': '49' });
    for (const { headers } of [time, info]) {
      expect(Object.keys(headers)).toEqual(expect.arrayContaining(['X-Bapi-Limit-Reset-Timestamp', 'Traceid', 'Timenow']));
    }
  });

  test('unknown paths and wrong methods are 404 with 10017', async () => {
    const { http } = await running();
    for (const [method, path] of [
      ['GET', '/v5/nothing'],
      ['POST', '/v5/market/time'],
      ['GET', '/v5/order/create'],
      ['GET', '/toString'],
      ['GET', 'toString'],
    ] as const) {
      expect(await http({ method, path })).toMatchObject({ status: 404, retCode: 10017 });
    }
  });

  test('a GET with a body is shut out with 403', async () => {
    const { http } = await running();
    expect(await http({ method: 'GET', path: '/v5/market/time', body: '{}' })).toMatchObject({ status: 403 });
  });

  test('bodies that are not JSON objects are parameter errors', async () => {
    const { post } = await running();
    for (const body of ['', '{', '[]', '1', 'null', '"x"']) expect((await post('/v5/order/create', body)).retCode).toBe(10001);
  });

  test('unsigned, stale and badly signed requests change nothing', async () => {
    const { http, signedHeaders, clock, embedded } = await running();
    const body = JSON.stringify(ORDER);
    const path = '/v5/order/create';
    const send = (headers: Record<string, string>) => http({ method: 'POST', path, body, headers });
    expect((await send({})).retCode).toBe(10001);
    expect((await send({ ...signedHeaders(body), 'x-bapi-api-key': 'nobody' })).retCode).toBe(10003);
    expect((await send(signedHeaders(`${body} `))).retCode).toBe(10004);
    expect((await send(signedHeaders(body, 0, clock.now() - 6000))).retCode).toBe(10002);
    expect((await send(signedHeaders(body, 0, clock.now() + 60_000))).retCode).toBe(10002);
    expect(embedded.venue.ledger(0).counts()).toMatchObject({ created: 0, rejected: 0 });
  });
});

describe('orders', () => {
  test('rest, move and go, and the queries say so', async () => {
    const { post, get } = await running();
    const created = await post('/v5/order/create', { ...ORDER, orderLinkId: 'mm-1', unknownField: { a: 1 } });
    expect(created.json).toMatchObject({ retCode: 0, result: { orderLinkId: 'mm-1' } });
    const open = await get('/v5/order/realtime', 'category=linear&symbol=BTCUSDT');
    expect(open.list).toHaveLength(1);
    expect(open.list[0]).toMatchObject({
      orderId: created.result['orderId'],
      orderLinkId: 'mm-1',
      price: '64900.00',
      qty: '0.010',
      leavesQty: '0.010',
      leavesValue: '649',
      orderStatus: 'New',
      timeInForce: 'PostOnly',
      tpslMode: '',
      cumFeeDetail: {},
    });
    await post('/v5/order/amend', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mm-1', price: '64800.1', qty: '0.020' });
    const moved = await get('/v5/order/realtime', 'category=linear&settleCoin=USDT&orderLinkId=mm-1');
    expect(moved.list[0]).toMatchObject({ price: '64800.10', qty: '0.020', orderId: created.result['orderId'] });
    expect((await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mm-1' })).retCode).toBe(0);
    expect((await get('/v5/order/realtime', 'category=linear&symbol=BTCUSDT')).list).toEqual([]);
    const history = await get('/v5/order/history', 'category=linear&orderLinkId=mm-1');
    expect(history.list[0]).toMatchObject({ orderStatus: 'Cancelled', cancelType: 'CancelByUser', leavesQty: '0.000' });
    expect((await get('/v5/order/realtime', 'category=linear&symbol=BTCUSDT&openOnly=1')).list).toHaveLength(1);
  });

  test('leaves the history a day after it was canceled', async () => {
    const { post, get, pass } = testExchange();
    expect((await post('/v5/order/create', { ...ORDER, orderLinkId: 'mm-1' })).retCode).toBe(0);
    await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mm-1' });
    const ids = async (): Promise<number> => (await get('/v5/order/history', 'category=linear&orderLinkId=mm-1')).list.length;
    await pass(23 * HOUR_MS);
    expect(await ids()).toBe(1);
    await pass(2 * HOUR_MS);
    expect(await ids()).toBe(0);
  });

  test('a post-only order that would cross is acknowledged and then canceled', async () => {
    const { post, get } = await running();
    expect((await post('/v5/order/create', { ...ORDER, price: '65400', orderLinkId: 'x' })).retCode).toBe(0);
    const [row] = (await get('/v5/order/history', 'category=linear&orderLinkId=x')).list;
    expect(row).toMatchObject({
      orderStatus: 'Cancelled',
      rejectReason: 'EC_PostOnlyWillTakeLiquidity',
      cancelType: 'UNKNOWN',
      avgPrice: '0',
    });
  });

  test.each([
    [{ side: 'buy' }, 10001],
    [{ orderType: 'Stop' }, 10001],
    [{ symbol: 'NOPEUSDT' }, 10001],
    [{ category: 'spot' }, 10001],
    [{ category: undefined }, 10001],
    [{ qty: '0.0004' }, 110017],
    [{ qty: '0.0105' }, 10001],
    [{ qty: '-1' }, 10001],
    [{ qty: '1e-2' }, 10001],
    [{ price: '64900.05' }, 10001],
    [{ price: '' }, 10001],
    [{ price: '70000', timeInForce: 'GTC' }, 110003],
    [{ qty: '0.001', price: '0.1' }, 110094],
    [{ timeInForce: 'RPI' }, 110119],
    [{ timeInForce: 'GTD' }, 10001],
    [{ triggerPrice: '60000' }, 10001],
    [{ positionIdx: 1 }, 10001],
    [{ smpType: 'CancelOther' }, 10001],
    [{ tpslMode: 'Partial', takeProfit: '70000' }, 10001],
    [{ takeProfit: '60000' }, 10001],
    [{ stopLoss: '70000' }, 10001],
    [{ slippageToleranceType: 'TickSize', slippageTolerance: '5' }, 10001],
    [{ orderType: 'Market', timeInForce: 'IOC', slippageToleranceType: 'TickSize', slippageTolerance: '10001' }, 10001],
    [{ orderType: 'Market', timeInForce: 'IOC', slippageToleranceType: 'Percent', slippageTolerance: '0.001' }, 10001],
    [{ bboSideType: 'Queue', bboLevel: 6 }, 10001],
    [{ triggerPrice: '60000', triggerDirection: 1 }, 110092],
    [{ triggerPrice: '70000', triggerDirection: 2 }, 110093],
    [{ triggerPrice: '70000', triggerDirection: 1, triggerBy: 'Moon' }, 10001],
    [{ orderLinkId: 'x'.repeat(37) }, 10001],
    [{ orderLinkId: 'with blank' }, 10001],
  ])('%j is refused with %i', async (change, code) => {
    const { post, embedded } = await running();
    await post('/v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false });
    expect((await post('/v5/order/create', { ...ORDER, ...change })).retCode).toBe(code);
    expect(embedded.venue.openOrders(0)).toEqual([]);
  });

  test('an id of ours is used once', async () => {
    const { post } = await running();
    await post('/v5/order/create', { ...ORDER, orderLinkId: 'once' });
    expect((await post('/v5/order/create', { ...ORDER, orderLinkId: 'once' })).retCode).toBe(110072);
  });

  test('what is gone cannot be canceled', async () => {
    const { post } = await running();
    const gone = { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'never' };
    expect((await post('/v5/order/cancel', gone)).retCode).toBe(110001);
    expect((await post('/v5/order/amend', { ...gone, price: '1' })).retCode).toBe(110001);
    expect((await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT' })).retCode).toBe(10001);
  });

  test('accounts do not see each other', async () => {
    const { post, get } = await running();
    await post('/v5/order/create', { ...ORDER, orderLinkId: 'a' });
    expect((await get('/v5/order/realtime', 'category=linear&settleCoin=USDT', 1)).list).toEqual([]);
    expect((await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'a' }, 1)).retCode).toBe(110001);
  });

  test('cancel-all needs a scope, keeps to it, and leaves other kinds alone', async () => {
    const { post, get } = await running();
    await post('/v5/order/create', ORDER);
    await post('/v5/order/create', { ...ORDER, symbol: 'ETHUSDT', qty: '1', price: '1890' });
    expect((await post('/v5/order/cancel-all', { category: 'linear' })).retCode).toBe(10001);
    expect((await post('/v5/order/cancel-all', { category: 'linear', settleCoin: 'USDC' })).list).toEqual([]);
    expect((await post('/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT', orderFilter: 'StopOrder' })).list).toEqual([]);
    const one = await post('/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' });
    expect(one.list).toHaveLength(1);
    expect(one.result['success']).toBe('1');
    expect((await post('/v5/order/cancel-all', { category: 'linear', settleCoin: 'USDT' })).list).toHaveLength(1);
    expect((await post('/v5/order/cancel-all', { category: 'spot' })).json).toMatchObject({
      retCode: 0,
      result: { list: [], success: '1' },
    });
    expect((await get('/v5/order/realtime', 'category=linear&settleCoin=USDT')).list).toEqual([]);
  });

  test('batches succeed and fail item by item', async () => {
    const { post } = await running();
    const { category: _, ...order } = ORDER;
    const request = [
      { ...order, orderLinkId: 'b1' },
      { ...order, qty: '0.0001', orderLinkId: 'b2' },
    ];
    const created = await post('/v5/order/create-batch', { category: 'linear', request });
    expect(created.json).toMatchObject({
      retCode: 0,
      result: {
        list: [
          { orderLinkId: 'b1', symbol: 'BTCUSDT' },
          { orderId: '', createAt: '', orderLinkId: 'b2' },
        ],
      },
      retExtInfo: { list: [{ code: 0, msg: 'OK' }, { code: 110017 }] },
    });
    const canceled = await post('/v5/order/cancel-batch', {
      category: 'linear',
      request: [
        { symbol: 'BTCUSDT', orderLinkId: 'b1' },
        { symbol: 'BTCUSDT', orderLinkId: 'b2' },
      ],
    });
    expect(canceled.json).toMatchObject({ retCode: 0, retExtInfo: { list: [{ code: 0 }, { code: 110001 }] } });
    expect((await post('/v5/order/create-batch', { category: 'linear', request: [] })).retCode).toBe(10001);
    const many = Array.from({ length: 21 }, () => order);
    expect((await post('/v5/order/create-batch', { category: 'linear', request: many })).retCode).toBe(10001);
  });
});

describe('pages', () => {
  test('follow each other by opaque cursors, encoded once or twice, until there is none', async () => {
    const { post, get } = await running({ limits: 'off' });
    for (let i = 0; i < 7; i += 1) await post('/v5/order/create', { ...ORDER, orderLinkId: `p${i}` });
    for (const encode of [(cursor: string) => cursor, encodeURIComponent]) {
      const seen: unknown[] = [];
      let cursor = '';
      do {
        const page = await get('/v5/order/realtime', `category=linear&symbol=BTCUSDT&limit=3&cursor=${encode(cursor)}`);
        seen.push(...page.list.map((row) => row['orderLinkId']));
        cursor = String(page.result['nextPageCursor']);
      } while (cursor !== '');
      expect(seen).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
    }
  });

  test('no row is skipped when the row of the cursor is removed', async () => {
    const { post, get } = await running({ limits: 'off' });
    for (let i = 0; i < 5; i += 1) await post('/v5/order/create', { ...ORDER, orderLinkId: `p${i}` });
    const first = await get('/v5/order/realtime', 'category=linear&symbol=BTCUSDT&limit=2');
    await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'p3' });
    const cursor = String(first.result['nextPageCursor']);
    const second = await get('/v5/order/realtime', `category=linear&symbol=BTCUSDT&limit=50&cursor=${cursor}`);
    expect(second.list.map((row) => row['orderLinkId'])).toEqual(['p2', 'p1', 'p0']);
  });

  test('a limit outside its range is refused', async () => {
    const { get } = await running();
    for (const limit of ['0', '51', 'x', '1.5']) {
      expect((await get('/v5/order/realtime', `category=linear&symbol=BTCUSDT&limit=${limit}`)).retCode).toBe(10001);
    }
  });
});

describe('fills', () => {
  test('show in executions, position, wallet and fees, exactly', async () => {
    const { post, get } = await running();
    const bought = { ...ORDER, orderType: 'Market', timeInForce: 'IOC', price: undefined, qty: '0.01', orderLinkId: 'taker' };
    expect((await post('/v5/order/create', bought)).retCode).toBe(0);
    const executions = (await get('/v5/execution/list', 'category=linear&orderLinkId=taker')).list;
    expect(executions[0]).toMatchObject({ side: 'Buy', execType: 'Trade', isMaker: false, feeRate: '0.00055', feeCurrency: 'USDT' });
    const [position] = (await get('/v5/position/list', 'category=linear&settleCoin=USDT')).list;
    expect(position).toMatchObject({ symbol: 'BTCUSDT', side: 'Buy', size: '0.010', positionIdx: 0, tpslMode: 'Full' });
    const [flat] = (await get('/v5/position/list', 'category=linear&symbol=ETHUSDT')).list;
    expect(flat).toMatchObject({ symbol: 'ETHUSDT', side: '', size: '0' });
    const [wallet] = (await get('/v5/account/wallet-balance', 'accountType=UNIFIED')).list;
    const paid = executions.reduce((sum, row) => sum + Number(row['execFee']), 0);
    expect(Number(wallet?.['totalWalletBalance'])).toBeCloseTo(100_000 - paid, 8);
    const rates = await get('/v5/account/fee-rate', 'category=linear&symbol=BTCUSDT');
    expect(rates.list).toEqual([{ symbol: 'BTCUSDT', takerFeeRate: '0.00055', makerFeeRate: '0.0002' }]);
  });

  test('the wallet lists the coins that were asked for', async () => {
    const { get } = await running();
    const coins = async (coin: string) =>
      listIn((await get('/v5/account/wallet-balance', `accountType=UNIFIED&coin=${coin}`)).list[0]?.['coin']);
    expect(await coins('USDT')).toHaveLength(1);
    expect(await coins('USDC,USDT')).toHaveLength(1);
    expect(await coins('USDC')).toEqual([]);
  });

  test('prices outside the limits are changed until the account has them refused, and the setting shows that', async () => {
    const { get, post } = await running();
    const setting = { category: 'inverse', modifyEnable: false };
    const far = { ...ORDER, price: '70000', timeInForce: 'IOC', qty: '0.001' };
    expect((await get('/v5/account/user-setting-config')).result).toEqual({ lpaSpot: false, lpaPerp: false, smsef: false, fmsef: false });
    expect((await post('/v5/order/create', far)).retCode).toBe(0);
    expect((await post('/v5/account/set-limit-px-action', setting)).json).toMatchObject({ retCode: 0, result: {} });
    expect((await get('/v5/account/user-setting-config')).result).toMatchObject({ lpaPerp: true });
    expect((await post('/v5/order/create', far)).retCode).toBe(110003);
    expect((await post('/v5/account/set-limit-px-action', { ...setting, category: 'moon' })).retCode).toBe(10001);
    expect((await post('/v5/account/set-limit-px-action', { category: 'linear' })).retCode).toBe(10001);
  });

  test('leverage and mode answer as Bybit does', async () => {
    const { post } = await running();
    const leverage = { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '7', sellLeverage: '7' };
    expect((await post('/v5/position/set-leverage', leverage)).retCode).toBe(0);
    expect((await post('/v5/position/set-leverage', leverage)).retCode).toBe(110043);
    expect((await post('/v5/position/set-leverage', { ...leverage, buyLeverage: '8' })).retCode).toBe(10001);
    expect((await post('/v5/position/switch-mode', { category: 'linear', symbol: 'BTCUSDT', mode: 0 })).retCode).toBe(110025);
  });
});
