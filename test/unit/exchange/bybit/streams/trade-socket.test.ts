import { describe, expect, it } from 'vitest';
import { ServerTime } from '../../../../../src/exchange/bybit/server-time.ts';
import { TradeSocket } from '../../../../../src/exchange/bybit/streams/trade-socket.ts';
import type { ExchangeError } from '../../../../../src/exchange/errors.ts';
import type { LimitObservation } from '../../../../../src/exchange/exchange.ts';
import { defined } from '../../../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';
import type { JsonObject } from '../../../../../src/util/json.ts';
import { seededRandom } from '../../../../../src/util/random.ts';
import { scriptedWire, type ScriptedSocket } from '../../../../support/bybit/scripted-wire.ts';

const UNPROVEN = { name: 'ExchangeError', kind: 'unavailable', outcome: 'unknown' };
const HEADER = { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9', 'X-Bapi-Limit-Reset-Timestamp': '1711001595208' };
const SECRET = 'a-secret-that-nobody-may-see';

function tradeSocket() {
  const clock = new VirtualClock(1_700_000_000_000);
  const wire = scriptedWire(
    () => clock.monotonic(),
    () => ({}),
  );
  const limits: LimitObservation[] = [];
  const states: string[] = [];
  const refusals: ExchangeError[] = [];
  let clockWrong = 0;
  const sut = new TradeSocket({
    wire,
    clock,
    random: seededRandom('trade'),
    url: 'ws://x/v5/trade',
    credentials: { apiKey: 'testkey', secret: SECRET },
    serverTime: new ServerTime(clock),
    recvWindowMs: 2000,
    requestTimeoutMs: 3000,
    onLimit: (observation) => limits.push(observation),
    onAnswered: () => undefined,
    onState: (state) => states.push(state),
    onRefused: (error) => refusals.push(error),
    onClockWrong: () => {
      clockWrong += 1;
    },
    redact: (text) => text.replaceAll(SECRET, '[redacted]'),
  });
  sut.start();
  const socket = (): ScriptedSocket => wire.socket('/v5/trade');
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  const up = (): void => {
    socket().open();
    socket().say({ retCode: 0, retMsg: 'OK', op: 'auth', connId: 'c-t' });
  };
  const lastSent = (): JsonObject => defined(socket().sent.at(-1), 'a request');
  const reply = (message: object): void =>
    socket().say({ reqId: lastSent()['reqId'], op: lastSent()['op'], retMsg: 'text', data: {}, header: HEADER, ...message });
  return { clock, sut, limits, states, refusals, socket, pass, up, lastSent, reply, wrongClocks: () => clockWrong };
}

const PARAMETERS = { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mm-1' };

describe('order entry over the trade socket', () => {
  it('is usable once it is authenticated, also when that is repeated', () => {
    for (const answer of [{ retCode: 0 }, { retCode: 20001 }, { success: true }]) {
      const { sut, socket, states } = tradeSocket();
      socket().open();
      expect(sut.isUsable).toBe(false);
      socket().say({ op: 'auth', ...answer });
      expect(sut.isUsable).toBe(true);
      expect(states).toEqual(['up']);
    }
  });

  it('with too many sessions is no matter of the key', () => {
    const { socket, refusals } = tradeSocket();
    socket().open();
    socket().say({ op: 'auth', retCode: 10003, retMsg: 'Too many sessions under the same UID' });
    expect(refusals).toMatchObject([{ kind: 'throttled', retCode: 10003, stopReason: undefined }]);
  });

  it('matches a reply to its request, and tells what is left of the limit', async () => {
    const { sut, up, lastSent, reply, limits } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    expect(lastSent()).toMatchObject({
      op: 'order.create',
      args: [PARAMETERS],
      header: { 'X-BAPI-TIMESTAMP': '1700000000000', 'X-BAPI-RECV-WINDOW': '2000' },
    });
    expect(String(lastSent()['reqId']).length).toBeLessThanOrEqual(36);
    reply({ retCode: 0, data: { orderId: 'x', orderLinkId: 'mm-1' } });
    await expect(request).resolves.toEqual({ exchangeOrderId: 'x', clientOrderId: 'mm-1' });
    expect(limits).toEqual([
      { class: 'create', sentAt: 0, at: undefined, limit: 10, remaining: 9, exceeded: false, resetAt: 1_711_001_595_208 },
    ]);
  });

  it('never uses a request id twice', () => {
    const { sut, up, socket } = tradeSocket();
    up();
    for (let i = 0; i < 100; i += 1) sut.request('cancel', PARAMETERS).catch(() => undefined);
    const ids = socket().sent.flatMap((message) => (message['op'] === 'order.cancel' ? [message['reqId']] : []));
    expect(new Set(ids).size).toBe(100);
    sut.close();
  });

  it.each([
    ['create', 110007, 'rejected', 'not-applied'],
    ['amend', 110001, 'gone', 'not-applied'],
    ['create', 110072, 'duplicate', 'unknown'],
    ['create', 10016, 'unavailable', 'unknown'],
    ['create', 999_999, 'unavailable', 'unknown'],
    ['cancel', '10404', 'rejected', 'not-applied'],
    ['create', 110132, 'auth', 'not-applied'],
    // Too many sessions: over HTTP the same code means a wrong API key.
    ['create', 10003, 'throttled', 'not-applied'],
  ] as const)('classes the answer %s %s as %s, %s', async (operation, retCode, kind, outcome) => {
    const { sut, up, reply } = tradeSocket();
    up();
    const request = sut.request(operation, PARAMETERS);
    reply({ retCode });
    await expect(request).rejects.toMatchObject({ name: 'ExchangeError', kind, outcome, retCode: Number(retCode) });
  });

  it('tells when a throttled request may be tried again', async () => {
    const { sut, up, reply, limits } = tradeSocket();
    up();
    const request = sut.request('amend', PARAMETERS);
    reply({ retCode: 10006 });
    await expect(request).rejects.toMatchObject({ kind: 'throttled', outcome: 'not-applied', resetAt: 1_711_001_595_208 });
    expect(limits).toMatchObject([{ class: 'amend', exceeded: true, remaining: 0 }]);
  });

  it.each([{ retCode: 0, data: {} }, { retCode: undefined }, { retCode: 'soon' }, { retCode: 0, data: null }])(
    'proves nothing by the reply %j',
    async (message) => {
      const { sut, up, reply } = tradeSocket();
      up();
      const request = sut.request('create', PARAMETERS);
      reply(message);
      await expect(request).rejects.toMatchObject(UNPROVEN);
    },
  );

  it('waits for its reply until the deadline, and drops what comes later', async () => {
    const { sut, up, reply, pass, clock, limits } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    await expect(clock.run(request)).rejects.toMatchObject({ ...UNPROVEN, message: 'order.create: no reply within 3000 ms' });
    expect(clock.monotonic()).toBe(3000);
    reply({ retCode: 0, data: { orderId: 'x' } });
    reply({ retCode: 10006 });
    await pass(1);
    expect(limits).toEqual([]);
  });

  it('gives up a connection that answers neither a request nor a ping', async () => {
    const { sut, up, socket, clock, pass, states } = tradeSocket();
    up();
    await expect(clock.run(sut.request('create', PARAMETERS))).rejects.toMatchObject(UNPROVEN);
    expect(socket().sent.at(-1)).toEqual({ op: 'ping' });
    expect(sut.isUsable).toBe(true);
    await pass(5001);
    expect(sut.isUsable).toBe(false);
    expect(states).toEqual(['up', 'down']);
  });

  it('takes no reply for another: one without an id, of another operation, or twice', async () => {
    const { sut, up, reply, clock } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    reply({ reqId: undefined, retCode: 10005 });
    reply({ op: 'order.cancel', retCode: 110007 });
    await expect(clock.run(request)).rejects.toMatchObject(UNPROVEN);
  });

  it('knows nothing about what was in flight when the connection broke', async () => {
    const { sut, up, socket, states } = tradeSocket();
    up();
    const requests = [sut.request('create', PARAMETERS), sut.request('cancel', PARAMETERS)];
    socket().drop('1006');
    for (const request of requests) await expect(request).rejects.toMatchObject(UNPROVEN);
    expect(sut.isUsable).toBe(false);
    expect(states).toEqual(['up', 'down']);
  });

  it('drops the replies of an earlier connection', async () => {
    const { sut, up, socket, pass, lastSent, clock } = tradeSocket();
    up();
    const lost = sut.request('create', PARAMETERS);
    const oldId = lastSent()['reqId'];
    socket().drop();
    await expect(lost).rejects.toMatchObject(UNPROVEN);
    await pass(1000);
    up();
    const next = sut.request('create', { ...PARAMETERS, orderLinkId: 'mm-2' });
    socket().say({ reqId: oldId, op: 'order.create', retCode: 0, data: { orderId: 'old', orderLinkId: 'mm-1' } });
    await expect(clock.run(next)).rejects.toMatchObject(UNPROVEN);
  });

  it('opens a new connection when the service says that it restarts', async () => {
    const { sut, up, reply, pass, states } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    reply({ retCode: 10019 });
    await expect(request).rejects.toMatchObject(UNPROVEN);
    expect(sut.isUsable).toBe(false);
    await pass(1000);
    up();
    expect(states).toEqual(['up', 'down', 'up']);
  });

  it('leaves the way to HTTP while it is banned', async () => {
    const { sut, up, reply, pass, socket } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    reply({ retCode: 10403 });
    await expect(request).rejects.toMatchObject({ kind: 'banned', outcome: 'not-applied' });
    expect(sut.isUsable).toBe(false);
    for (let i = 0; i < 16; i += 1) {
      await pass(4000);
      socket().say({ op: 'pong' });
    }
    expect(sut.isUsable).toBe(true);
  });

  it('has the time checked when the exchange says that it is wrong', async () => {
    const { sut, up, reply, wrongClocks } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    reply({ retCode: 10002 });
    await expect(request).rejects.toMatchObject({ kind: 'clock', outcome: 'not-applied' });
    expect(wrongClocks()).toBe(1);
  });

  it('keeps secrets out of its errors', async () => {
    const { sut, up, reply } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    reply({ retCode: 10001, retMsg: `bad secret ${SECRET}` });
    await expect(request).rejects.toMatchObject({ message: 'order.create: 10001 bad secret [redacted]' });
  });

  it('answers everything when it is closed', async () => {
    const { sut, up, clock } = tradeSocket();
    up();
    const request = sut.request('create', PARAMETERS);
    sut.close();
    await expect(request).rejects.toMatchObject(UNPROVEN);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });
});
