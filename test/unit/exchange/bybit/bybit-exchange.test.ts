import { describe, expect, it } from 'vitest';
import { createBybitExchange } from '../../../../src/exchange/bybit/bybit-exchange.ts';
import type { ExchangeError } from '../../../../src/exchange/errors.ts';
import type { ExchangeEvent } from '../../../../src/exchange/exchange.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { listIn, objectIn } from '../../../../src/util/json.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { approved } from '../../../support/builders/approved.ts';
import { newOrder } from '../../../support/builders/builders.ts';
import { fixtureJson } from '../../../support/bybit/fixtures.ts';
import { answer, scriptedWire, type Script, type ScriptedSocket } from '../../../support/bybit/scripted-wire.ts';

const START = 1_700_000_000_000;
const BTC_ROW = listIn(objectIn(fixtureJson('bybit-capture/instruments_info_linear_10.json')['result'])['list'])
  .map(objectIn)
  .find((row) => row['symbol'] === 'BTCUSDT');

/** A server that accepts every login and never replies on the trade socket. */
function exchange(answers: Readonly<Record<string, () => ReturnType<Script>>> = {}, onSocket = welcome) {
  const clock = new VirtualClock(START);
  const wire = scriptedWire(
    () => clock.monotonic(),
    ({ url }) => {
      const path = new URL(url).pathname.slice(4);
      const script = answers[path];
      if (script !== undefined) return script();
      if (path === 'market/time') return answer({}, { time: clock.now() });
      if (path === 'market/instruments-info') return answer({ list: [BTC_ROW] });
      return answer({ orderId: 'over-http', orderLinkId: 'l' });
    },
    (socket) => {
      clock.schedule(1, () => onSocket(socket, clock));
    },
  );
  const sut = createBybitExchange({
    wire,
    clock,
    random: seededRandom('exchange'),
    credentials: { apiKey: 'testkey', secret: 'testsecret' },
    restUrl: 'http://x',
    wsUrl: 'ws://x',
    recvWindowMs: 2000,
    requestTimeoutMs: 3000,
  });
  const events: ExchangeEvent[] = [];
  const connect = async (): Promise<void> => {
    await sut.instruments(['BTCUSDT']);
    await clock.run(sut.connect(['BTCUSDT'], (event) => events.push(event)));
  };
  const posts = (): string[] => wire.requests.flatMap(({ method, url }) => (method === 'POST' ? [new URL(url).pathname] : []));
  return { sut, clock, wire, events, connect, posts, pass: (ms: number) => clock.run(sleep(clock, ms)) };
}

function welcome(socket: ScriptedSocket, clock: VirtualClock): void {
  socket.open();
  if (!socket.url.endsWith('/public/linear')) socket.say({ op: 'auth', success: true, retCode: 0 });
  clock.schedule(1, () => socket.say({ op: 'subscribe', success: true }));
}

function unwelcome(socket: ScriptedSocket): void {
  socket.drop('ECONNREFUSED');
}

