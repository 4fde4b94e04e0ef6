import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OddRows } from '../../../../../src/exchange/bybit/codec/odd-rows.ts';
import { PositionLots } from '../../../../../src/exchange/bybit/codec/position-lots.ts';
import { PrivateStream } from '../../../../../src/exchange/bybit/streams/private-stream.ts';
import { ServerTime } from '../../../../../src/exchange/bybit/server-time.ts';
import type { ExchangeError } from '../../../../../src/exchange/errors.ts';
import type { ExchangeEvent, OddRow } from '../../../../../src/exchange/exchange.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';
import { seededRandom } from '../../../../../src/util/random.ts';
import { BTC } from '../../../../support/builders/builders.ts';
import { scriptedWire, type ScriptedSocket } from '../../../../support/bybit/scripted-wire.ts';

const AUTHENTICATED = { success: true, ret_msg: '', op: 'auth', conn_id: 'c-p' };
const SUBSCRIBED = { success: true, ret_msg: '', op: 'subscribe', conn_id: 'c-p' };

function stream(keepsOrdersAlive = false) {
  const clock = new VirtualClock(1_700_000_000_000);
  const wire = scriptedWire(
    () => clock.monotonic(),
    () => ({}),
  );
  const events: ExchangeEvent[] = [];
  const states: string[] = [];
  const told: OddRow[] = [];
  const refusals: ExchangeError[] = [];
  const sut = new PrivateStream({
    wire,
    clock,
    random: seededRandom('private'),
    url: 'ws://x/v5/private',
    credentials: { apiKey: 'testkey', secret: 'testsecret' },
    serverTime: new ServerTime(clock),
    keepsOrdersAlive,
    odd: new OddRows((row) => (told.push(row), true)),
    isForeign: (symbol) => symbol !== 'BTCUSDT',
    positions: new PositionLots(),
    instrument: (symbol) => (symbol === 'BTCUSDT' ? BTC : symbol === 'ETHUSDT' ? { ...BTC, symbol } : undefined),
    emit: (event) => events.push(event),
    onState: (state, reason) => states.push(`${state} ${reason}`.trim()),
    onRefused: (error) => refusals.push(error),
  });
  sut.start();
  const socket = (): ScriptedSocket => wire.socket('/v5/private');
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  const up = (): void => {
    socket().open();
    socket().say(AUTHENTICATED);
    socket().say(SUBSCRIBED);
  };
  return { clock, wire, events, states, told, refusals, sut, socket, pass, up };
}

const ORDER = {
  category: 'linear',
  symbol: 'BTCUSDT',
  orderId: 'x',
  orderLinkId: 'a',
  side: 'Buy',
  price: '50000.10',
  qty: '0.01',
  orderStatus: 'New',
};
const EXECUTION = {
  category: 'linear',
  symbol: 'BTCUSDT',
  orderId: 'x',
  side: 'Buy',
  execId: 'e1',
  execPrice: '50000.10',
  execQty: '0.01',
  execType: 'Trade',
  execTime: '7',
};
const POSITION = { category: 'linear', symbol: 'BTCUSDT', side: 'Sell', size: '0.02', entryPrice: '1' };

