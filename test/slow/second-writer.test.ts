import { describe, expect, test } from 'vitest';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { quoting } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, type RunningExchange } from '../support/program/running.ts';

const RUNS = Array.from({ length: 10 }, (_, i) => i);
/** A bot that quotes without end, as close as it may: every cancel is followed by a new order. */
const BUSY = ['--set', 'quoting.adaptive=false', '--base-spread-bps', '8'];
const SPELLINGS: readonly ((exchange: RunningExchange) => Promise<string>)[] = [
  ({ restUrl }) => Promise.resolve(restUrl.replace('127.0.0.1', 'LOCALHOST')),
  ({ restUrl }) => Promise.resolve(restUrl.replace('127.0.0.1', '127.1')),
  async ({ restUrl }) => (await startFaultProxy(restUrl)).restUrl,
];

async function cancelAll({ env }: RunningExchange, restUrl: string, args: readonly string[] = []) {
  const words = ['cancel-all', '--rest-url', restUrl, '--force', '--json', '--deadline', '20', ...args];
  const { exitCode, stdout } = await runMmbot(words, { env, cwd: folderWith() });
  return { exitCode, result: JSON.parse(stdout) as Record<string, unknown> };
}

describe('cancel-all with a running bot that it can halt', () => {
  test.each(RUNS)('by another spelling of its host, run %i: it halts the bot, and what it proves stays true', async (run) => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith(), BUSY);
    const spelling = SPELLINGS[run % SPELLINGS.length];
    const { exitCode, result } = await cancelAll(exchange, (await spelling?.(exchange)) ?? exchange.restUrl);
    expect([exitCode, result['runningBot'], result['verified']]).toEqual([0, 'halted', true]);
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(1);
    expect(await exchange.openOrders()).toEqual([]);
  });
});

describe('cancel-all with a running bot that it cannot halt, as on another machine', () => {
  test.each(RUNS)('run %i: nothing is called empty while it places orders', async () => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith(), BUSY);
    const { exitCode, result } = await cancelAll(exchange, exchange.restUrl, ['--no-halt']);
    expect([exitCode, result['runningBot'], result['verified']]).toEqual([4, 'skipped', false]);
    expect(result['evidence']).toMatchObject({ placedMeanwhile: expect.any(Number) as number });
    bot.kill('SIGTERM');
    await bot.exitCode;
    const after = await cancelAll(exchange, exchange.restUrl);
    expect([after.exitCode, await exchange.openOrders()]).toEqual([0, []]);
  });
});
