import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { emptied, quoting } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, startMmbot, type RunningExchange } from '../support/program/running.ts';

/** Another spelling of the host, and another host before it: the key tells the one, the account's user the other. */
async function waysTo({ restUrl }: RunningExchange): Promise<readonly [string, string]> {
  const { restUrl: proxy } = await startFaultProxy(restUrl);
  return [restUrl.replace('127.0.0.1', 'LOCALHOST'), proxy];
}

/** What earlier versions called the folder of an account. */
function nameOfOld(restUrl: string, apiKey: string | undefined): string {
  return createHash('sha256').update(`${restUrl} ${apiKey}`).digest('hex').slice(0, 16);
}

describe('one account is one, however it is reached', () => {
  test('a second bot is refused, cancel-all halts the first, and its freeze is found, also where an earlier version named it by the text of a URL', async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const [spelling, proxy] = await waysTo(exchange);
    const bot = await quoting(exchange, cwd);
    // In another folder.
    await Promise.all(
      [spelling, proxy].map(async (url) => {
        const second = await runMmbot(['live', '--rest-url', url], { env, cwd: folderWith() });
        expect([url, second.exitCode, second.stderr]).toEqual([url, 2, expect.stringContaining('of this account is running')]);
      }),
    );

    const cancel = await runMmbot(['cancel-all', '--rest-url', proxy, '--force', '--json'], { env, cwd: folderWith() });
    expect([cancel.exitCode, JSON.parse(cancel.stdout)]).toEqual([0, expect.objectContaining({ runningBot: 'halted', verified: true })]);
    await bot.seen('halted by mmbot cancel-all');
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(1);

    const state = join(cwd, '.mmbot');
    const [name = ''] = readdirSync(state);
    const throughProxy = await runMmbot(['live', '--rest-url', proxy], { env, cwd });
    expect([throughProxy.exitCode, throughProxy.stderr]).toEqual([1, expect.stringContaining('--unfreeze')]);
    const old = nameOfOld(spelling.toLowerCase(), env['BYBIT_API_KEY']);
    renameSync(join(state, name), join(state, old));
    rmSync(join(state, old, 'account'));
    const next = await runMmbot(['live', '--rest-url', restUrl], { env, cwd });
    expect([next.exitCode, next.stderr]).toEqual([1, expect.stringContaining('--unfreeze')]);
    const lifted = await runMmbot(['live', '--rest-url', restUrl, '--unfreeze', '--duration', '1'], { env, cwd });
    expect(lifted.exitCode).toBe(0);
    expect(readdirSync(state)).toEqual([old]);
  });
});

test.skipIf(process.platform !== 'linux')(
  'whoever holds the names that anybody can hold neither halts a bot nor makes it wait',
  async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const name = nameOfOld(restUrl, env['BYBIT_API_KEY']);
    for (const squatted of [`\0mmbot-${name}`, `\0mmbot-${name}-guard`]) {
      const server = createServer(() => undefined).listen(squatted);
      onTestFinished(() => void server.close());
    }
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl], { env, cwd: folderWith() });
    await bot.seen('"quoting"');
    expect(bot.stderr()).not.toContain('waiting_for_guard');
    bot.kill('SIGKILL');
    await emptied(exchange);
  },
);
