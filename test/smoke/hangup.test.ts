import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { FAR_AWAY, quoting } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

// Side by side: one waits for a proof.
describe.concurrent('when its terminal is closed', () => {
  test('live cancels and proves it', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const bot = await quoting(exchange, folderWith({}, onTestFinished), ['--no-guard'], onTestFinished);
    bot.kill('SIGHUP');
    expect([await bot.exitCode, bot.stdout()]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
  });

  test('cancel-all goes on', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const cwd = folderWith({}, onTestFinished);
    const killed = await quoting(exchange, cwd, ['--no-guard', ...FAR_AWAY], onTestFinished);
    killed.kill('SIGKILL');
    await killed.exitCode;
    process.kill(exchange.pid, 'SIGSTOP');
    const args = ['cancel-all', '--rest-url', exchange.restUrl, '--force'];
    const emergency = startMmbot(args, { env: exchange.env, cwd, onEnd: onTestFinished });
    await emergency.seen('"cancel_all_started"');
    emergency.kill('SIGHUP');
    process.kill(exchange.pid, 'SIGCONT');
    expect(await emergency.exitCode).toBe(0);
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('the exchange ends in order', async ({ onTestFinished }) => {
    const exchange = startMmbot(['exchange'], { onEnd: onTestFinished });
    await exchange.seen('REST');
    exchange.kill('SIGHUP');
    expect(await exchange.exitCode).toBe(0);
  });
});
