import { describe, expect, it } from 'vitest';
import { PublicStream } from '../../../../../src/exchange/bybit/streams/public-stream.ts';
import type { ExchangeEvent } from '../../../../../src/exchange/exchange.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';
import type { JsonObject } from '../../../../../src/util/json.ts';
import { seededRandom } from '../../../../../src/util/random.ts';
import { BTC } from '../../../../support/builders/builders.ts';
import { fixtureMessages } from '../../../../support/bybit/fixtures.ts';
import { scriptedWire, type ScriptedSocket } from '../../../../support/bybit/scripted-wire.ts';

const ETH = { ...BTC, symbol: 'ETHUSDT' };
const ACK = { success: true, ret_msg: '', conn_id: 'c', req_id: '', op: 'subscribe' };

function book(type: string, u: number, symbol = 'BTCUSDT'): JsonObject {
  return { topic: `orderbook.50.${symbol}`, type, ts: 5, cts: 4, data: { s: symbol, b: [['50000.00', '1']], a: [['50000.10', '1']], u } };
}

function stream() {
  const clock = new VirtualClock(0);
  const wire = scriptedWire(
    () => clock.monotonic(),
    () => ({}),
  );
  const events: ExchangeEvent[] = [];
  const states: string[] = [];
  const sut = new PublicStream({
    wire,
    clock,
    random: seededRandom('public'),
    url: 'ws://x/v5/public/linear',
    instruments: [BTC, ETH],
    emit: (event: ExchangeEvent) => events.push(event),
    onState: (state, reason) => states.push(`${state} ${reason}`.trim()),
  });
  sut.start();
  const socket = (): ScriptedSocket => wire.socket('/v5/public/linear');
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  const up = (): void => {
    socket().open();
    socket().say(ACK);
  };
  return { clock, wire, events, states, sut, socket, pass, up };
}

describe('the public stream', () => {
  it('subscribes every symbol and is up when that is granted', () => {
    const { socket, states } = stream();
    socket().open();
    const topics = (symbol: string): string[] => [`orderbook.50.${symbol}`, `publicTrade.${symbol}`, `tickers.${symbol}`];
    expect(socket().sent.map((message) => message['args'])).toEqual([[...topics('BTCUSDT'), ...topics('ETHUSDT')]]);
    expect(states).toEqual([]);
    socket().say(ACK);
    expect(states).toEqual(['up']);
  });

  it('tries again when a subscription is refused', async () => {
    const { socket, states, pass, wire } = stream();
    socket().open();
    socket().say({ ...ACK, success: false, ret_msg: 'error:handler not found' });
    expect(states).toEqual(['down subscription refused: error:handler not found']);
    await pass(1000);
    expect(wire.sockets).toHaveLength(2);
  });

  it('asks for a new snapshot after a gap, once, and reports only what it then knows', async () => {
    const { socket, events, pass, up } = stream();
    up();
    socket().say(book('snapshot', 10));
    socket().say(book('delta', 12));
    socket().say(book('delta', 13));
    await pass(1);
    socket().say(book('delta', 14));
    expect(events.map(({ type }) => type)).toEqual(['book', 'bookLost']);
    expect(events[1]).toMatchObject({ symbol: 'BTCUSDT', reason: 'sequence 12 after 10' });
    expect(socket().sent.slice(1)).toEqual([
      { op: 'unsubscribe', args: ['orderbook.50.BTCUSDT'] },
      { op: 'subscribe', args: ['orderbook.50.BTCUSDT'] },
    ]);
    socket().say(ACK);
    socket().say(book('snapshot', 15));
    socket().say(book('delta', 16));
    expect(events.slice(2).map(({ type }) => type)).toEqual(['book', 'book']);
    expect(events.at(-1)).toMatchObject({ symbol: 'BTCUSDT', at: 4 });
  });

  it('does not ask again and again for a book that is always wrong', async () => {
    const { socket, pass, up, states } = stream();
    up();
    socket().say(book('snapshot', 1, 'ETHUSDT'));
    for (let i = 0; i < 50; i += 1) {
      socket().say(book('snapshot', 10));
      socket().say(book('delta', 12));
      await pass(100);
    }
    const subscriptions = socket().sent.filter((message) => message['op'] === 'subscribe');
    expect(subscriptions.length).toBeLessThanOrEqual(1 + 6);
    expect(states).toEqual(['up']);
  });

  it('starts over when no snapshot comes', async () => {
    const { socket, states, pass, up } = stream();
    up();
    socket().say(book('snapshot', 1, 'ETHUSDT'));
    await pass(5001);
    expect(states).toEqual(['up', 'down no book of BTCUSDT']);
  });

  it('loses every book with the connection, and has new ones after it', async () => {
    const { socket, events, states, pass, up } = stream();
    up();
    socket().say(book('snapshot', 10));
    socket().say(book('snapshot', 20, 'ETHUSDT'));
    socket().drop('1006');
    expect(events.slice(2)).toEqual([
      { type: 'bookLost', symbol: 'BTCUSDT', reason: 'disconnected' },
      { type: 'bookLost', symbol: 'ETHUSDT', reason: 'disconnected' },
    ]);
    await pass(1000);
    up();
    socket().say(book('snapshot', 3));
    expect(states).toEqual(['up', 'down 1006', 'up']);
    expect(events.at(-1)).toMatchObject({ type: 'book', symbol: 'BTCUSDT' });
  });

  it('fills sparse ticker changes from what it knew', () => {
    const { socket, events, up } = stream();
    up();
    const messages = fixtureMessages('bybit-capture/linear_tickers_BTCUSDT.ndjson.gz');
    for (const message of messages) socket().say(message);
    expect(events).toHaveLength(messages.length);
    for (const event of events) {
      expect(event).toMatchObject({ type: 'ticker', ticker: { symbol: 'BTCUSDT' } });
      if (event.type === 'ticker') for (const price of Object.values(event.ticker).slice(1)) expect(price).toBeGreaterThan(600_000);
    }
    socket().say({ topic: 'tickers.BTCUSDT', type: 'snapshot', ts: 1, data: { symbol: 'BTCUSDT', markPrice: '', lastPrice: '50000.17' } });
    expect(events.at(-1)).toMatchObject({ ticker: { markPrice: undefined, lastPrice: 500_002 }, at: 1 });
  });

  it('passes trades on, the taker’s side, and nothing about symbols that nobody asked for', () => {
    const { socket, events, up } = stream();
    up();
    const row = { T: 7, s: 'BTCUSDT', S: 'Sell', v: '0.002', p: '50000.00', BT: false };
    socket().say({ topic: 'publicTrade.BTCUSDT', type: 'snapshot', ts: 8, data: [row, { ...row, BT: true }] });
    socket().say({ topic: 'publicTrade.XRPUSDT', type: 'snapshot', ts: 8, data: [row] });
    socket().say({ topic: 'publicTrade.BTCUSDT', type: 'snapshot', ts: 8, data: null });
    socket().say({ topic: 'somethingNew.BTCUSDT', data: [] });
    expect(events).toEqual([{ type: 'trades', symbol: 'BTCUSDT', trades: [{ price: 500_000, quantity: 2, side: 'sell', at: 7 }], at: 8 }]);
  });

  it('leaves no timer behind when it is closed', async () => {
    const { clock, socket, sut, up } = stream();
    up();
    socket().say(book('snapshot', 10));
    socket().say(book('delta', 12));
    sut.close();
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });
});
