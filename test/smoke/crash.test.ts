import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.ts';
import { emptied, quoting } from '../support/live-bot.ts';
import { startExchange, startMmbot } from '../support/running.ts';

/** An error that nothing catches: in live when it is told to, in a first cancel-all with its first request. */
const UNCAUGHT = `
const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');
const crash = () => { throw new Error('no idea what to do'); };
if (process.argv.includes('live')) process.on('SIGUSR2', crash);
if (process.argv.includes('cancel-all') && !process.argv.includes('--second-try')) {
  const request = http.request;
  http.request = (...args) => (setImmediate(crash), request(...args));
  syncBuiltinESMExports();
}
`;

test('a bug that nothing catches ends neither the orders of a bot nor an emergency: a guard, or a second try, cancels', async () => {
  const exchange = await startExchange();
  const { restUrl } = exchange;
  const cwd = folderWith({ 'crash.cjs': UNCAUGHT });
  const env = { ...exchange.env, NODE_OPTIONS: `--require ${cwd}/crash.cjs` };
  const bot = await quoting({ ...exchange, env }, cwd, ['--no-guard']);
  bot.kill('SIGUSR2');
  await bot.seen('"trigger":"guard"');
  await emptied(exchange);
  expect(await bot.exitCode).toBe(70);
  const left = await quoting(exchange, cwd, ['--no-guard']);
  left.kill('SIGKILL');
  await left.exitCode;
  while ((await exchange.openOrders()).length === 0) await pause(20);
  const emergency = startMmbot(['cancel-all', '--rest-url', restUrl, '--force'], { env, cwd });
  await emergency.seen('no idea what to do');
  await emergency.seen(/"cancel_all_done".*"verified":true/);
  expect(await exchange.openOrders()).toEqual([]);
});
