import { describe, expect, test } from 'vitest';
import { covers, TRADED } from '../../../src/exchange/bybit/settle-coins.ts';
import { actUntilProven } from '../../../src/commands/guard/act.ts';
import { createCancelClient } from '../../../src/exchange/bybit/cancel/cancel-client.ts';
import type { WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import type { CancelPort } from '../../../src/exchange/cancel-port.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { completeOf } from '../../support/builders/complete.ts';
import { json } from '../../support/cancel/cancel-scene.ts';

const DAY_MS = 86_400_000;
const LINE = { lead: 'run, with the key in it', command: 'mmbot cancel-all --venue testnet --force' };
const BAN: WireResponse = { status: 403, statusText: 'Forbidden', headers: {}, body: 'access too frequent' };
const REFUSED = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
const KEYS_REFUSED = json({ retCode: 10_003, retMsg: 'API key is invalid.', result: {}, time: 1_767_225_600_000 });

/** Eight orders of a bot that is dead, and a guard that begins to act; every request fails by `fail` until `untilMs`. */
async function act(fail: () => Promise<WireResponse>, untilMs: number, isLocal = false) {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('guard');
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols: ['BTCUSDT'], market: 'calm' });
  const { markPrice } = defined(embedded.venue.market('BTCUSDT'), 'BTCUSDT');
  for (let i = 0; i < 8; i += 1) {
    const price = ticks(Math.floor(markPrice * 0.99) - i);
    const terms = { type: 'limit', timeInForce: 'PostOnly', reduceOnly: false, side: 'buy' } as const;
    embedded.venue.place(0, { ...terms, symbol: 'BTCUSDT', price, quantity: lots(10), orderLinkId: `mm-dead-${i}` });
  }
  const inner = inProcessWire(embedded.surface, clock);
  const isOut = (): boolean => clock.monotonic() < untilMs;
  const limiter = tradingLimiter(clock, 10);
  const client = createCancelClient({
    wire: {
      ...inner,
      request: (request, signal) => (isOut() ? fail() : inner.request(request, signal)),
      open: (url, listener) => inner.open(isOut() ? 'ws://embedded/nowhere' : url, listener),
    },
    restUrl: 'http://embedded',
    wsUrl: 'ws://embedded',
    clock,
    random: random.fork('client'),
    credentials: defined(embedded.keys[0], 'a key'),
    recvWindowMs: 2000,
    requestTimeoutMs: 2000,
    beforeQuery: async () => void (await limiter.acquire('query')),
    beforeResend: async () => void (await limiter.acquire('cancel')),
    onLimit: (observation) => limiter.observe(observation),
  });
  const lines: string[] = [];
  const log = createLogger({ clock, level: 'info', format: 'json', write: (line) => void lines.push(line), redact: (text) => text });
  const ending = async (): Promise<number> => {
    const exitCode = await actUntilProven({
      ...client,
      limiter,
      clock,
      log,
      lateCreateDeadline: clock.monotonic() + 3250,
      isShared: false,
      line: LINE,
      isLocal,
    });
    await client.close();
    return exitCode;
  };
  const exitCode = await clock.run(ending());
  return { exitCode, resting: embedded.venue.openOrders(0).length, endedAt: clock.monotonic(), log: lines.join('') };
}

/** A guard that begins to act on an exchange with this list of open orders, none of which can be canceled. */
async function actOn(clock: VirtualClock, resting: CancelPort['resting']) {
  const refuse = (): Promise<never> => Promise.reject(new ExchangeError('rejected', 'not-applied', 'not now'));
  const port: CancelPort = {
    traded: TRADED,
    covers,
    resting,
    cancelBulk: refuse,
    cancelOne: refuse,
    cancelBatch: refuse,
    recordOf: () => Promise.resolve('open'),
    executed: () => Promise.resolve(new Map()),
    presenceOf: () => Promise.resolve('listed'),
    settleCoins: () => Promise.resolve([]),
  };
  const lines: string[] = [];
  const log = createLogger({ clock, level: 'info', format: 'json', write: (line) => void lines.push(line), redact: (text) => text });
  const parts = {
    port,
    limiter: tradingLimiter(clock, 10),
    clock,
    log,
    lateCreateDeadline: 0,
    isShared: false,
    line: LINE,
    isLocal: false,
    nobodySince: () => undefined,
  };
  // Longer than that nobody waits for it here.
  const tooLong = sleep(clock, 2 * DAY_MS).then(() => 'still at it');
  return { exitCode: await clock.run(Promise.race([actUntilProven(parts), tooLong])), lines };
}

