import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

test(
  'live arms cancel on disconnect where the account has it: without any guard nothing is left when it is killed',
  { timeout: 60_000 },
  async () => {
    const exchange = await startExchange(['--dcp']);
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl, '--no-guard'], {
      env: exchange.env,
      cwd: folderWith(),
    });
    await bot.seen('"disconnect_cancel_armed"');
    await bot.seen('"quoting"');
    // It takes effect ten seconds after it was asked for.
    await pause(10_000);
    bot.kill('SIGKILL');
    await bot.exitCode;
    expect((await exchange.openOrders()).length).toBeGreaterThan(0);
    for (let waited = 0; waited < 130 && (await exchange.openOrders()).length > 0; waited += 1) await pause(100);
    expect(await exchange.openOrders()).toEqual([]);
  },
);
