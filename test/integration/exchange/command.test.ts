import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { exchangeCommand } from '../../../src/commands/exchange.ts';
import { MmbotError } from '../../../src/errors.ts';
import { testHost, type TestHost } from '../../support/test-host.ts';

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
    host.signal('SIGINT');
    await done;
  });
});