test.each([
  ['that it cannot cancel', 'a day', { clientOrderId: 'mm-1' }, DAY_MS, 100_000],
  ['of nobody knows whom', 'a quarter of an hour', { clientOrderId: '', hidesOwner: true }, 900_000, 900],
] as const)('a guard that an order %s keeps from its proof gives up after %s', async (_, __, name, givesUpAfterMs, listMs) => {
  const clock = new VirtualClock(1_767_225_600_000);
  const order = { category: 'linear', symbol: 'BTCUSDT', exchangeOrderId: 'x', kind: 'plain', ...name } as const;
  const terms = { side: 'buy', price: '1', quantity: undefined, filled: undefined, createdAt: 1 } as const;
  // So slowly that a day is not too many looks.
  const { exitCode, lines } = await actOn(clock, async () => {
    await sleep(clock, listMs);
    return completeOf([{ ...order, ...terms }], clock.now());
  });
  expect(exitCode).toBe(4);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(givesUpAfterMs);
  expect(clock.monotonic()).toBeLessThan(givesUpAfterMs + 300_000);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    event: 'guard_gives_up',
    meaning: 'orders may be open: run, with the key in it',
    run: LINE.command,
  });
});

test('a guard that finds only orders of unknown owners after an outage retries for a quarter of an hour before it gives up', async () => {
  const clock = new VirtualClock(1_767_225_600_000);
  const outageMs = 960_000;
  const order = {
    category: 'linear',
    symbol: 'BTCUSDT',
    exchangeOrderId: 'x',
    kind: 'plain',
    clientOrderId: '',
    hidesOwner: true,
  } as const;
  const terms = { side: 'buy', price: '1', quantity: undefined, filled: undefined, createdAt: 1 } as const;
  const { exitCode } = await actOn(clock, async () => {
    await sleep(clock, 900);
    if (clock.monotonic() < outageMs) throw new ExchangeError('unavailable', 'unknown', 'no answer');
    return completeOf([{ ...order, ...terms }], clock.now());
  });
  expect(exitCode).toBe(4);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(outageMs + 900_000);
  expect(clock.monotonic()).toBeLessThan(outageMs + 900_000 + 300_000);
});

describe('a guard that the exchange refuses or does not answer', () => {
  test.each([
    ['shuts it out', () => Promise.resolve(BAN)],
    ['does not answer', () => Promise.reject(new Error('socket hang up'))],
    ['answers nonsense', () => Promise.resolve({ ...BAN, status: 502 })],
  ])('for ten minutes (it %s) goes on until it has its proof', async (_, fail) => {
    const { exitCode, resting, endedAt, log } = await act(fail, 600_000);
    expect([exitCode, resting]).toEqual([0, 0]);
    expect(endedAt).toBeLessThan(600_000 + 12_000);
    expect(log).toMatch(/"cancel_all_done".*"verified":true/);
    // Until then it says again and again that it has none.
    expect(log.split('"cancel_all_failed"').length).toBeGreaterThan(4);
  });

  test('because of its key retries for longer than the longest ban, then reports that it gives up, with exit 4', async () => {
    const back = await act(() => Promise.resolve(KEYS_REFUSED), 600_000);
    expect([back.exitCode, back.resting]).toEqual([0, 0]);
    const never = await act(() => Promise.resolve(KEYS_REFUSED), Number.POSITIVE_INFINITY);
    expect([never.exitCode, never.resting]).toEqual([4, 8]);
    expect(never.log).toContain('"guard_gives_up"');
    expect(never.endedAt).toBeLessThan(1_000_000);
  });

  test('gives up after two minutes of refused connections on this machine, but not elsewhere', async () => {
    const local = await act(() => Promise.reject(REFUSED), Number.POSITIVE_INFINITY, true);
    expect(local.exitCode).toBe(4);
    expect(local.endedAt).toBeGreaterThanOrEqual(120_000);
    expect(local.endedAt).toBeLessThan(300_000);
    const elsewhere = await act(() => Promise.reject(REFUSED), 600_000);
    expect([elsewhere.exitCode, elsewhere.resting]).toEqual([0, 0]);
  });

  // A proxy on this machine, and the network behind it is out.
  test.each([
    ['shuts it out', () => Promise.resolve(BAN)],
    ['answers for the exchange that it cannot reach it', () => Promise.resolve({ ...BAN, status: 502 })],
    ['takes the connection and says nothing', () => new Promise<never>(() => undefined)],
    ['cuts the connection', () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))],
  ])('on this machine, where somebody listens (it %s), goes on until it has its proof', async (_, fail) => {
    const { exitCode, resting } = await act(fail, 600_000, true);
    expect([exitCode, resting]).toEqual([0, 0]);
  });

  test('counts anew after an accepted connection on this machine', async () => {
    let asked = 0;
    // The last request of each minute or so is answered: by an attempt's end nobody listens again.
    const { exitCode, resting } = await act(
      () => ((asked += 1) % 100 === 50 ? Promise.resolve({ ...BAN, status: 502 }) : Promise.reject(REFUSED)),
      600_000,
      true,
    );
    expect([exitCode, resting]).toEqual([0, 0]);
  });
});
