import { expect, test } from 'vitest';
import { pathOf, type Fault } from '../support/wires/wire-faults.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { withJournal } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

/** A question of its start, how the bot ends when it is told to while it asks, and what it says. */
const MOMENTS = [
  ['whose the account is', 'v5/user/query-api', 143, 'before it had checked for open orders of an earlier run'],
  ['what it may trade with', 'v5/account/wallet-balance', 143, 'stopped by SIGTERM before anything was sent'],
  ['what was executed', 'v5/execution/list', 0, '"live_stopping"'],
] as const;

test.concurrent.each(MOMENTS)(
  'told to stop while it asks %s, mmbot live says how it ended, and nothing rests',
  async (_, path, exitCode, said) => {
    const exchange = await startExchange();
    const stopping: Fault = (request, pass) => {
      if (pathOf(request) !== path) return pass();
      bot.kill('SIGTERM');
      // An answer might arrive before the signal; a stop that verifies needs one.
      return exitCode === 0 ? pass() : new Promise(() => undefined);
    };
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: stopping });
    const bot = startMmbot(['live', '--rest-url', restUrl], {
      env: exchange.env,
      cwd: withJournal(folderWith(), { ...exchange, restUrl }),
    });
    expect(await bot.exitCode).toBe(exitCode);
    expect(bot.stderr()).toContain(said);
    expect(bot.stdout().includes('VERIFIED EMPTY')).toBe(exitCode === 0);
    expect(await exchange.openOrders()).toEqual([]);
  },
);
