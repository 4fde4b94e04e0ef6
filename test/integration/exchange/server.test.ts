import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

describe('the server', () => {
  let embedded: EmbeddedExchange;
  let server: RunningServer;

  beforeAll(async () => {
    embedded = createEmbeddedExchange({ clock: systemClock, random: seededRandom('server'), symbols: ['BTCUSDT'], market: 'calm' });
    server = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
  });

  afterAll(async () => {
    embedded.stop();
    await server.close();
  });

  const request = (path: string, options: http.RequestOptions = {}, body = ''): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = http.request(`${server.restUrl}${path}`, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });

  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(Number(new URL(server.restUrl).port), '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });

  test('answers nonsense instead of breaking', async () => {
    expect(await raw('NOT HTTP\r\n\r\n')).toContain('400 Bad Request');
    expect((await request('/v5/order/create', { method: 'POST' }, 'x'.repeat(300_000))).status).toBe(413);
    expect((await request('/%E0%A4%A')).status).toBe(404);
    expect((await request('/v5/market/orderbook?category=linear&symbol=%E0%A4%A')).status).toBe(200);
    expect((await request('/v5/market/time')).status).toBe(200);
  });

  test('opens sockets only where there is one', async () => {
    const status = await new Promise<string>((resolve) => {
      new WebSocket(`${server.wsUrl}/v5/nothing`).on('error', (error) => resolve(error.message));
    });
    expect(status).toContain('404');
  });

  test('a connection that breaks the protocol ends alone', async () => {
    const ended = await new Promise<number>((resolve) => {
      const socket = new WebSocket(`${server.wsUrl}/v5/public/linear`);
      socket.on('open', () => socket.send(Buffer.alloc(300_000)));
      socket.on('error', () => undefined);
      socket.on('close', resolve);
    });
    expect(ended).not.toBe(1000);
    expect((await request('/v5/market/time')).status).toBe(200);
  });

  test('close ends every connection', async () => {
    const other = await startServer(embedded.surface, { host: '127.0.0.1', port: 0 });
    const socket = new WebSocket(`${other.wsUrl}/v5/public/linear`);
    await new Promise((resolve) => socket.on('open', resolve));
    const gone = new Promise((resolve) => socket.on('close', resolve));
    await other.close();
    await gone;
    await expect(startServer(embedded.surface, { host: '127.0.0.1', port: Number(new URL(server.restUrl).port) })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
