import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { exchangeCommand } from '../../../src/commands/exchange/exchange.ts';
import { MmbotError } from '../../../src/errors.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

interface Document {
  readonly schemaVersion: number;
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly seed: string;
  readonly keys: readonly { readonly apiKey: string; readonly secret: string }[];
}

async function started(args: readonly string[]): Promise<{ host: TestHost; done: Promise<unknown> }> {
  const host = testHost();
  const done = exchangeCommand(host).exitOverride().parseAsync(args, { from: 'user' });
  const early = done.then(() => 'ended');
  while (host.stdout.text === '') if ((await Promise.race([early, new Promise((resolve) => setImmediate(resolve))])) === 'ended') break;
  return { host, done };
}

describe('mmbot exchange', () => {
  test('prints where it is and the keys, serves, and ends on a signal', async () => {
    const { host, done } = await started(['--json', '--accounts', '2', '--seed', 's', '--symbols', 'BTCUSDT,ETHUSDT']);
    const document = JSON.parse(host.stdout.text) as Document;
    expect(document).toMatchObject({ schemaVersion: 1, seed: 's', symbols: ['BTCUSDT', 'ETHUSDT'] });
    expect(document.restUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(document.keys).toHaveLength(2);
    const socket = new WebSocket(`${document.wsUrl}/v5/public/linear`);
    await new Promise((resolve) => socket.on('open', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    host.signal('SIGTERM');
    await done;
    await closed;
  });

  test('a seed sets the keys', async () => {
    const texts: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const { host, done } = await started(['--seed', 'same']);
      texts.push(host.stdout.text.replaceAll(/127\.0\.0\.1:\d+/g, ''));
      host.signal('SIGINT');
      await done;
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('api key');
  });

  test('wrong arguments and a taken port are usage errors', async () => {
    const { host, done } = await started(['--json']);
    const { port } = new URL((JSON.parse(host.stdout.text) as Document).restUrl);
    const failing = (args: readonly string[]) =>
      exchangeCommand(testHost())
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .parseAsync(args, { from: 'user' });
    await expect(failing(['--port', port])).rejects.toMatchObject({ code: 'cannot_listen', exitCode: 2 });
    await expect(failing(['--symbols', 'NOPEUSDT'])).rejects.toThrow(MmbotError);
    await expect(failing(['--accounts', '0'])).rejects.toThrow('whole number from 1 to 100');
    await expect(failing(['--limits', 'vip9'])).rejects.toThrow('vip9');
    for (const latency of ['fast', '20', '-5ms', '20ms,', '99999ms'])
      await expect(failing(['--latency', latency])).rejects.toThrow('none, realistic');
    for (const deposit of ['0', '-1', '1e5', '10000000.01', '1.123456789'])
      await expect(failing(['--deposit', deposit])).rejects.toThrow('amount of USDT');
    await expect(failing(['--clock-skew', '1.5'])).rejects.toThrow('whole number from -86400000');
    host.signal('SIGINT');
    await done;
  });

  test('opens its own records with --ledger alone, and shows what the other options did', async () => {
    const args = '--json --ledger --accounts 2 --deposit 5000.5 --limits vip2 --latency none --clock-skew -300000 --maker-fee -0.005%';
    const { host, done } = await started(args.split(' '));
    const document = JSON.parse(host.stdout.text) as Document & { readonly ledgerUrl: string };
    expect(document).toMatchObject({ limits: 'vip2', latency: 'none', makerFeeBps: -0.5, takerFeeBps: 5.5, clockSkewMs: -300_000 });
    const ask = async (url: string): Promise<{ status: number; json: unknown; limit: string | null }> => {
      const response = await fetch(url);
      return { status: response.status, json: await response.json(), limit: response.headers.get('x-bapi-limit') };
    };
    const askedAt = Date.now();
    const { time } = (await ask(`${document.restUrl}/v5/market/time`)).json as { readonly time: number };
    expect([askedAt - 300_000 <= time, time <= Date.now() - 300_000]).toEqual([true, true]);
    expect((await ask(`${document.restUrl}/v5/order/realtime`)).json).toMatchObject({ retCode: 10001 });
    const apiKey = document.keys[1]?.apiKey ?? '';
    const { status, json, limit } = await ask(`${document.ledgerUrl}?apiKey=${apiKey}`);
    expect({ status, limit }).toEqual({ status: 200, limit: null });
    expect(json).toEqual({
      schemaVersion: 1,
      ok: true,
      time: expect.any(Number),
      accounts: [
        {
          apiKey,
          openOrders: [],
          executions: [],
          positions: [],
          wallet: expect.objectContaining({ deposit: '5000.5', balance: '5000.5', equity: '5000.5' }),
          counts: expect.objectContaining({ created: 0, worstRollingSecond: 0, buckets: [] }),
        },
      ],
      addresses: [{ address: '127.0.0.1', requests: 2, worstFiveSeconds: 2, isBanned: false }],
    });
    expect((await ask(document.ledgerUrl)).json).toMatchObject({ accounts: [{}, { apiKey }] });
    expect((await ask(`${document.ledgerUrl}?apiKey=nobody`)).status).toBe(404);
    host.signal('SIGTERM');
    await done;
  });

  test('without --ledger there is no such endpoint', async () => {
    const { host, done } = await started(['--json']);
    const { restUrl } = JSON.parse(host.stdout.text) as Document;
    const response = await fetch(`${restUrl}/admin/ledger`);
    expect({ status: response.status, json: await response.json() }).toMatchObject({ status: 404, json: { retCode: 10017 } });
    host.signal('SIGINT');
    await done;
  });
});
