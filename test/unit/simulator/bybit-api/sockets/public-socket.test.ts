import { describe, expect, test } from 'vitest';
import { Book } from '../../../../../src/model/book.ts';
import { lots, ticks } from '../../../../../src/model/units.ts';
import { assert } from '../../../../../src/util/assert.ts';
import { listIn, numberIn, objectIn, type JsonObject } from '../../../../../src/util/json.ts';
import { FIRST_UPDATE_ID } from '../../../../../src/simulator/bybit-api/feeds/book-feed.ts';
import { testExchange } from '../../../../support/exchange/exchange-client.ts';

const PATH = '/v5/public/linear';

async function running() {
  const exchange = testExchange();
  exchange.embedded.start();
  await exchange.pass(1000);
  return exchange;
}

function levels(side: unknown) {
  return listIn(side).map((row) => {
    const [price, quantity] = listIn(row).map(Number);
    return { price: ticks(Math.round((price ?? 0) * 10)), quantity: lots(Math.round((quantity ?? 0) * 1000)) };
  });
}

/** The book that a client holds after these messages; throws on a gap. */
function replay(messages: readonly JsonObject[]): { book: Book; updateId: number } {
  const book = new Book();
  let updateId = 0;
  for (const message of messages) {
    const data = objectIn(message['data']);
    const u = numberIn(data['u']) ?? 0;
    if (message['type'] === 'snapshot') book.clear();
    else assert(u === updateId + 1, `gap: ${updateId} to ${u}`);
    updateId = u;
    book.apply(levels(data['b']), levels(data['a']));
  }
  return { book, updateId };
}

function asRows(book: Book, depth: number) {
  const side = (name: 'bids' | 'asks') =>
    Array.from({ length: Math.min(depth, book[name].length) }, (_, i) => [book[name].price(i), book[name].quantity(i)]);
  return { bids: side('bids'), asks: side('asks') };
}

describe('the conversation', () => {
  test('pings, subscriptions and what is not understood', async () => {
    const { connect, pass } = await running();
    const socket = connect(PATH);
    socket.send({ op: 'ping' });
    socket.send({ op: 'subscribe', req_id: 7, args: ['publicTrade.BTCUSDT'] });
    socket.send({ op: 'subscribe', req_id: 'a,b', args: ['tickers.BTCUSDT', 'orderbook.500.BTCUSDT'] });
    socket.send('{');
    socket.send({ op: 'dance' });
    await pass(200);
    const [pong, subscribed, unknown, invalid, odd] = socket.messages;
    expect(pong).toMatchObject({ success: true, ret_msg: 'pong', req_id: '', op: 'ping' });
    expect(subscribed).toMatchObject({ success: true, ret_msg: '', req_id: '7', op: 'subscribe' });
    expect(unknown).toMatchObject({ success: false, ret_msg: 'error:handler not found,topic:orderbook.500.BTCUSDT', req_id: 'a,b' });
    expect(invalid).toMatchObject({ success: false });
    expect(odd).toMatchObject({ success: false });
    expect(socket.of('tickers.BTCUSDT')).toEqual([]);
  });

  test('a path that is not served is refused', () => {
    expect(testExchange().embedded.surface.connect('/v5/public/nothing', { send() {}, close() {} })).toBeUndefined();
  });

  test('silence of ten minutes ends a connection; pings keep it', async () => {
    const { connect, pass } = testExchange();
    const silent = connect('/v5/trade');
    const impatient = connect('/v5/trade?max_active_time=45s');
    const lively = connect('/v5/trade');
    const minutes = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute += 1) {
        lively.send({ op: 'ping' });
        await pass(60_000);
      }
    };
    await minutes(3);
    expect([impatient.closedWith, silent.closedWith]).toEqual(['1000 idle', undefined]);
    await minutes(8);
    expect([silent.closedWith, lively.closedWith]).toEqual(['1000 idle', undefined]);
  });
});

