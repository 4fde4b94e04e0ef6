import { execa } from 'execa';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test, type TestContext, vi } from 'vitest';
import { systemClock } from '../../../src/util/clock.ts';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { main } from '../../../src/main.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import type { Surface, SurfaceResponse } from '../../../src/simulator/bybit-api/surface.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { beginJournal, NO_HISTORY } from '../../../src/store/journal-folder.ts';
import { at } from '../../../src/util/array.ts';
import { randomId, seededRandom, systemRandom } from '../../../src/util/random.ts';
import { nameByKey } from '../../../src/wiring/account-names.ts';
import { FAR_AWAY, PATIENT } from '../../support/bots/live-bot.ts';
import { START } from '../../support/builders/journals.ts';
import { userOfItsOwn } from '../../support/exchange/users.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

/** A terminal narrower than most commands. */
const COLUMNS = 60;
const LEFT: JournalRecord = {
  type: 'placeIntent',
  at: 2,
  order: {
    symbol: 'BTCUSDT',
    side: 'buy',
    postOnly: true,
    reduceOnly: false,
    clientOrderId: 'mm-left-1',
    price: ticks(600_000),
    quantity: lots(1),
  },
};
const FROZEN: JournalRecord = { type: 'freeze', at: 3, reason: 'daily_loss' };

type OnEnd = TestContext['onTestFinished'];
type Answer = (path: string) => object | undefined;

