import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createEmbeddedExchange } from '../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../src/simulator/server.ts';
import { at } from '../../src/util/array.ts';
import { systemClock } from '../../src/util/clock.ts';
import { seededRandom } from '../../src/util/random.ts';

const CLIENTS = [1, 10, 50];
const TOPICS = ['orderbook.50.BTCUSDT', 'publicTrade.BTCUSDT', 'tickers.BTCUSDT'];
const ROUND_MS = 2000;
/** An exchange whose time runs this much faster sends as many messages as a busy day of many symbols. */
const FASTER = 400;

function hurried(): typeof systemClock {
  const startedAt = systemClock.monotonic();
  const elapsed = (): number => (systemClock.monotonic() - startedAt) * FASTER;
  return {
    now: () => Math.floor(1_700_000_000_000 + elapsed()),
    monotonic: elapsed,
    schedule: (delayMs, task) => systemClock.schedule(delayMs / FASTER, task),
  };
}

async function subscriber(url: string, onMessage: (bytes: number) => void): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('message', (data: Buffer) => onMessage(data.length));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ op: 'subscribe', args: TOPICS }));
  return socket;
}

it('messages per second of the public feed to clients on loopback', { timeout: 60_000 }, async () => {
  for (const clients of CLIENTS) {
    const random = seededRandom('bench');
    const exchange = createEmbeddedExchange({ clock: hurried(), random, symbols: ['BTCUSDT'], market: 'btc', limits: 'off' });
    const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
    const counts = Array.from({ length: clients }, () => 0);
    let bytes = 0;
    const sockets: WebSocket[] = [];
    for (let i = 0; i < clients; i += 1)
      sockets.push(
        await subscriber(`${server.wsUrl}/v5/public/linear`, (length) => {
          counts[i] = at(counts, i) + 1;
          bytes += length;
        }),
      );
    exchange.start();
    const startedAt = performance.now();
    await new Promise((resolve) => {
      setTimeout(resolve, ROUND_MS);
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const messages = counts.reduce((sum, count) => sum + count, 0);
    for (const socket of sockets) socket.terminate();
    exchange.stop();
    await server.close();
    const rate = `${(messages / seconds / 1000).toFixed(1)} k messages/s, ${(bytes / seconds / 1e6).toFixed(1)} MB/s`;
    console.log(`${String(clients).padStart(3)} clients: ${rate} (clients in the same process)`);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  }
});