describe('book topics', () => {
  test.each([50, 200, 1000])('replaying depth %i gives the book of the snapshot endpoint', async (depth) => {
    const { connect, pass, embedded, http } = await running();
    const topic = `orderbook.${depth}.BTCUSDT`;
    const socket = connect(PATH);
    socket.send({ op: 'subscribe', args: [topic] });
    await pass(3000);
    embedded.venue.stop();
    await pass(500);
    const messages = socket.of(topic);
    expect(messages[0]?.['type']).toBe('snapshot');
    expect(messages.filter(({ type }) => type === 'delta').length).toBeGreaterThan(10);
    const { book, updateId } = replay(messages);
    const { result } = await http({ method: 'GET', path: '/v5/market/orderbook', query: `category=linear&symbol=BTCUSDT&limit=${depth}` });
    const served = new Book();
    served.apply(levels(result['b']), levels(result['a']));
    expect(asRows(book, depth)).toEqual(asRows(served, depth));
    // The endpoint's `u` is that of the deepest topic, which only runs while it has listeners.
    expect(result['u']).toBe(depth === 1000 ? updateId : FIRST_UPDATE_ID);
    expect(objectIn(messages.at(-1)?.['data'])['seq']).toBeLessThanOrEqual(numberIn(result['seq']) ?? 0);
  });

  test('pushes keep the cadence of their depth', async () => {
    const { connect, pass } = await running();
    const socket = connect(PATH);
    const periods = { 50: 20, 200: 100, 1000: 200 };
    for (const depth of Object.keys(periods)) socket.send({ op: 'subscribe', args: [`orderbook.${depth}.BTCUSDT`] });
    await pass(2000);
    for (const [depth, period] of Object.entries(periods)) {
      const times = socket.of(`orderbook.${depth}.BTCUSDT`).map(({ ts }) => numberIn(ts) ?? 0);
      const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
      // `ts` is in whole ms.
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(period - 1);
    }
  });

  test('a second subscriber joins at the current id, a resubscriber gets a new snapshot', async () => {
    const { connect, pass, embedded } = await running();
    const topic = 'orderbook.50.BTCUSDT';
    const first = connect(PATH);
    first.send({ op: 'subscribe', args: [topic] });
    await pass(1000);
    const second = connect(PATH);
    second.send({ op: 'subscribe', args: [topic] });
    await pass(1000);
    first.send({ op: 'unsubscribe', args: [topic] });
    first.send({ op: 'subscribe', args: [topic] });
    await pass(1000);
    embedded.venue.stop();
    await pass(200);
    expect(first.of(topic).filter(({ type }) => type === 'snapshot')).toHaveLength(2);
    const books = [first, second].map((socket) => replay(socket.of(topic)));
    const [one, two] = books.map(({ book, updateId }) => ({ rows: asRows(book, 50), updateId }));
    expect(one).toEqual(two);
  });

  test('depth 1 sends snapshots only and repeats an unchanged one after three seconds', async () => {
    const { connect, pass, embedded } = await running();
    embedded.venue.stop();
    const socket = connect(PATH);
    socket.send({ op: 'subscribe', args: ['orderbook.1.BTCUSDT'] });
    await pass(6500);
    const pushed = socket.of('orderbook.1.BTCUSDT');
    expect(pushed.map(({ type }) => type)).toEqual(['snapshot', 'snapshot', 'snapshot']);
    expect(new Set(pushed.map(({ data }) => objectIn(data)['u'])).size).toBe(1);
    expect(Object.keys(pushed[0] ?? {})).toEqual(['topic', 'ts', 'type', 'data', 'cts']);
  });

  test('nothing is pushed without a listener', async () => {
    const { connect, pass } = await running();
    const socket = connect(PATH);
    socket.send({ op: 'subscribe', args: ['orderbook.50.BTCUSDT', 'tickers.BTCUSDT', 'publicTrade.BTCUSDT', 'kline.1.BTCUSDT'] });
    await pass(500);
    socket.close();
    const count = socket.messages.length;
    await pass(1000);
    expect(socket.messages).toHaveLength(count);
  });
});

describe('the other topics', () => {
  test('tickers: all fields once, then the changed ones; trades: what the venue traded; klines: the open candle', async () => {
    const { connect, pass, embedded } = await running();
    const socket = connect(PATH);
    const before = new Set(embedded.venue.market('BTCUSDT')?.recentTrades.map(({ id }) => id));
    socket.send({ op: 'subscribe', args: ['tickers.BTCUSDT', 'publicTrade.BTCUSDT', 'kline.1.BTCUSDT'] });
    await pass(1000);
    embedded.venue.stop();
    await pass(1000);
    const [snapshot, ...deltas] = socket.of('tickers.BTCUSDT');
    expect(snapshot?.['type']).toBe('snapshot');
    const merged = Object.assign({}, ...[snapshot, ...deltas].map((message) => message?.['data'])) as JsonObject;
    expect(deltas.every(({ type, data }) => type === 'delta' && Object.keys(objectIn(data)).length < Object.keys(merged).length)).toBe(
      true,
    );
    expect(merged).toHaveProperty('openInterestValue');
    const ids = socket.of('publicTrade.BTCUSDT').flatMap(({ data }) => listIn(data).map((row) => objectIn(row)['i']));
    const traded = (embedded.venue.market('BTCUSDT')?.recentTrades ?? []).map(({ id }) => id).filter((id) => !before.has(id));
    expect(ids.length).toBeGreaterThan(0);
    expect(traded.slice(-ids.length)).toEqual(ids);
    expect(objectIn(listIn(socket.of('kline.1.BTCUSDT')[0]?.['data'])[0])).toMatchObject({ interval: '1', confirm: false });
  });

  test('a closed candle is confirmed once', async () => {
    const { connect, pass } = await running();
    const socket = connect(PATH);
    socket.send({ op: 'subscribe', args: ['kline.1.BTCUSDT'] });
    await pass(130_000);
    const rows = socket.of('kline.1.BTCUSDT').flatMap(({ data }) => listIn(data).map(objectIn));
    expect(rows.filter(({ confirm }) => confirm === true)).toHaveLength(2);
  });
});
