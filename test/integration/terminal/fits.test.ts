import { describe, expect, onTestFinished, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { at } from '../../../src/util/array.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { commandScene } from '../../support/cancel/cancel-command.ts';
import { userOfItsOwn } from '../../support/exchange/users.ts';
import { folderWith } from '../../support/program/folders.ts';
import { misfits } from '../../support/program/terminal-fit.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';
import { startFaultProxy } from '../../support/wires/fault-proxy.ts';
import { answering } from '../../support/wires/wire-faults.ts';

const WIDTHS = [80, 120, 200];
const WORDS = 'that is told in so many words that no line of a usual terminal has room for all of them';
const SLOW = JSON.stringify({
  numTotalTests: 3,
  numFailedTests: 1,
  success: false,
  testResults: [1, 2, 3].map((n) => ({
    name: `/x/test/integration/cancel-all/a-file-with-quite-a-long-name-${n}.test.ts`,
    status: 'failed',
    assertionResults: [
      {
        ancestorTitles: ['a suite'],
        title: `a test ${WORDS}`,
        status: n === 1 ? 'failed' : 'passed',
        failureMessages: n === 1 ? [`expected a result ${WORDS}\n    at test/x.ts:3:4`] : [],
        duration: 1000 * n,
      },
    ],
  })),
});

/** Tables and results on one stream, errors and log lines on the other. */
async function misfitsOf({ stdout, stderr }: TestHost): Promise<string[]> {
  return [...(await misfits(stdout.text, stdout.columns)), ...(await misfits(stderr.text, stderr.columns))];
}

describe.each(WIDTHS)('on a terminal of %i columns', (columns) => {
  const run = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = process.cwd()) => {
    const host = testHost({ argv, env, cwd, isTerminal: true, columns });
    return { host, exitCode: await main(host) };
  };

  test.each([
    ['all settings', []],
    ['a profile', ['--profile', 's1']],
    ['what is set', ['--profile', 's1', '--overridden']],
    ['a difference', ['--profile', 's1', '--diff', 'conservative']],
    ['one setting', ['--profile', 's1', '--why', 'risk.maxPositionUsd']],
    ['a setting with a long text', ['--profile', 's1', '--why', 'quoting.model']],
  ])('config-explain fits: %s', async (_, args) => {
    const { host } = await run(['config-explain', ...args], { MM_QUOTING_BASE_SPREAD_BPS: '1' });
    expect(host.stdout.text).toContain('│');
    expect(await misfitsOf(host)).toEqual([]);
  });

  test('config-explain fits with the long names of files', async () => {
    const folder = 'profiles/of/a/desk/that/files/them/by/year/2026/and/by/quarter';
    const cwd = folderWith({
      [`${folder}/a-profile.yaml`]: 'quoting:\n  baseSpreadBps: 2\n',
      'other.yaml': 'quoting:\n  baseSpreadBps: 3\n',
    });
    const profile = ['--profile', `${folder}/a-profile.yaml`];
    for (const args of [[], ['--diff', 'other.yaml'], ['--why', 'quoting.baseSpreadBps']])
      expect(await misfitsOf((await run(['config-explain', ...profile, ...args], {}, cwd)).host)).toEqual([]);
  });

  test('errors of the configuration and of the command line fit', async () => {
    const sets = ['quoting.baseSpreadBps=x', 'risk.maxPositionUsd=-1', 'quoting.unknown=3', 'quoting.model=none'];
    const wrong = await run(['soak', ...sets.flatMap((set) => ['--set', set])]);
    expect([wrong.exitCode, wrong.host.stderr.text]).toEqual([2, expect.stringContaining('hint: ')]);
    expect(await misfitsOf(wrong.host)).toEqual([]);
    expect(await misfitsOf((await run(['soak', '--market', 'unknown'])).host)).toEqual([]);
    expect(await misfitsOf((await run(['soak', '--faults', 'unknown'])).host)).toEqual([]);
    expect(await misfitsOf((await run(['live', '--venue', 'mainnet'])).host)).toEqual([]);
  });

  test('soak fits, and so does what it says about its invariants', async () => {
    const args = [
      '--symbols',
      'BTCUSDT,ETHUSDT',
      '--clock',
      'virtual',
      '--duration',
      '1m',
      '--faults',
      'lost-reply,socket-drop',
      '--seed',
      '7',
    ];
    const { host } = await run(['soak', '--profile', 's1', '--out', folderWith(), ...args]);
    expect(host.stdout.text).toContain('│ net edge');
    expect(await misfitsOf(host)).toEqual([]);
    expect(await misfitsOf((await run(['soak', '--explain-invariants'])).host)).toEqual([]);
  });

  test('load-test fits', async () => {
    const args = ['--clock', 'virtual', '--symbols', '1', '--market', 'calm', '--seed', '7', '--rate', '8/s', '--duration', '30'];
    const { host } = await run(['load-test', '--out', folderWith(), ...args]);
    expect(host.stdout.text).toMatch(/│ ?schedule/);
    expect(await misfitsOf(host)).toEqual([]);
  });

  test('live --preflight-only fits, also where it warns', async () => {
    const random = seededRandom(`fits ${columns}`);
    const exchange = createEmbeddedExchange({ clock: systemClock, random, symbols: ['BTCUSDT'], market: 'calm', ...userOfItsOwn() });
    const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
    exchange.start();
    // A warning and a failure have the longest texts.
    const permissions = { permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['Withdraw'] }, ips: ['*'] };
    const { restUrl } = await startFaultProxy(server.restUrl, { fault: answering('v5/user/query-api', () => permissions) });
    onTestFinished(async () => {
      exchange.stop();
      await server.close();
    });
    const { apiKey, secret } = at(exchange.keys, 0);
    const place = ['--rest-url', restUrl, '--symbols', 'BTCUSDT', '--state-dir', folderWith()];
    const { host } = await run(['live', '--preflight-only', ...place], { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret });
    expect([host.stdout.text, host.stderr.text]).toEqual([
      expect.stringContaining('CHECK'),
      expect.stringMatching(/error preflight .*warn preflight /s),
    ]);
    expect(await misfitsOf(host)).toEqual([]);
  });

  test('cancel-all fits: its plan, its question, its proof, and what remains', async (context) => {
    const scene = await commandScene(context);
    scene.rest(3, 'mm-an-id-as-long-as-they-get-');
    const questions: string[] = [];
    const person = { isTerminal: true, columns, answer: (question: string) => (questions.push(question), 'n') };
    expect(await misfitsOf(await scene.cancelAll(['--dry-run'], person))).toEqual([]);
    await scene.startBot();
    expect(await misfitsOf(await scene.cancelAll([], person))).toEqual([]);
    expect(await misfits(questions.join('\n'), columns)).toEqual([]);
    expect(await misfitsOf(await scene.cancelAll(['--force', '--deadline', '1'], person))).toEqual([]);
  });

  test('test-summary fits: failures, suites and the slowest tests', async () => {
    const { host } = await run(['test-summary', 'vitest.json'], {}, folderWith({ 'vitest.json': SLOW }));
    expect(host.stdout.text).toContain('Slowest');
    expect(await misfitsOf(host)).toEqual([]);
  });
});
