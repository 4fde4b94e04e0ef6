import { execa } from 'execa';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));
const ROUNDS = 9;

/** A venue with one resting order, whose every answer takes nothing: what is left is our own start. */
const ROW = {
  orderId: '1',
  orderLinkId: 'mm-1',
  symbol: 'BTCUSDT',
  side: 'Buy',
  price: '1',
  qty: '1',
  cumExecQty: '0',
  orderStatus: 'New',
  stopOrderType: '',
};

const BARE = `const u = process.argv[1]; await fetch(u + '/v5/order/cancel', { method: 'POST', body: '{}' });`;
const CCXT = `const { default: ccxt } = await import('ccxt'); const u = process.argv[1]; const ex = new ccxt.bybit({ apiKey: 'k', secret: 's', enableRateLimit: false, urls: { api: { public: u, private: u } }, options: { enableUnifiedMargin: false, enableUnifiedAccount: true } }); try { await ex.privatePostV5OrderCancel({ category: 'linear', symbol: 'BTCUSDT', orderId: '1' }); } catch {}`;

test('from the start of the process to the first cancel on the wire', { timeout: 120_000 }, async () => {
  let firstCancelAt = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.includes('/v5/order/cancel') && firstCancelAt === 0) firstCancelAt = performance.now();
    request.resume();
    const list = path.includes('realtime') && firstCancelAt === 0 && path.includes('settleCoin=USDT') ? [ROW] : [];
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        retCode: 0,
        retMsg: 'OK',
        result: { list, nextPageCursor: '', success: '1', orderId: '1' },
        retExtInfo: {},
        time: Date.now(),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { BYBIT_API_KEY: 'key-000000', BYBIT_API_SECRET: 'secret-000000' };
  const time = async (args: readonly string[]): Promise<number> => {
    firstCancelAt = 0;
    const startedAt = performance.now();
    const child = execa(process.execPath, args, { env, extendEnv: false, reject: false });
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (firstCancelAt === 0) return;
        clearInterval(look);
        resolve();
      }, 1);
    });
    child.kill('SIGKILL');
    await child;
    return firstCancelAt - startedAt;
  };
  const ways = {
    'bare Node, fetch': ['--input-type=module', '-e', BARE, url],
    'mmbot cancel-all --yes': [BIN, 'cancel-all', '--rest-url', url, '--yes', '--no-halt'],
    'mmbot cancel-all --force': [BIN, 'cancel-all', '--rest-url', url, '--force', '--no-halt'],
    'plain ccxt': ['--input-type=module', '-e', CCXT, url],
  };
  const times = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) for (const [name, args] of Object.entries(ways)) times.get(name)?.push(await time(args));
  server.closeAllConnections();
  server.close();
  const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  const bare = median(times.get('bare Node, fetch') ?? []);
  console.table(
    [...times].map(([way, list]) => ({ way, 'median ms': Math.round(median(list)), 'over bare Node': (median(list) / bare).toFixed(2) })),
  );
});
