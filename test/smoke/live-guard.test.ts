import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { emptied, quoting } from '../support/bots/live-bot.ts';
import { guardOf, startExchange } from '../support/program/running.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Side by side: they wait for each other's silence, and for proofs.
describe.concurrent('a guard', () => {
  test.for([
    ['SIGSTOP', 'it does not answer'],
    ['SIGKILL', 'SIGKILL'],
  ] as const)(
    'that %s hits is said to be lost, for what it was; another one takes its place, and nothing freezes',
    async ([signal, how], { onTestFinished }) => {
      const exchange = await startExchange([], onTestFinished);
      const bot = await quoting(exchange, folderWith({}, onTestFinished), [], onTestFinished);
      const first = guardOf(bot.stderr());
      process.kill(first, signal);
      await bot.seen(`"guard_lost","how":"${how}"`);
      while (guardOf(bot.stderr()) === first) await pause(20);
      expect(isAlive(first)).toBe(false);
      while (!bot.stderr().slice(bot.stderr().lastIndexOf('"guard_watches"')).includes('"quoting"')) await pause(20);
      expect(bot.stderr()).not.toContain('"frozen"');
      bot.kill('SIGKILL');
      await emptied(exchange);
    },
  );
});

// A supervisor or a shutdown tells every process of the unit to end: what the bot leaves then is for its guard.
describe.concurrent('a guard that is told to end', () => {
  test.for(['SIGTERM', 'SIGINT'] as const)('by %s goes on: its bot is killed, and it cancels', async (signal, { onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const bot = await quoting(exchange, folderWith({}, onTestFinished), [], onTestFinished);
    const guard = guardOf(bot.stderr());
    process.kill(guard, signal);
    await bot.seen(`"guard_goes_on","signal":"${signal}"`);
    process.kill(exchange.pid, 'SIGSTOP');
    bot.kill('SIGKILL');
    await bot.seen('"guard_acts"');
    process.kill(guard, signal);
    process.kill(exchange.pid, 'SIGCONT');
    await emptied(exchange);
    expect(bot.stderr()).not.toContain('"event":"guard_lost"');
  });
});

describe.concurrent('a bot that hangs or cannot prove anything', () => {
  test('stopped while the exchange does not answer, it ends with exit 4, and its guard cancels as soon as that can be', async ({
    onTestFinished,
  }) => {
    const exchange = await startExchange(['--seed', '7'], onTestFinished);
    const args = ['--set', 'execution.stopDeadlineMs=11250'];
    const bot = await quoting(exchange, folderWith({}, onTestFinished), args, onTestFinished);
    process.kill(exchange.pid, 'SIGSTOP');
    try {
      bot.kill('SIGTERM');
      await bot.seen('ORDERS MAY REMAIN');
      await bot.seen('"guard_acts"');
      while (isAlive(bot.pid)) await pause(20);
    } finally {
      process.kill(exchange.pid, 'SIGCONT');
    }
    // Its streams end with its guard's, which has the same stderr.
    expect(await bot.exitCode).toBe(4);
    expect(bot.stderr()).toMatch(/"cancel_all_done","trigger":"guard".*"verified":true/);
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('hanging, it is taken for dead: the guard cancels, and when it wakes it quotes no more', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const bot = await quoting(exchange, folderWith({}, onTestFinished), [], onTestFinished);
    bot.kill('SIGSTOP');
    await emptied(exchange);
    await bot.seen('"trigger":"guard"');
    bot.kill('SIGCONT');
    await bot.seen('"frozen"');
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(1);
  });
});
