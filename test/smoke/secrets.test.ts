import { chmodSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { withJournal } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { guardOf, startExchange, startMmbot } from '../support/program/running.ts';
import { filesWith, leaksOf } from '../support/program/secret-search.ts';

/** Makes a disk that fails with the secret in its message, as a careless library might. */
const FAILING_DISK = `
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const sync = fs.fdatasync;
let left = 5;
fs.fdatasync = (file, done) => (--left < 0 ? done(new Error('EIO while writing ' + process.env.CANARY)) : sync(file, done));
syncBuiltinESMExports();
`;
/** An error that nothing catches, as soon as an order may be on its way; not in the guard, which has the same environment. */
const UNCAUGHT = `
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const journals = () => existsSync('.mmbot') ? readdirSync('.mmbot', { recursive: true }).filter((name) => name.endsWith('.log')) : [];
if (process.argv[2] === 'live') setInterval(() => {
  if (journals().some((name) => readFileSync('.mmbot/' + name, 'latin1').includes('placeIntent')))
    throw new Error('no idea what to do with ' + process.env.CANARY);
}, 50).unref();
`;

describe('no byte of a secret leaves the program', () => {
  // Side by side: they wait for guards and proofs.
  test.concurrent('in a run with a debug log, a kill, its guard, an emergency and a second start', async ({ onTestFinished }) => {
    const exchange = await startExchange(['--seed', 'secrets'], onTestFinished);
    const { restUrl, env } = exchange;
    const secret = env['BYBIT_API_SECRET'] ?? '';
    const cwd = withJournal(folderWith({}, onTestFinished), exchange);
    const live = ['live', '--profile', 's1', '--rest-url', restUrl, '--log-level', 'debug'];
    const bot = startMmbot(live, { env, cwd, onEnd: onTestFinished });
    await bot.seen('"quoting"');
    const ofGuard = process.platform === 'linux' ? readFileSync(`/proc/${guardOf(bot.stderr())}/environ`, 'latin1') : '';
    for (const secretOrKey of Object.values(env)) expect(ofGuard).not.toContain(secretOrKey);
    bot.kill('SIGKILL');
    const outputs: string[] = [];
    const run = async (...args: string[]): Promise<void> => {
      const { stdout, stderr } = await runMmbot(args, { env, cwd });
      outputs.push(stdout + stderr);
    };
    // The person and the guard at the same time.
    await Promise.all([run('cancel-all', '--rest-url', restUrl, '--yes'), bot.exitCode]);
    expect(bot.stderr()).toContain('"trigger":"guard"');
    outputs.push(bot.stdout() + bot.stderr());
    await run('cancel-all', '--rest-url', restUrl, '--dry-run', '--json');
    await run('config-explain', '--profile', 's1', '--json');
    await run('config-explain', '--set', `quoting.baseSpreadBps=${secret}`);
    await run('live', `--api-secret=${secret}`);
    await run(...live, '--duration', '1', '--json');
    const refused = await runMmbot(['live', '--rest-url', restUrl], { env: { ...env, BYBIT_API_KEY: 'not-a-key-of-the-exchange' }, cwd });
    expect(refused.exitCode).toBe(3);
    for (const output of [...outputs, refused.stdout + refused.stderr]) expect(leaksOf(secret, output)).toEqual([]);
    expect(filesWith(cwd, (text) => leaksOf(secret, text).length > 0)).toEqual([]);
  });

  test.concurrent.for([
    ['a disk that fails', FAILING_DISK, 'EIO while writing [redacted]', 2],
    ['an error that nothing catches', UNCAUGHT, 'no idea what to do with [redacted]', 70],
  ] as const)('in the dump of %s, with keys from a file', async ([, preload, said, code], { onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret = '' } = exchange.env;
    const cwd = withJournal(folderWith({ 'crash.cjs': preload }, onTestFinished), exchange);
    const keys = folderWith({ 'keys.json': JSON.stringify({ apiKey, secret }) }, onTestFinished);
    const env = { BYBIT_KEY_FILE: `${keys}/keys.json`, CANARY: secret, NODE_OPTIONS: `--require ${cwd}/crash.cjs` };
    chmodSync(env.BYBIT_KEY_FILE, 0o600);
    const { exitCode, stdout, stderr } = await runMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl, '--json'], {
      env,
      cwd,
    });
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(leaksOf(secret, stdout + stderr)).toEqual([]);
    expect(filesWith(cwd, (text) => leaksOf(secret, text).length > 0)).toEqual([]);
  });

  test('an exchange hands out its own keys whole, whatever an earlier one left in the environment; the wrong ones are named', async () => {
    const earlier = await startExchange(['--seed', 'earlier']);
    for (const seed of ['earlier', 'later']) {
      const running = startMmbot(['exchange', '--seed', seed], { env: earlier.env });
      await running.seen('Ctrl-C stops it');
      expect(running.stdout()).toMatch(/api secret {2}mmSECRETmm\w{26}\n/);
    }
    const later = await startExchange(['--seed', 'later']);
    const env = { ...later.env, BYBIT_API_SECRET: earlier.env['BYBIT_API_SECRET'] ?? '' };
    for (const args of [
      ['live', '--preflight-only'],
      ['cancel-all', '--force'],
    ]) {
      const { exitCode, stderr } = await runMmbot([...args, '--rest-url', later.restUrl], { env, cwd: folderWith() });
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('the secret does not belong to the key')]);
    }
  });

  test('a one-letter secret does not take the result to pieces', async () => {
    const env = { BYBIT_API_KEY: 'e', BYBIT_API_SECRET: 'a' };
    const { exitCode, stdout } = await runMmbot(['cancel-all', '--venue', 'testnet', '--force', '--json'], { env });
    expect([exitCode, JSON.parse(stdout)]).toEqual([2, expect.objectContaining({ schemaVersion: 1, ok: false })]);
  });

  test('in a soak: its log, its reports and its journal', async () => {
    const cwd = folderWith();
    const { exitCode } = await runMmbot(['soak', '--duration', '3', '--clock', 'virtual', '--out', 'out', '--log-level', 'debug'], { cwd });
    expect([0, 1, 5]).toContain(exitCode);
  });
});
