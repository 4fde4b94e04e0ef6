import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const KEY = 'quoting.baseSpreadBps';
const ENV = { MM_QUOTING_BASE_SPREAD_BPS: '4' };
const FLAG = ['--base-spread-bps', '5'];
const OVERRIDES = ['--overrides', 'incident.json'];
const PROFILE = ['--profile', 'desk'];

const FILES = {
  'profiles/desk.yaml': '# our desk\nquoting:\n  baseSpreadBps: 2\n',
  'incident.json': '{ "quoting.baseSpreadBps": 3 }\n',
};

const CHAIN = [
  ['cli', '5 bps', '--base-spread-bps'],
  ['env', '4 bps', 'env MM_QUOTING_BASE_SPREAD_BPS'],
  ['overrides', '3 bps', 'incident.json:1:28'],
  ['profile', '2 bps', 'profiles/desk.yaml:3:18'],
  ['default', '8 bps', 'default'],
];

test('with all five layers speaking, --why names the winner and its four losers; without the highest, the next one wins', async () => {
  const cwd = folderWith(FILES);
  const speaking = [
    { args: [...PROFILE, ...OVERRIDES, ...FLAG], env: ENV },
    { args: [...PROFILE, ...OVERRIDES], env: ENV },
    { args: [...PROFILE, ...OVERRIDES], env: {} },
    { args: PROFILE, env: {} },
    { args: [], env: {} },
  ];
  for (const [removed, { args, env }] of speaking.entries()) {
    const { exitCode, stdout, stderr } = await runMmbot(['config-explain', ...args, '--why', KEY], { cwd, env });
    expect([exitCode, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`${KEY} = ${CHAIN[removed]?.[1]}`);
    const chain = CHAIN.slice(removed).map((row, index) => [index === 0 ? 'wins' : 'loses', ...row]);
    expect(lines.slice(-chain.length).map((line) => line.split(/ {2,}/))).toEqual(chain);
  }
});

test('a key misspelt in the profile, the overrides, the environment and on the command line: all four are named at once', async () => {
  const cwd = folderWith({
    'profiles/desk.yaml': 'quoting:\n  baseSpredBps: 2\n',
    'incident.yaml': 'risk.maxPositonUsd: 3\n',
  });
  const args = ['--profile', 'desk', '--overrides', 'incident.yaml', '--set', 'execution.opsPerSecnd=5'];
  const { exitCode, stdout, stderr } = await runMmbot(['config-explain', ...args], { cwd, env: { MM_BYBIT_RECV_WINDOWMS: '1' } });
  expect([exitCode, stdout]).toEqual([2, '']);
  for (const message of [
    'quoting.baseSpredBps: expected a known key (did you mean quoting.baseSpreadBps?) (from profiles/desk.yaml:2:3)',
    'risk.maxPositonUsd: expected a known key (did you mean risk.maxPositionUsd?) (from incident.yaml:1:1)',
    'MM_BYBIT_RECV_WINDOWMS: expected a known variable (did you mean MM_BYBIT_RECV_WINDOW_MS?) (from env MM_BYBIT_RECV_WINDOWMS)',
    'execution.opsPerSecnd: expected a known key (did you mean execution.opsPerSecond?) (from --set #1)',
  ]) {
    expect(stderr).toContain(message);
  }
});

test('keys to the exchange never appear, in no form of the output', async () => {
  const env = { BYBIT_API_KEY: 'cAnArYkEy0123456789', BYBIT_API_SECRET: 'cAnArYsEcReT0123456789abcdefghij' };
  const cwd = folderWith({ 'bad.yaml': `bybit:\n  apiSecret: ${env.BYBIT_API_SECRET}\n  recvWindowMs: ${env.BYBIT_API_SECRET}\n` });
  for (const args of [
    [],
    ['--json'],
    ['--overridden'],
    ['--schema'],
    ['--why', KEY],
    ['--profile', 'bad.yaml'],
    ['--profile', 'bad.yaml', '--json'],
  ]) {
    const { stdout, stderr } = await runMmbot(['config-explain', ...args], { cwd, env });
    expect(stdout + stderr).not.toContain('cAnArY');
  }
});

test('the shipped profiles are found from anywhere, and --diff exits 1 where they differ', async () => {
  const cwd = folderWith();
  const { exitCode, stdout } = await runMmbot(['config-explain', '--profile', 's1', '--diff', 'conservative'], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/quoting\.baseSpreadBps +0\.85 bps +12 bps/);
  expect((await runMmbot(['config-explain', '--profile', 's1', '--diff', 's1'], { cwd })).exitCode).toBe(0);
});

test('a profile outside the working folder is shown by its whole path', async () => {
  const file = join(folderWith({ 'desk.yaml': 'risk.maxOpenOrders: 9' }), 'desk.yaml');
  const { stdout } = await runMmbot(['config-explain', '--profile', file, '--overridden'], { cwd: folderWith() });
  expect(stdout).toContain(`${file}:1:21`);
});
