import http from 'node:http';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { withLedgerDoor } from '../../../src/simulator/ledger/ledger-endpoint.ts';
import { startServer } from '../../../src/simulator/server.ts';
import type { Surface, SurfacePeer } from '../../../src/simulator/bybit-api/surface.ts';
import { startMetricsServer } from '../../../src/telemetry/metrics-server.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { Message } from '../../../src/util/message.ts';
import { seededRandom } from '../../../src/util/random.ts';

type Headers = Readonly<Record<string, string>>;

function get(url: string, headers: Headers = {}, path = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end();
  });
}

async function exchange(): Promise<string> {
  const random = seededRandom('doors');
  const embedded = createEmbeddedExchange({ clock: systemClock, random, symbols: ['BTCUSDT'], market: 'none' });
  const server = await startServer(withLedgerDoor(embedded, systemClock), { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    embedded.stop();
    await server.close();
  });
  return server.restUrl;
}

async function metrics(token?: string): Promise<string> {
  const server = await startMetricsServer({
    host: '127.0.0.1',
    port: 0,
    token,
    health: () => ({ alive: true, ready: true, state: 'active' }),
    contentType: 'text/plain',
    scrape: () => Promise.resolve('mm_up 1\n'),
  });
  onTestFinished(() => server.close());
  return server.url;
}

/** Connections that begin a request and never end it. */
async function halfOpen(url: string, count: number): Promise<void> {
  const { hostname, port } = new URL(url);
  for (let i = 0; i < count; i += 1) {
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => void socket.once('connect', resolve));
    socket.write('GET / HTTP/1.1\r\n');
  }
}

/** A request to speak another protocol; resolves when something has come of it: an answer, or the end of the connection. */
async function upgrade(url: string, path: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const heard = new Promise((resolve) => void socket.once('data', resolve).once('close', resolve));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await heard;
  return socket;
}

const HERE: readonly Headers[] = [{}, { host: 'localhost:1' }, { host: '[::1]' }, { origin: 'http://127.0.0.1:3000' }];
const ELSEWHERE: readonly Headers[] = [
  { host: 'rebound.example.org' },
  { host: '127.0.0.1.example.org' },
  { host: 'localhost.example.org:80' },
  { host: '10.0.0.5' },
  { host: 'not a host' },
  { origin: 'https://example.org' },
  { origin: 'http://localhost.example.org' },
  { origin: 'null' },
  { host: 'localhost', origin: 'https://example.org' },
];

describe('web pages of other hosts get no answer', () => {
  test('from the ledger', async () => {
    const url = `${await exchange()}/admin/ledger`;
    for (const headers of HERE) expect([headers, await get(url, headers)]).toEqual([headers, 200]);
    for (const headers of ELSEWHERE) expect([headers, await get(url, headers)]).toEqual([headers, 403]);
  });

  test('from the metrics, without a token', async () => {
    const [open, guarded] = [await metrics(), await metrics('a-token-of-some-length')];
    for (const path of ['/metrics', '/healthz', '/readyz', '/']) {
      for (const headers of HERE) expect([headers, await get(open, headers, path)]).toEqual([headers, path === '/' ? 404 : 200]);
      for (const headers of ELSEWHERE) expect([headers, await get(open, headers, path)]).toEqual([headers, 403]);
    }
    expect(await get(guarded, { host: 'rebound.example.org' }, '/metrics')).toBe(401);
    expect(await get(guarded, { host: 'bots.internal', authorization: 'Bearer a-token-of-some-length' }, '/metrics')).toBe(200);
  });
});

describe('a flood does not block other clients', () => {
  test('of connections without requests', async () => {
    for (const [url, path, count] of [
      [await metrics(), '/metrics', 100],
      [await exchange(), '/v5/market/time', 700],
    ] as const) {
      await halfOpen(url, count);
      expect(await get(url, {}, path)).toBe(200);
    }
  });

  test('of requests for another protocol, left open', async () => {
    for (const [url, path, count] of [
      [await metrics(), '/metrics', 40],
      [await exchange(), '/v5/market/time', 700],
    ] as const) {
      for (let i = 0; i < count; i += 1) await upgrade(url, path);
      expect(await get(url, {}, path)).toBe(200);
    }
  });

  test('of requests for another protocol, cut off', async () => {
    for (const [url, path] of [
      [await metrics(), '/metrics'],
      [await exchange(), '/v5/market/time'],
    ] as const) {
      const socket = await upgrade(url, path);
      const closed = new Promise((resolve) => void socket.once('close', resolve));
      if (!socket.destroyed) socket.resetAndDestroy();
      await closed;
      expect(await get(url, {}, path)).toBe(200);
    }
  });

  test('of headers, or of an endless URL', async () => {
    for (const [url, path] of [
      [await metrics(), '/metrics'],
      [await exchange(), '/v5/market/time'],
    ] as const) {
      expect(await get(url, { 'x-long': 'x'.repeat(20_000) }, path)).toBe(431);
      expect(await get(url, {}, `${path}?${'x'.repeat(20_000)}`)).toBe(431);
      expect(await get(url, {}, path)).toBe(200);
    }
  });

  test.each([
    ['metrics', metrics, '/metrics', 405],
    ['exchange', exchange, '/v5/order/create', 413],
  ])('of a body without end: %s', async (_, open, path, refused) => {
    const { hostname, port } = new URL(await open());
    const socket = net.connect(Number(port), hostname);
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    const closed = new Promise((resolve) => void socket.once('close', resolve));
    more();
    await closed;
    expect(said).toContain(` ${refused} `);
  });
});

describe('a client that does not read', () => {
  test('is disconnected with the reason, and its unread data is bounded', async () => {
    const peers: SurfacePeer[] = [];
    const ended: string[] = [];
    const surface: Surface = {
      http: () => Promise.reject(new Error('none')),
      connect(path, peer) {
        peers.push(peer);
        return { message: () => undefined, closed: () => void ended.push(path) };
      },
      close: () => undefined,
    };
    const server = await startServer(surface, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const [slow, good] = [new WebSocket(`${server.wsUrl}/slow`), new WebSocket(`${server.wsUrl}/good`)];
    await Promise.all([slow, good].map((socket) => new Promise((resolve) => void socket.once('open', resolve))));
    const heard = { slow: 0, good: 0 };
    slow.on('message', () => (heard.slow += 1));
    good.on('message', () => (heard.good += 1));
    slow.pause();
    const reason = new Promise((resolve) => void slow.once('close', (code, text) => resolve(`${code} ${text.toString()}`)));
    const text = 'x'.repeat(50_000);
    for (let i = 0; i < 1000; i += 1) {
      for (const peer of peers) peer.send(new Message(text));
      await new Promise((resolve) => void setImmediate(resolve));
    }
    slow.resume();
    expect(await reason).toMatch(/^1008 reads too slowly: \d+ bytes wait$/);
    await expect.poll(() => [heard.good, ended]).toEqual([1000, ['/slow']]);
    // What the system had taken for it, and two megabytes.
    expect(heard.slow).toBeLessThan(400);
  });
});
