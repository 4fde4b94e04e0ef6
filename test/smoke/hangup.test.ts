import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.ts';
import { quoting } from '../support/live-bot.ts';
import { startExchange, startMmbot } from '../support/running.ts';

test('when its terminal is closed, live cancels and proves it, cancel-all goes on, and the exchange ends in order', async () => {
  const exchange = await startExchange();
  const cwd = folderWith();
  const stopped = await quoting(exchange, cwd, ['--no-guard']);
  stopped.kill('SIGHUP');
  expect([await stopped.exitCode, stopped.stdout()]).toEqual([0, expect.stringContaining('VERIFIED EMPTY')]);
  const killed = await quoting(exchange, cwd, ['--no-guard']);
  killed.kill('SIGKILL');
  await killed.exitCode;
  process.kill(exchange.pid, 'SIGSTOP');
  const emergency = startMmbot(['cancel-all', '--rest-url', exchange.restUrl, '--force'], { env: exchange.env, cwd });
  await emergency.seen('"cancel_all_started"');
  emergency.kill('SIGHUP');
  process.kill(exchange.pid, 'SIGCONT');
  expect(await emergency.exitCode).toBe(0);
  expect(await exchange.openOrders()).toEqual([]);
  const other = startMmbot(['exchange']);
  await other.seen('REST');
  other.kill('SIGHUP');
  expect(await other.exitCode).toBe(0);
});
