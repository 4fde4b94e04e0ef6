import { describe, expect, test } from 'vitest';
import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { sleep, VirtualClock, type Clock } from '../../../src/util/clock.ts';
import { listIn, objectIn, parseJson, type JsonObject } from '../../../src/util/json.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { inProcessExchange } from '../../support/exchange/in-process-exchange.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import type { Message } from '../../../src/util/message.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

/** Rows of a list as the exchange tells them; by path without `v5/`. */
type Told = (path: string, rows: readonly JsonObject[], clock: Clock) => readonly JsonObject[];

interface Scene {
  readonly told: Told;
  readonly symbols?: readonly string[];
  readonly seconds: number;
  readonly sets?: Parameters<typeof settingsOf>[1];
  readonly feeRateMs?: number;
}

/** The loop on an exchange whose lists are not what they should be. `sent`: order requests, as they left. */
async function played({ told, symbols = ['BTCUSDT'], seconds, sets, feeRateMs = 0 }: Scene) {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('odd');
  const settings = settingsOf('s1', sets);
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const events: BotEvent[] = [];
  const sent: JsonObject[] = [];
  const embedded = createEmbeddedExchange({ clock, random, symbols: [...symbols], market: 'btc' });
  const between = (wire: Wire): Wire => ({
    ...wire,
    async request(request, signal) {
      const response = await wire.request(request, signal);
      const path = new URL(request.url).pathname.slice(4);
      if (path === 'account/fee-rate') await sleep(clock, feeRateMs);
      const body = objectIn(parseJson(response.body));
      const { list } = objectIn(body['result']);
      if (!Array.isArray(list)) return response;
      const rows = told(path, listIn(list).map(objectIn), clock);
      return { ...response, body: JSON.stringify({ ...body, result: { ...objectIn(body['result']), list: rows } }) };
    },
    open(url, listener) {
      const socket = wire.open(url, listener);
      const send = (message: Message): void => {
        const { op, args } = objectIn(message.json);
        if (String(op).startsWith('order.')) sent.push(objectIn(listIn(args)[0]));
        socket.send(message);
      };
      return { ...socket, send };
    },
  });
  const exchange = inProcessExchange(embedded, { clock, random, settings, limiter, between });
  const record = (event: BotEvent): void => void events.push(event);
  const loop = new ExecutionLoop({
    settings,
    symbols: [...symbols],
    exchange,
    journal: NO_JOURNAL,
    limiter,
    clock,
    random,
    record,
    idPrefix: 'mm-odd-',
  });
  const play = async (): Promise<void> => {
    embedded.start();
    await loop.start();
    await sleep(clock, seconds * 1000);
    await loop.stop();
    await exchange.close();
    embedded.stop();
  };
  await clock.run(play());
  const of = <Type extends BotEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<BotEvent, { type: Type }> => event.type === type);
  return { loop, of, sent };
}

const foreign = { symbol: 'DELISTEDUSDT', side: 'Buy', orderId: 'o', orderLinkId: 'by-hand', execId: 'e', price: '1', qty: '5' };
const FOREIGN_ROWS = new Map<string, JsonObject>([
  ['position/list', { ...foreign, positionIdx: 0, size: '5', avgPrice: '1' }],
  ['order/realtime', { ...foreign, orderStatus: 'New', cumExecQty: '0' }],
  ['execution/list', { ...foreign, execType: 'Trade', execPrice: '1', execQty: '5', execTime: '1767225600000' }],
]);