describe('the exchange', () => {
  it('knows only the instruments that it has read', async () => {
    const { sut } = exchange();
    await expect(sut.place(approved(newOrder()))).rejects.toThrow('instrument BTCUSDT is missing');
  });

  it.each([
    [110028, false],
    [10005, false],
    [100028, false],
    [10003, 'auth'],
    [987_654, 'unavailable'],
  ])('does without a setting that the account may not have: %i', async (retCode, outcome) => {
    const { sut, clock } = exchange({ 'account/set-limit-px-action': () => answer({}, { retCode }) });
    const asked = clock.run(sut.prepareAccount()).catch((error: ExchangeError) => error.kind);
    expect(await asked).toBe(outcome);
  });

  it('sends orders over HTTP while there is no trade socket', async () => {
    const { sut, posts, wire } = exchange();
    await sut.instruments(['BTCUSDT']);
    await expect(sut.place(approved(newOrder()))).resolves.toEqual({ exchangeOrderId: 'over-http', clientOrderId: 'l' });
    await sut.cancel({ symbol: 'BTCUSDT', clientOrderId: 'l' });
    expect(posts()).toEqual(['/v5/order/create', '/v5/order/cancel']);
    expect(wire.sockets).toEqual([]);
  });

  it('sends orders over the trade socket when it is up', async () => {
    const { sut, connect, posts, wire } = exchange();
    await connect();
    const request = sut.place(approved(newOrder()));
    const socket = wire.socket('/v5/trade');
    const sent = socket.sent.at(-1);
    socket.say({ reqId: sent?.['reqId'], op: 'order.create', retCode: 0, data: { orderId: 'over-socket', orderLinkId: 'l' } });
    await expect(request).resolves.toMatchObject({ exchangeOrderId: 'over-socket' });
    expect(posts()).toEqual([]);
    await sut.close();
  });

  it.each([
    ['lot', { lotSizeFilter: { ...objectIn(BTC_ROW?.['lotSizeFilter']), qtyStep: '0.010', minOrderQty: '0.010' } }],
    ['tick', { priceFilter: { ...objectIn(BTC_ROW?.['priceFilter']), tickSize: '0.50' } }],
  ])('never sends an order with another %s than it was approved with', async (_, change) => {
    let row: object = { ...BTC_ROW };
    const { sut, connect, posts, wire, pass } = exchange({ 'market/instruments-info': () => answer({ list: [row] }) });
    await connect();
    row = { ...BTC_ROW, ...change };
    await sut.instruments(['BTCUSDT']);
    const dropped = { kind: 'rejected', outcome: 'not-applied', unsent: 'grid_changed' };
    const terms = { symbol: 'BTCUSDT', clientOrderId: 'mm-1', price: ticks(600_000), quantity: lots(6) };
    await expect(sut.place(approved(newOrder({ quantity: lots(6) })))).rejects.toMatchObject(dropped);
    await expect(sut.amend(approved(terms))).rejects.toMatchObject(dropped);
    await pass(10);
    expect(wire.socket('/v5/trade').sent.filter(({ op }) => String(op).startsWith('order.'))).toEqual([]);
    expect(posts()).toEqual([]);
    await sut.close();
  });

  it('reads open orders on the grid that they were placed on', async () => {
    let row: object = { ...BTC_ROW };
    const { sut, connect, events, wire } = exchange({ 'market/instruments-info': () => answer({ list: [row] }) });
    await connect();
    row = { ...BTC_ROW, lotSizeFilter: { ...objectIn(BTC_ROW?.['lotSizeFilter']), qtyStep: '0.010', minOrderQty: '0.010' } };
    await sut.instruments(['BTCUSDT']);
    const order = { category: 'linear', orderId: 'x', symbol: 'BTCUSDT', side: 'Buy', price: '60000.00', qty: '0.006', orderStatus: 'New' };
    wire.socket('/v5/private').say({ topic: 'order', creationTime: 1, data: [order] });
    expect(events.find(({ type }) => type === 'order')).toMatchObject({ report: { quantity: 6 } });
    await sut.close();
  });

  it('sends a cancel over the socket at once while it asks for the time that one was refused for', async () => {
    let isAsked = false;
    const { sut, connect, wire } = exchange({
      'market/time': () => (isAsked ? new Promise(() => undefined) : answer({}, { time: START })),
    });
    await connect();
    isAsked = true;
    const socket = wire.socket('/v5/trade');
    const refused = sut.cancel({ symbol: 'BTCUSDT', clientOrderId: 'mm-1' });
    await Promise.resolve();
    socket.say({ reqId: socket.sent.at(-1)?.['reqId'], op: 'order.cancel', retCode: 10_002, retMsg: 'time' });
    await expect(refused).rejects.toMatchObject({ kind: 'clock' });
    sut.cancel({ symbol: 'BTCUSDT', clientOrderId: 'mm-2' }).catch(() => undefined);
    await Promise.resolve();
    expect(socket.sent.at(-1)).toMatchObject({ op: 'order.cancel', args: [{ orderLinkId: 'mm-2' }] });
    await sut.close();
  });

  it('never sends again by the other way what may have arrived', async () => {
    const { sut, clock, connect, posts, wire } = exchange();
    await connect();
    const silent = sut.place(approved(newOrder()));
    await expect(clock.run(silent)).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
    const broken = sut.place(approved(newOrder({ clientOrderId: 'mm-2' })));
    wire.socket('/v5/trade').drop();
    await expect(broken).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
    expect(posts()).toEqual([]);
    await sut.place(approved(newOrder({ clientOrderId: 'mm-3' })));
    expect(posts()).toEqual(['/v5/order/create']);
    await sut.close();
  });

  it('cancels over HTTP what a silent trade socket has left without an outcome, and the other way round', async () => {
    let isHttpDead = false;
    const { sut, clock, connect, posts, wire } = exchange({
      'order/cancel': () => (isHttpDead ? new Promise(() => undefined) : answer({ orderId: 'x', orderLinkId: 'mm-1' })),
    });
    await connect();
    const order = { category: 'linear', symbol: 'BTCUSDT', exchangeOrderId: 'x', clientOrderId: '', kind: 'plain' } as const;
    const cancels = (): number => wire.socket('/v5/trade').sent.filter(({ op }) => op === 'order.cancel').length;
    // Several at once count as one.
    const silent = Promise.allSettled([sut.cancelPort.cancelOne(order), sut.cancelPort.cancelOne(order)]);
    await clock.run(silent);
    expect([cancels(), posts()]).toEqual([2, []]);
    await clock.run(sut.cancelPort.cancelOne(order));
    expect([cancels(), posts()]).toEqual([2, ['/v5/order/cancel']]);
    isHttpDead = true;
    await expect(clock.run(sut.cancelPort.cancelOne(order))).rejects.toMatchObject({ outcome: 'unknown' });
    sut.cancelPort.cancelOne(order).catch(() => undefined);
    await Promise.resolve();
    expect(cancels()).toBe(3);
    await sut.close();
  });

  it('cancels plain orders alone with the bulk call', async () => {
    const list = [{ orderId: '1', orderLinkId: 'a' }];
    const { sut, wire } = exchange({ 'order/cancel-all': () => answer({ list, success: '1' }) });
    await sut.cancelPort.cancelBulk({ category: 'linear', settleCoin: 'USDT' }, false);
    await sut.cancelPort.cancelBulk({ category: 'linear', symbol: 'BTCUSDT' }, false);
    await sut.cancelPort.cancelBulk({ category: 'spot' }, true);
    const bodies = wire.requests.flatMap(({ body }) => (body === '' ? [] : [JSON.parse(body) as unknown]));
    expect(bodies).toEqual([
      { category: 'linear', settleCoin: 'USDT', orderFilter: 'Order' },
      { category: 'linear', symbol: 'BTCUSDT', orderFilter: 'Order' },
      { category: 'spot' },
    ]);
    const failing = exchange({ 'order/cancel-all': () => answer({ list: [], success: '0' }) });
    await expect(failing.sut.cancelPort.cancelBulk({ category: 'linear', settleCoin: 'USDT' }, false)).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });

  it('names the coins in which the instruments of a category are settled', async () => {
    const list = ['BTC', 'ETH', 'BTC', ''].map((settleCoin) => ({ symbol: 'X', settleCoin }));
    const { sut, wire } = exchange({ 'market/instruments-info': () => answer({ list }) });
    expect(await sut.cancelPort.settleCoins('inverse')).toEqual(['BTC', 'ETH']);
    expect(wire.requests.map(({ url }) => url)).toEqual(['http://x/v5/market/instruments-info?category=inverse&limit=1000']);
  });

  it('is not connected when its keys are refused', async () => {
    const { connect, wire, clock } = exchange({}, (socket) => {
      socket.open();
      if (socket.url.endsWith('/private')) socket.say({ success: false, ret_msg: 'error:USVC1111', request: { op: 'auth' } });
    });
    await expect(connect()).rejects.toMatchObject({ kind: 'auth' });
    expect(wire.sockets.every(({ isClosed }) => isClosed)).toBe(true);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });

  it('gives up connecting after half a minute, and can try again', async () => {
    let isUp = false;
    const { connect, clock, sut } = exchange({}, (socket, time) => (isUp ? welcome(socket, time) : unwelcome(socket)));
    await expect(connect()).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'streams not up within 30000 ms: public, private, trade',
    });
    expect(clock.monotonic()).toBe(30_000);
    isUp = true;
    await connect();
    await sut.close();
  });

  it('asks for the time once a minute while it is connected', async () => {
    const { connect, wire, pass, sut } = exchange({}, (socket, clock) => {
      welcome(socket, clock);
      const pong = (): void => {
        socket.say({ op: 'pong' });
        if (!socket.isClosed) clock.schedule(5000, pong);
      };
      pong();
      if (socket.url.endsWith('linear')) {
        const data = { s: 'BTCUSDT', b: [['50000.00', '1']], a: [['50000.10', '1']], u: 1 };
        clock.schedule(3, () => socket.say({ topic: 'orderbook.50.BTCUSDT', type: 'snapshot', ts: 1, data }));
      }
    });
    await connect();
    await pass(300_500);
    expect(wire.requests.filter(({ url }) => url.endsWith('/time'))).toHaveLength(6);
    expect(wire.sockets).toHaveLength(3);
    await sut.close();
  });

  it('says nothing and does nothing after it is closed', async () => {
    const { sut, connect, events, wire, clock } = exchange();
    await connect();
    const request = sut.place(approved(newOrder()));
    const { length } = events;
    await sut.close();
    await expect(request).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
    await expect(sut.openOrders()).rejects.toMatchObject({ kind: 'unavailable', outcome: 'not-applied' });
    expect(events).toHaveLength(length);
    expect(wire.isClosed).toBe(true);
    expect(wire.sockets.every(({ isClosed }) => isClosed)).toBe(true);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });

  it('can be closed while it connects', async () => {
    const { sut, clock } = exchange({}, () => undefined);
    await sut.instruments(['BTCUSDT']);
    const outcome = sut.connect(['BTCUSDT'], () => undefined).catch((error: unknown) => error);
    await clock.run(sleep(clock, 10));
    await sut.close();
    expect(await outcome).toMatchObject({ name: 'ExchangeError', kind: 'unavailable' });
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });
});