/** An exchange in this process whose server may be away for a while, or refuse some requests; and what runs against it. */
async function openScene(onEnd: OnEnd) {
  const random = seededRandom(randomId(systemRandom, 8));
  const exchange = createEmbeddedExchange({ clock: systemClock, random, symbols: ['BTCUSDT'], market: 'calm', ...userOfItsOwn() });
  const { apiKey, secret } = at(exchange.keys, 0);
  let refusal: Answer = () => undefined;
  const surface: Surface = {
    ...exchange.surface,
    async http(request) {
      const body = refusal(request.path);
      return body === undefined ? exchange.surface.http(request) : { ...OK, body: JSON.stringify(body) };
    },
  };
  let server = await startServer(surface, { host: '127.0.0.1', port: 0 });
  const { restUrl } = server;
  exchange.start();
  onEnd(async () => {
    exchange.stop();
    await server.close();
  });
  const keyFile = JSON.stringify({ apiKey, secret });
  const cwd = folderWith({ 'my key.json': keyFile }, onEnd);
  chmodSync(join(cwd, 'my key.json'), 0o600);
  const env = { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret };
  const hostFor = (argv: readonly string[], more: Parameters<typeof testHost>[0] = {}): TestHost =>
    testHost({ argv, env, cwd, isTerminal: true, columns: COLUMNS, ...more });
  return {
    restUrl,
    cwd,
    openOrders: () => exchange.venue.openOrders(0).length,
    hostFor,
    refuse(answer: Answer) {
      refusal = answer;
    },
    async dies() {
      await server.close();
    },
    async isBack() {
      refusal = () => undefined;
      await server.close();
      server = await startServer(surface, { host: '127.0.0.1', port: Number(new URL(restUrl).port) });
    },
    /** An order of an earlier run. */
    async place(orderLinkId: string) {
      const body = JSON.stringify({
        category: 'linear',
        symbol: 'BTCUSDT',
        side: 'Buy',
        orderType: 'Limit',
        price: '60000',
        qty: '0.001',
        orderLinkId,
      });
      const [timestamp, window] = [String(Date.now()), '5000'];
      const headers = {
        'x-bapi-api-key': apiKey,
        'x-bapi-timestamp': timestamp,
        'x-bapi-recv-window': window,
        'x-bapi-sign': sign(secret, `${timestamp}${apiKey}${window}${body}`),
      };
      await fetch(`${restUrl}/v5/order/create`, { method: 'POST', headers, body });
      await until(() => exchange.venue.openOrders(0).length > 0);
    },
    /** The journal of an earlier run. */
    async journal(records: readonly JournalRecord[]) {
      const name = nameByKey({ restUrl }, apiKey);
      const folder = join(cwd, '.mmbot', name);
      mkdirSync(folder, { recursive: true });
      const journal = beginJournal(folder, START, NO_HISTORY);
      journal.append(...records);
      await journal.synced();
      journal.close();
      writeFileSync(join(folder, 'account'), `${name}\n`);
    },
    /** Runs a command as a shell reads it. */
    async run(command: string) {
      const { words, keyFile: file } = await shellWords(command, cwd);
      const host = testHost({ argv: words, env: file === '' ? env : { BYBIT_KEY_FILE: file }, cwd });
      return { exitCode: await main(host), text: host.stdout.text + host.stderr.text };
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

const OK: Pick<SurfaceResponse, 'status' | 'statusText' | 'headers'> = {
  status: 200,
  statusText: 'OK',
  headers: { 'Content-Type': 'application/json' },
};

async function until(isTrue: () => boolean): Promise<void> {
  await vi.waitUntil(isTrue, { timeout: 60_000, interval: 20 });
}

/** The words that `mmbot` is called with, and the key file in its environment. */
async function shellWords(command: string, cwd: string): Promise<{ words: readonly string[]; keyFile: string }> {
  const bin = join(cwd, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'mmbot'), '#!/bin/sh\nprintf "%s\\n" "$BYBIT_KEY_FILE" "$@"\n', { mode: 0o755 });
  const PATH = [bin, '/usr/bin', '/bin'].join(delimiter);
  const { stdout } = await execa('/bin/sh', ['-c', command], { env: { PATH }, extendEnv: false });
  const [keyFile = '', ...words] = stdout.split('\n');
  return { words, keyFile };
}

/** The commands that stand on lines of their own, or are the field `run` of a JSON document. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^ {2}((?:\w+=(?:'[^']*'|\S)* )*mmbot .*)$/gm)].map(([, command = '']) => command);
  const fields = [...text.matchAll(/"run": ("(?:[^"\\]|\\.)*")/g)].map(([, field = '']) => String(JSON.parse(field)));
  return [...lines, ...fields];
}

/** A bot that quotes on this exchange, and is told to stop when `onQuoting` has been called. */
async function quotes(
  scene: Scene,
  args: readonly string[],
  onQuoting: () => Promise<unknown>,
  env?: Record<string, string>,
): Promise<string> {
  const host = scene.hostFor(
    ['live', '--rest-url', scene.restUrl, '--no-guard', ...FAR_AWAY, ...PATIENT, ...args],
    env === undefined ? {} : { env },
  );
  const running = main(host);
  await until(() => scene.openOrders() > 0);
  await onQuoting();
  host.signal('SIGTERM');
  await running;
  return host.stdout.text + host.stderr.text;
}

const SHORT = ['--set', 'execution.stopDeadlineMs=9750', '--set', 'bybit.recvWindowMs=500'];
const KEY_UNKNOWN = { retCode: 10_003, retMsg: 'API key is invalid.' };

interface Way {
  readonly name: string;
  /** Brings the program to say the command, and returns all that it has said. */
  readonly say: (scene: Scene) => Promise<string>;
  readonly scope: 'all' | 'mine';
  /** At least this often. */
  readonly orders?: number;
}

const WAYS: readonly Way[] = [
  {
    name: 'a bot whose exchange dies when it stops',
    scope: 'all',
    say: (scene) => quotes(scene, SHORT, scene.dies),
  },
  {
    name: 'the same on an account of several, with its key in a file',
    scope: 'mine',
    say: (scene) => quotes(scene, [...SHORT, '--foreign-orders', 'ignore'], scene.dies, { BYBIT_KEY_FILE: 'my key.json' }),
  },
  {
    name: 'a start after a freeze that did not end cleanly, in JSON',
    scope: 'mine',
    async say(scene) {
      await scene.journal([LEFT, FROZEN]);
      await scene.place('mm-left-1');
      const host = scene.hostFor(['live', '--rest-url', scene.restUrl, '--json'], { isTerminal: false });
      expect(await main(host)).toBe(4);
      return host.stdout.text;
    },
  },
  {
    name: 'a start that cannot read the orders of an earlier run',
    scope: 'mine',
    async say(scene) {
      await scene.journal([LEFT]);
      await scene.place('mm-left-1');
      let isArmed = false;
      scene.refuse((path) => {
        isArmed ||= path.endsWith('disconnected-cancel-all');
        return isArmed && /order.(realtime|cancel)/.test(path) ? KEY_UNKNOWN : undefined;
      });
      const host = scene.hostFor(['live', '--rest-url', scene.restUrl, '--no-guard', ...SHORT]);
      expect(await main(host)).toBe(4);
      return host.stderr.text;
    },
    // They were canceled over the socket, which it cannot see.
    orders: 0,
  },
  {
    name: 'checks alone, after a run that did not end cleanly',
    scope: 'mine',
    async say(scene) {
      await scene.journal([LEFT]);
      await scene.place('mm-left-1');
      const host = scene.hostFor(['live', '--rest-url', scene.restUrl, '--preflight-only']);
      expect(await main(host)).toBe(0);
      return host.stderr.text;
    },
  },
  {
    name: 'a second bot of the account',
    scope: 'mine',
    async say(scene) {
      let said = '';
      await quotes(scene, [], async () => {
        const host = scene.hostFor(['live', '--rest-url', scene.restUrl]);
        expect(await main(host)).toBe(2);
        said = host.stderr.text;
        const [command = ''] = commandsIn(said);
        expect((await scene.run(command)).exitCode).toBe(0);
      });
      return said;
    },
    orders: 0,
  },
  {
    name: 'a load on an account with orders of mmbot',
    scope: 'mine',
    async say(scene) {
      await scene.place('mm-left-1');
      const host = scene.hostFor(['load-test', '--rest-url', scene.restUrl, '--symbols', 'BTCUSDT']);
      expect(await main(host)).toBe(2);
      return host.stderr.text;
    },
  },
  {
    name: 'a load whose exchange dies before it is stopped',
    scope: 'mine',
    async say(scene) {
      const load = ['load-test', '--rest-url', scene.restUrl, '--symbols', 'BTCUSDT', '--rate', '5/s'];
      const host = scene.hostFor([...load, ...SHORT]);
      const running = main(host);
      await until(() => scene.openOrders() > 1);
      await scene.dies();
      // It would wait for the exchange for minutes.
      host.signal('SIGTERM');
      expect(await running).toBe(4);
      return host.stdout.text + host.stderr.text;
    },
  },
];

test.concurrent('a load that cancel-all halts says so', async ({ onTestFinished }) => {
  const scene = await openScene(onTestFinished);
  const load = scene.hostFor(['load-test', '--rest-url', scene.restUrl, '--symbols', 'BTCUSDT', '--rate', '5/s']);
  const running = main(load);
  await until(() => scene.openOrders() > 1);
  expect((await scene.run(`mmbot cancel-all --rest-url ${scene.restUrl} --mine --force`)).exitCode).toBe(0);
  expect([await running, load.stderr.text]).toEqual([
    5,
    expect.stringContaining('error: the load was stopped: halted by mmbot cancel-all'),
  ]);
});

describe.concurrent('the command that a text names works as it is printed:', () => {
  test.for(WAYS)('$name', { timeout: 90_000 }, async ({ say, scope, orders = 1 }, { onTestFinished }) => {
    const scene = await openScene(onTestFinished);
    const said = await say(scene);
    await scene.isBack();
    expect(scene.openOrders()).toBeGreaterThanOrEqual(orders);
    const commands = commandsIn(said);
    expect(said.match(/mmbot cancel-all/g) ?? []).toHaveLength(commands.length);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of new Set(commands)) {
      expect(command.includes(' --mine')).toBe(scope === 'mine');
      const { exitCode, text } = await scene.run(command);
      expect([exitCode, text]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
    }
    expect(scene.openOrders()).toBe(0);
  });
});
