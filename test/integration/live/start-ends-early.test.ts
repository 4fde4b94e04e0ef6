import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardName, nameByKey } from '../../../src/wiring/account-names.ts';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import type { Companion } from '../../../src/host.ts';
import { main } from '../../../src/main.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { beginJournal, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { at } from '../../../src/util/array.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../../../src/util/random.ts';
import { startFaultProxy } from '../../support/wires/fault-proxy.ts';
import { folderWith } from '../../support/program/folders.ts';
import { START } from '../../support/builders/journals.ts';
import { testHost } from '../../support/program/test-host.ts';
import { userOfItsOwn } from '../../support/exchange/users.ts';
import { answering, json, pathOf, type Fault } from '../../support/wires/wire-faults.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'buy', postOnly: true, reduceOnly: false } as const;
const LEFT: JournalRecord = {
  type: 'placeIntent',
  at: 2,
  order: { ...ORDER, clientOrderId: 'mm-left-1', price: ticks(600_000), quantity: lots(1) },
};
const FROZEN: JournalRecord = { type: 'freeze', at: 3, reason: 'daily_loss' };
const STOPPED: JournalRecord = { type: 'stop', at: 4, clean: true };

const keysRefused = (path: string): Fault => {
  return (request, pass) => (pathOf(request) === path ? Promise.resolve(json({ retCode: 10_003, retMsg: 'API key is invalid.' })) : pass());
};
const withdraws = answering('v5/user/query-api', () => ({ permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['Withdraw'] } }));

interface Scene {
  /** What the run before this one has written last. */
  readonly records?: readonly JournalRecord[];
  /** `folder`: of the account. */
  readonly fault?: (folder: string) => Fault;
  readonly args?: (exchangePort: string) => readonly string[];
  /** What happens to the folder of the account before the start. */
  readonly changed?: (folder: string) => void;
  /** A text on stderr at which it is told to stop. */
  readonly stopAt?: string;
  /** The same, where the program breaks. */
  readonly breakAt?: string;
}

/** `mmbot live` on an exchange in this process, after a run that has left a journal; and what each guard that it starts was told. */
async function start({
  records = [LEFT],
  fault = () => (_, pass) => pass(),
  args = () => [],
  changed = () => undefined,
  stopAt,
  breakAt,
}: Scene) {
  // The locks of an account are the machine's: each exchange has keys of its own.
  const random = seededRandom(randomId(systemRandom, 8));
  const exchange = createEmbeddedExchange({ clock: systemClock, random, symbols: ['BTCUSDT'], market: 'calm', ...userOfItsOwn() });
  const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
  exchange.start();
  onTestFinished(async () => {
    exchange.stop();
    await server.close();
  });
  const { apiKey, secret } = at(exchange.keys, 0);
  let folder = '';
  const { restUrl } = await startFaultProxy(server.restUrl, { fault: (...request) => fault(folder)(...request) });
  const name = nameByKey({ restUrl }, apiKey);
  const cwd = folderWith();
  folder = join(cwd, '.mmbot', name);
  mkdirSync(folder, { recursive: true });
  const journal = beginJournal(folder, START, NO_HISTORY);
  journal.append(...records);
  await journal.synced();
  journal.close();
  writeFileSync(join(folder, 'account'), `${name}\n`);
  changed(folder);
  const told: string[][] = [];
  const startBeside = (guardArgs: readonly string[]): Companion => {
    const guard = [guardArgs.join(' ')];
    told.push(guard);
    const nothing = (): void => undefined;
    return { pid: undefined, send: (line) => void guard.push(line), end: () => void guard.push('(end)'), kill: nothing, onExit: nothing };
  };
  const host = testHost({
    argv: ['live', '--rest-url', restUrl, ...args(new URL(server.restUrl).port)],
    env: { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret },
    cwd,
    onStderr(text, { signal }) {
      if (stopAt !== undefined && text.includes(stopAt)) signal('SIGTERM');
      if (breakAt !== undefined && text.includes(breakAt)) throw new Error('no idea what to do');
    },
  });
  const exitCode = await main({ ...host, startBeside });
  return {
    exitCode,
    stdout: host.stdout.text,
    stderr: host.stderr.text,
    told,
    handover: { apiKey, secret, guard: guardName(name) },
    folder,
  };
}

/** At its first request, the file that a journal needs beside it can no longer be opened. */
const diskGone = (folder: string): Fault => {
  return (request, pass) => {
    const mark = join(folder, 'freeze.mark');
    if (pathOf(request) === 'v5/account/fee-rate') {
      rmSync(mark);
      mkdirSync(mark);
    }
    return pass();
  };
};

/** How a start may end before it has canceled what an earlier run left; its code where that run ended in order; and what it says. */
const WAYS: readonly (readonly [string, number, string, Scene])[] = [
  ['a check fails', 1, 'key-withdraw', { fault: () => withdraws }],
  ['nobody tells whose the key is', 3, '10003', { fault: () => keysRefused('v5/user/query-api') }],
  ['a check cannot be made', 3, '10003', { fault: () => keysRefused('v5/account/fee-rate') }],
  ['it cannot serve metrics', 2, '--metrics-port: cannot listen', { args: (port) => ['--metrics-port', port] }],
  ['its journal cannot be begun', 2, 'freeze.mark', { fault: diskGone }],
  ['its recovery cannot read', 3, '10003', { fault: () => keysRefused('v5/execution/list') }],
  ['it is told to stop', 143, 'stopped by SIGTERM', { stopAt: '"live_started"' }],
];

