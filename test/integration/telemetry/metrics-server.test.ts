import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startMetricsServer } from '../../../src/telemetry/metrics-server.ts';

/** A server whose scrapes are counted, and take until `release` is called. */
async function countingServer() {
  let scrapes = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const server = await startMetricsServer({
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    health: () => ({ alive: true, ready: true, state: 'active' }),
    contentType: 'text/plain',
    async scrape() {
      scrapes += 1;
      await released;
      return 'x'.repeat(40_000);
    },
  });
  onTestFinished(() => server.close());
  return { url: server.url, port: Number(new URL(server.url).port), scrapes: () => scrapes, release };
}

const REQUEST = 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

test('a connection that sends a request before its answer is closed, and nothing more is computed for it', async () => {
  const { port, scrapes, release } = await countingServer();
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.write(REQUEST.repeat(3000));
  client.resume();
  await closed;
  release();
  expect(scrapes()).toBe(1);
});

test('requests at one time share one scrape, and each is answered', async () => {
  const { url, scrapes, release } = await countingServer();
  const asked = Array.from({ length: 10 }, () => fetch(`${url}/metrics`).then(async (response) => (await response.text()).length));
  // It is answered at once: by then the others have been taken.
  while (scrapes() === 0) await fetch(`${url}/healthz`);
  for (let i = 0; i < 10; i += 1) await fetch(`${url}/healthz`);
  release();
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 10 }, () => 40_000));
  expect(scrapes()).toBe(1);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect(scrapes()).toBe(2);
});
