import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { emptied, FAR_AWAY, quoting } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

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

test.concurrent('a bug that nothing catches does not end the orders of a bot: a guard cancels', async ({ onTestFinished }) => {
  const exchange = await startExchange([], onTestFinished);
  const cwd = folderWith({ 'crash.cjs': UNCAUGHT }, onTestFinished);
  const env = { ...exchange.env, NODE_OPTIONS: `--require ${cwd}/crash.cjs` };
  const bot = await quoting({ ...exchange, env }, cwd, ['--no-guard'], onTestFinished);
  bot.kill('SIGUSR2');
  await bot.seen('"trigger":"guard"');
  await emptied(exchange);
  expect(await bot.exitCode).toBe(70);
});

test.concurrent('a bug that nothing catches does not end an emergency: a second try cancels', async ({ onTestFinished }) => {
  const exchange = await startExchange([], onTestFinished);
  const cwd = folderWith({ 'crash.cjs': UNCAUGHT }, onTestFinished);
  const left = await quoting(exchange, cwd, ['--no-guard', ...FAR_AWAY], onTestFinished);
  left.kill('SIGKILL');
  await left.exitCode;
  expect((await exchange.openOrders()).length).toBeGreaterThan(0);
  const env = { ...exchange.env, NODE_OPTIONS: `--require ${cwd}/crash.cjs` };
  const args = ['cancel-all', '--rest-url', exchange.restUrl, '--force'];
  const emergency = startMmbot(args, { env, cwd, onEnd: onTestFinished });
  await emergency.seen('no idea what to do');
  await emergency.seen(/"cancel_all_done".*"verified":true/);
  expect(await exchange.openOrders()).toEqual([]);
});
