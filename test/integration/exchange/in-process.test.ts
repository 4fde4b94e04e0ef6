import http from 'node:http';
import { describe, expect, test } from 'vitest';
import type { WireResponse, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import { at } from '../../../src/util/array.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { Message } from '../../../src/util/message.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { testExchange, type TestExchange } from '../../support/exchange/exchange-client.ts';

const ORDER = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '64900',
  timeInForce: 'PostOnly',
};

/** Everything a listener hears, as lines. */
function recorder(log: string[], name: string): WireSocketListener {
  return {
    onOpen: () => void log.push(`${name} open`),
    onMessage: ({ text }) => void log.push(`${name} ${text}`),
    onClose: (reason) => void log.push(`${name} closed: ${reason}`),
  };
}

/** A short trading day of one client over the wire, as all the bytes it received. */
async function session(seed: string): Promise<string[]> {
  const exchange = testExchange({ seed, market: 'btc' });
  const { clock, embedded, pass, signedHeaders } = exchange;
  const wire = inProcessWire(embedded.surface, clock);
  const { apiKey, secret } = at(embedded.keys, 0);
  const log: string[] = [];
  embedded.start();
  const market = wire.open('ws://embedded/v5/public/linear', recorder(log, 'public'));
  const account = wire.open('ws://embedded/v5/private', recorder(log, 'private'));
  const trade = wire.open('ws://embedded/v5/trade', recorder(log, 'trade'));
  await pass(100);
  const expires = clock.now() + 10_000;
  for (const socket of [account, trade])
    socket.send(new Message({ op: 'auth', args: [apiKey, expires, sign(secret, `GET/realtime${expires}`)] }));
  market.send(new Message({ op: 'subscribe', args: ['orderbook.50.BTCUSDT', 'publicTrade.BTCUSDT', 'tickers.BTCUSDT'] }));
  await pass(100);
  account.send(new Message({ op: 'subscribe', args: ['order', 'execution', 'position', 'wallet'] }));
  for (let i = 0; i < 5; i += 1) {
    const header = { 'X-BAPI-TIMESTAMP': String(clock.now()) };
    trade.send(new Message({ op: 'order.create', reqId: `r${i}`, header, args: [{ ...ORDER, price: String(64_900 + i) }] }));
    trade.send(new Message({ op: 'order.create', reqId: `m${i}`, header, args: [{ ...ORDER, orderType: 'Market', timeInForce: 'IOC' }] }));
    await pass(300);
  }
  const body = JSON.stringify({ category: 'linear', settleCoin: 'USDT' });
  const url = 'http://embedded/v5/order/cancel-all';
  log.push(JSON.stringify(await clock.run(wire.request({ method: 'POST', url, headers: signedHeaders(body), body }))));
  await pass(500);
  for (const socket of [market, account, trade]) socket.close();
  await pass(10);
  await wire.close();
  return log;
}

describe('the in-process wire', () => {
  test('one seed gives the same bytes in every run, another seed gives others', async () => {
    const first = await session('seven');
    expect(first.length).toBeGreaterThan(100);
    expect(await session('seven')).toEqual(first);
    expect(await session('eight')).not.toEqual(first);
  });

  test('answers exactly what the surface answers', async () => {
    const query = 'category=linear&symbol=BTCUSDT';
    const over = async (ask: (exchange: TestExchange) => Promise<WireResponse>): Promise<WireResponse> => {
      const exchange = testExchange();
      exchange.embedded.start();
      await exchange.pass(500);
      return ask(exchange);
    };
    const direct = await over(({ clock, embedded, signedHeaders }) =>
      clock.run(
        embedded.surface.http({ method: 'GET', path: '/v5/order/realtime', query, headers: signedHeaders(query), body: '', address: 'x' }),
      ),
    );
    const wired = await over(({ clock, embedded, signedHeaders }) => {
      const headers = Object.fromEntries(Object.entries(signedHeaders(query)).map(([name, value]) => [name.toUpperCase(), value]));
      const url = `http://embedded/v5/order/realtime?${query}`;
      return clock.run(inProcessWire(embedded.surface, clock).request({ method: 'GET', url, headers, body: '' }));
    });
    expect(wired).toEqual(direct);
    expect(JSON.parse(wired.body)).toMatchObject({ retCode: 0 });
  });

  test('an aborted request rejects, and may take effect all the same', async () => {
    const { clock, embedded, pass, signedHeaders } = testExchange();
    embedded.start();
    await pass(500);
    const abort = new AbortController();
    const body = JSON.stringify(ORDER);
    const wire = inProcessWire(embedded.surface, clock);
    const url = 'http://embedded/v5/order/create';
    const request = wire.request({ method: 'POST', url, headers: signedHeaders(body), body }, abort.signal);
    abort.abort();
    await expect(request).rejects.toThrow('aborted');
    await pass(500);
    expect(embedded.venue.openOrders(0)).toHaveLength(1);
  });

  test('a socket reports its end exactly once, whichever side closed it', async () => {
    const { clock, embedded, pass } = testExchange();
    const wire = inProcessWire(embedded.surface, clock);
    const log: string[] = [];
    const mine = wire.open('ws://embedded/v5/trade', recorder(log, 'mine'));
    wire.open('ws://embedded/v5/trade', recorder(log, 'theirs'));
    wire.open('ws://embedded/v5/nothing', recorder(log, 'nowhere'));
    const early = wire.open('ws://embedded/v5/trade', recorder(log, 'early'));
    early.close();
    await pass(1);
    mine.close();
    mine.close();
    mine.send(new Message({}));
    embedded.surface.close();
    await pass(100);
    expect(log.toSorted()).toEqual([
      'early closed: closed by the client',
      'mine closed: closed by the client',
      'mine open',
      'nowhere closed: no such path',
      'theirs closed: the exchange is shutting down',
      'theirs open',
    ]);
  });
});

describe('the wire and the server', () => {
  test('serve the same bodies', async () => {
    const embedded = createEmbeddedExchange({ clock: systemClock, random: seededRandom('same'), symbols: ['BTCUSDT'], market: 'calm' });
    const server = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
    const path = '/v5/market/instruments-info?category=linear';
    const wired = await inProcessWire(embedded.surface, systemClock).request({
      method: 'GET',
      url: `http://embedded${path}`,
      headers: {},
      body: '',
    });
    const served = await new Promise<string>((resolve) => {
      http.get(`${server.restUrl}${path}`, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
      });
    });
    const timeless = (text: string): string => text.replace(/"time":\d+/, '');
    expect(timeless(served)).toBe(timeless(wired.body));
    await server.close();
  });
});