describe('a start that ends before it has recovered', () => {
  test.each(WAYS)('(%s) after a run that did not end cleanly exits with 4, and a guard cancels', async (_, __, reason, scene) => {
    const { exitCode, stdout, stderr, told, handover } = await start(scene);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('ORDERS MAY REMAIN')]);
    expect(stdout + stderr).toContain(reason);
    expect(stderr).toContain('mm-left-1');
    expect(told).toHaveLength(1);
    const [[args = '', line = '', ...after] = []] = told;
    expect(args).toMatch(/^guard --rest-url \S+ --ws-url \S+$/);
    const { names, ...credentials } = JSON.parse(line) as { names: string[] };
    const emergency = { command: expect.stringMatching(/^mmbot cancel-all --rest-url \S+ --force$/) as unknown };
    expect(credentials).toMatchObject({ apiKey: handover.apiKey, secret: handover.secret, isShared: false, emergency });
    expect(names).toContain(handover.guard);
    expect(after.at(-1)).toBe('(end)');
  });

  test.each(WAYS)('(%s) after a run that ended cleanly exits with its own code', async (name, code, _, scene) => {
    const { exitCode, stderr, told } = await start({ ...scene, records: [STOPPED] });
    expect(exitCode).toBe(code);
    expect(stderr).not.toContain('REMAIN');
    // A guard of its own watches from the recovery on.
    expect(told).toHaveLength(name === 'its recovery cannot read' ? 1 : 0);
  });

  test('because trading is frozen exits with 4 too, unless the frozen run ended cleanly', async () => {
    const left = await start({ records: [LEFT, FROZEN] });
    expect([left.exitCode, left.told.length]).toEqual([4, 1]);
    expect(left.stderr).toMatch(/ORDERS MAY REMAIN: trading of this account froze .* daily_loss.*mm-left-1/);
    expect(left.stderr).toContain('--unfreeze');
    const ended = await start({ records: [FROZEN, STOPPED] });
    expect([ended.exitCode, ended.told.length]).toEqual([1, 0]);
  });

  test('with a journal that is damaged does not take that for a clean end', async () => {
    const torn: Scene['fault'] = (folder) => (request, pass) => {
      const file = join(folder, 'journal-000001.log');
      if (pathOf(request) === 'v5/user/query-api') writeFileSync(file, readFileSync(file, 'utf8').replace('"at":1', '"at":7'));
      return pass();
    };
    const { exitCode, stderr, told } = await start({ fault: torn });
    expect([exitCode, told.length]).toEqual([4, 1]);
    expect(stderr).toMatch(/ORDERS MAY REMAIN: .*checksum/);
  });

  test.each<[string, (folder: string) => void]>([
    ['with a copy beside it', (folder) => cpSync(folder, `${folder}-copy`, { recursive: true })],
    ['whose names cannot be read', (folder) => (rmSync(join(folder, 'account'), { force: true }), mkdirSync(join(folder, 'account')))],
    ['that was replaced by a file', (folder) => (rmSync(folder, { recursive: true }), writeFileSync(folder, ''))],
    ['whose parent was replaced by a file', (folder) => (rmSync(dirname(folder), { recursive: true }), writeFileSync(dirname(folder), ''))],
  ])('with a folder of the journal %s cannot tell that nothing rests', async (_, change) => {
    const { exitCode, stderr, told } = await start({ changed: change });
    expect(stderr).toMatch(/ORDERS MAY REMAIN: .*(unknown, because its journal cannot be read|mm-left-1)/);
    expect([exitCode, told.length]).toEqual([4, 1]);
  });

  test('starts no guard with --no-guard, and says who has to act', async () => {
    const { exitCode, stderr, told } = await start({ fault: () => withdraws, args: () => ['--no-guard'] });
    expect([exitCode, told]).toEqual([4, []]);
    expect(stderr).toMatch(/hint: .*--no-guard.*:\n {2}mmbot cancel-all --rest-url \S+ --mine --force\n/);
  });

  test('shows one document with --json: what failed, and that orders may rest', async () => {
    const { exitCode, stdout } = await start({ fault: () => withdraws, args: () => ['--json'] });
    const document = JSON.parse(stdout) as { checks: object[] };
    expect(document).toMatchObject({ ok: false, exitCode: 4, error: { code: 'preflight_failed' } });
    expect([exitCode, document.checks.length > 5]).toEqual([4, true]);
  });

  test.each([
    ['pass', 0, undefined],
    ['fail', 1, (): Fault => withdraws],
  ] as const)(
    'sends nothing where it was to check only: its code is that of checks that %s, and the orders are named',
    async (_, code, fault) => {
      const { exitCode, stderr, told } = await start({ args: () => ['--preflight-only'], ...(fault === undefined ? {} : { fault }) });
      expect([exitCode, told]).toEqual([code, []]);
      expect(stderr).toMatch(/"earlier_orders".*mm-left-1/);
    },
  );
});

test.each([
  ['a guard of its own takes over', []],
  ['one is started where there was none', ['--no-guard']],
] as const)('a bug while it stops leaves nothing resting: %s', async (_, args) => {
  const { exitCode, stderr, told } = await start({
    records: [STOPPED],
    args: () => ['--duration', '1', ...args],
    breakAt: '"live_stopping"',
  });
  expect([exitCode, stderr]).toEqual([70, expect.stringContaining('no idea what to do')]);
  expect(told.map((lines) => lines.at(-1))).toEqual(['(end)']);
});

test('a freeze that is lifted by a start that then fails is lifted in both of its records', async () => {
  const { exitCode, folder } = await start({
    records: [FROZEN, STOPPED],
    args: () => ['--unfreeze'],
    fault: () => keysRefused('v5/execution/list'),
  });
  expect([exitCode, readHistory(folder).frozen]).toEqual([3, undefined]);
});