describe('an account on which there is more than mmbot knows', () => {
  test('rows of a symbol that is gone stop neither the start nor the run, and are named once', async () => {
    const told: Told = (path, rows) => {
      const row = FOREIGN_ROWS.get(path);
      return row === undefined ? rows : [row, ...rows];
    };
    const { of, loop } = await played({ told, seconds: 20 });
    expect(loop.trading.mode).toBe('active');
    expect(of('orderConfirmed').length).toBeGreaterThan(5);
    expect(of('reconcileFailed')).toEqual([]);
    expect(of('reconciled').length).toBeGreaterThan(2);
    expect(of('oddRow').map(({ row }) => [row.list, row.symbol, row.what])).toEqual([
      ['execution', 'DELISTEDUSDT', 'unknown_symbol'],
      ['position', 'DELISTEDUSDT', 'unknown_symbol'],
      ['order', 'DELISTEDUSDT', 'unknown_symbol'],
    ]);
  });

  test('a list that cannot be read for a row of ours holds, and says why', async () => {
    const told: Told = (path, rows, clock) =>
      path === 'position/list' && clock.monotonic() > 5000 ? [{ symbol: 'BTCUSDT', positionIdx: 0, side: 'Buy', size: '1e3' }] : rows;
    const { of } = await played({ told, seconds: 20 });
    expect(of('hold').at(-1)).toMatchObject({ reason: 'unreconciled' });
    expect(of('reconcileFailed')[0]?.error.message).toContain('BTCUSDT in the list of positions: unreadable answer: position size is 1e3');
  });
});

describe('a grid that changes', () => {
  const withLot = (rows: readonly JsonObject[], qtyStep: string): readonly JsonObject[] =>
    rows.map((row) => ({ ...row, lotSizeFilter: { ...objectIn(row['lotSizeFilter']), qtyStep, minOrderQty: qtyStep } }));

  test.each(['0.010'])(
    'while it trades, to %s: no order leaves in other lots than it was approved in, and it freezes at once',
    async (step) => {
      const { of, sent } = await played({
        told: (path, rows, clock) => (path === 'market/instruments-info' && clock.monotonic() > 8000 ? withLot(rows, step) : rows),
        symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'],
        feeRateMs: 900,
        sets: { 'execution.filtersRefreshMs': 10_000 },
        seconds: 14,
      });
      expect(of('frozen').map(({ reason }) => reason)).toEqual(['BTCUSDT has another tick or lot size now']);
      const approved = [...of('orderSent').map(({ order }) => order), ...of('amendSent').map(({ amend }) => amend)];
      const terms = new Set(approved.map(({ clientOrderId, quantity }) => `${clientOrderId} ${quantity}`));
      const left = sent.filter(({ symbol, qty }) => symbol === 'BTCUSDT' && qty !== undefined);
      expect(left.length).toBeGreaterThan(5);
      expect(left.filter(({ orderLinkId, qty }) => !terms.has(`${String(orderLinkId)} ${Math.round(Number(qty) * 1000)}`))).toEqual([]);
    },
  );

  test('between two runs: old executions and a position of less than a lot do not end the start', async () => {
    const old = { symbol: 'BTCUSDT', side: 'Buy', orderId: 'o', orderLinkId: 'mm-old-1', execId: 'e', execType: 'Trade' };
    const told: Told = (path, rows) => {
      if (path === 'market/instruments-info')
        return withLot(rows, '0.010').map((row) => ({ ...row, priceFilter: { ...objectIn(row['priceFilter']), tickSize: '0.50' } }));
      if (path === 'execution/list') return [{ ...old, execPrice: '64951.70', execQty: '0.003', execTime: '1767225599000' }];
      if (path === 'position/list') return [{ symbol: 'BTCUSDT', positionIdx: 0, side: 'Buy', size: '0.003', avgPrice: '64951.70' }];
      return rows;
    };
    const { of, loop } = await played({ told, seconds: 3 });
    expect(loop.store.position('BTCUSDT').quantity).toBe(1);
    expect(of('oddRow').map(({ row }) => row.detail)).toEqual([
      'execPrice 64951.70',
      'execQty 0.003',
      'position size 0.003, counted as 0.01',
    ]);
    expect(of('reconciled').every(({ divergences }) => divergences.length === 0)).toBe(true);
  });
});