describe('the private stream', () => {
  it('authenticates, subscribes, and is up', () => {
    const { socket, states } = stream();
    socket().open();
    const expires = 1_700_000_010_000;
    const signature = createHmac('sha256', 'testsecret').update(`GET/realtime${expires}`).digest('hex');
    expect(signature).toBe('6a806639d27b1c24c3808a191e9d0274d0c9d3a04a160233856d65840dfda2c8');
    expect(socket().sent).toEqual([{ op: 'auth', args: ['testkey', expires, signature] }]);
    socket().say(AUTHENTICATED);
    expect(socket().sent[1]).toMatchObject({ op: 'subscribe', args: ['order', 'execution', 'position', 'wallet'] });
    expect(states).toEqual([]);
    socket().say(SUBSCRIBED);
    expect(states).toEqual(['up']);
  });

  it.each([
    [{ success: false, ret_msg: 'Params Error', op: 'auth', conn_id: 'c1' }, 'auth', undefined],
    [{ success: false, ret_msg: 'error:USVC1111', conn_id: 'c1', request: { op: 'auth', args: [] } }, 'auth', undefined],
    [{ success: false, op: 'auth', retCode: 10003, retMsg: 'Invalid apikey', connId: 'c1' }, 'auth', 10003],
    [{ success: false, op: 'auth', retCode: 10002, retMsg: 'time', connId: 'c1' }, 'clock', 10002],
  ])('is refused by %j, and dials again', async (message, kind, retCode) => {
    const { socket, refusals, wire, pass, states } = stream();
    socket().open();
    socket().say(message);
    expect(refusals).toMatchObject([{ kind, retCode }]);
    expect(states).toHaveLength(1);
    await pass(1000);
    expect(wire.sockets).toHaveLength(2);
  });

  it('leaves out a wallet that it cannot read, on which nothing hangs', () => {
    const { socket, events, states, up } = stream();
    up();
    socket().say({ topic: 'wallet', creationTime: 12, data: [{ coin: null }] });
    expect([events, states]).toEqual([[], ['up']]);
  });

  it('also reports an order whose row does not show its owner', () => {
    const { socket, events, up } = stream();
    up();
    const { orderLinkId: _, ...nobodys } = ORDER;
    socket().say({ topic: 'order', creationTime: 9, data: [nobodys] });
    expect(events).toMatchObject([
      { type: 'otherOrder', news: { order: { exchangeOrderId: 'x', hidesOwner: true }, isOpen: true } },
      { type: 'order', report: { exchangeOrderId: 'x' } },
    ]);
  });

  it('passes on every row of a message, in order', () => {
    const { socket, events, up } = stream();
    up();
    socket().say({
      topic: 'order',
      creationTime: 9,
      data: [ORDER, { ...ORDER, orderId: 'y', orderStatus: 'Cancelled', cancelType: 'CancelByUser' }],
    });
    socket().say({
      topic: 'execution',
      creationTime: 10,
      data: [EXECUTION, { ...EXECUTION, execId: 'e2' }, { ...EXECUTION, execType: 'Funding', side: '', execFee: '-0.5' }],
    });
    socket().say({
      topic: 'position',
      creationTime: 11,
      data: [{ category: 'linear', symbol: 'BTCUSDT', side: 'Sell', size: '0.02', entryPrice: '1' }],
    });
    socket().say({ topic: 'wallet', creationTime: 12, data: [{ coin: [{ coin: 'USDT', walletBalance: '5', equity: '5' }] }] });
    expect(events).toMatchObject([
      { type: 'order', report: { exchangeOrderId: 'x', status: 'open' }, at: 9 },
      { type: 'order', report: { exchangeOrderId: 'y', status: 'canceled', reason: 'CancelByUser' }, at: 9 },
      { type: 'fill', fill: { fillId: 'e1', clientOrderId: '' }, at: 10 },
      { type: 'fill', fill: { fillId: 'e2' }, at: 10 },
      { type: 'funding', payment: { paymentId: 'e1', symbol: 'BTCUSDT', amount: -50_000_000, at: 7 }, at: 10 },
      { type: 'position', report: { quantity: -20 }, at: 11 },
      { type: 'wallet', report: { balance: 500_000_000 }, at: 12 },
    ]);
  });

  it('tells of orders of symbols that it does not know what any row tells', () => {
    const { socket, events, up } = stream();
    up();
    socket().say({ topic: 'order', data: [{ ...ORDER, symbol: 'XRPUSDT', side: 'Sideways' }] });
    socket().say({ topic: 'execution', data: [{ ...EXECUTION, symbol: 'XRPUSDT', leavesQty: '0' }] });
    const { orderId: exchangeOrderId, orderLinkId: clientOrderId } = ORDER;
    expect(events).toMatchObject([
      { type: 'otherOrder', news: { order: { symbol: 'XRPUSDT', exchangeOrderId, clientOrderId }, isOpen: true } },
      { type: 'otherOrder', news: { order: { symbol: 'XRPUSDT' }, isOpen: false } },
    ]);
  });

  it('passes over other categories and unknown topics', () => {
    const { socket, events, up, states } = stream();
    up();
    socket().say({ topic: 'order', data: [{ ...ORDER, category: 'spot' }] });
    socket().say({ topic: 'position', data: [{ ...POSITION, symbol: 'XRPUSDT' }] });
    socket().say({ topic: 'greeks', data: [{}] });
    socket().say({ op: 'somethingNew' });
    expect(events).toEqual([]);
    expect(states).toEqual(['up']);
  });

  it.each([
    ['order', { ...ORDER, side: 'Sideways' }, ORDER],
    ['execution', { ...EXECUTION, execQty: '', leavesQty: '0' }, EXECUTION],
    ['position', { ...POSITION, size: '?' }, POSITION],
  ])('leaves out a row of the topic %s that it cannot read, of a symbol that is not traded here, and names it', (topic, row, next) => {
    const { socket, events, states, told, up } = stream();
    up();
    socket().say({ topic, creationTime: 9, data: [{ ...row, symbol: 'ETHUSDT' }, next] });
    const last = topic === 'execution' ? 'fill' : topic;
    expect([states, events.map(({ type }) => type)]).toEqual([['up'], topic === 'position' ? [last] : ['otherOrder', last]]);
    expect(told).toMatchObject([{ list: topic, symbol: 'ETHUSDT', what: 'unreadable' }]);
  });

  it.each([
    { topic: 'order', data: [{ ...ORDER, side: 'Sideways' }] },
    { topic: 'execution', data: [{ ...EXECUTION, execQty: '' }] },
    { topic: 'execution', data: EXECUTION },
    { topic: 'order', data: null },
  ])('starts over, so that the lists are read again, after %j', async (message) => {
    const { socket, states, pass, up } = stream();
    up();
    socket().say(message);
    expect(states[1]).toContain('down a message that cannot be handled: unreadable answer');
    await pass(1000);
    up();
    expect(states.at(-1)).toBe('up');
  });
});
