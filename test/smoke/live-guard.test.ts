import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { pathOf, type Fault } from '../support/cancel-scene.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { folderWith } from '../support/folders.ts';
import { ledgerOracle } from '../support/ledger-oracle.ts';
import { emptied, quoting } from '../support/live-bot.ts';
import { startExchange, startMmbot, type Running } from '../support/running.ts';
import { settingsOf } from '../support/virtual-soak.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The process of the guard that answered last. */
function guardOf(bot: Running): number {
  const pids = [...bot.stderr().matchAll(/"guard_watches","pid":(\d+)/g)].map(([, pid]) => Number(pid));
  return pids.at(-1) ?? 0;
}

describe('a guard', () => {
  test.each([
    ['SIGSTOP', 'it does not answer'],
    ['SIGKILL', 'SIGKILL'],
    ['SIGTERM', 'SIGTERM'],
  ] as const)('that %s hits is said to be lost, for what it was; another one takes its place, and nothing freezes', async (signal, how) => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith());
    const first = guardOf(bot);
    process.kill(first, signal);
    await bot.seen(`"guard_lost","how":"${how}"`);
    while (guardOf(bot) === first) await pause(20);
    expect(isAlive(first)).toBe(false);
    while (!bot.stderr().slice(bot.stderr().lastIndexOf('"guard_watches"')).includes('"quoting"')) await pause(20);
    expect(bot.stderr()).not.toContain('"frozen"');
    bot.kill('SIGKILL');
    await emptied(exchange);
  });

  test.skipIf(process.platform !== 'linux')('has no secret in its environment', async () => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith());
    const environment = readFileSync(`/proc/${guardOf(bot)}/environ`, 'latin1');
    for (const secret of Object.values(exchange.env)) expect(environment).not.toContain(secret);
    bot.kill('SIGKILL');
    await emptied(exchange);
  });
});

describe('a bot that dies, hangs or cannot prove anything', () => {
  test('killed, its guard cancels; started again, it recovers and its position is the ledger’s', async () => {
    const exchange = await startExchange(['--seed', '7']);
    const oracle = ledgerOracle(exchange, settingsOf('s1'));
    const cwd = folderWith();
    for (let round = 0; round < 2; round += 1) {
      const bot = await quoting(exchange, cwd);
      bot.kill('SIGKILL');
      await emptied(exchange);
    }
    const last = await quoting(exchange, cwd);
    last.kill('SIGTERM');
    expect(await last.exitCode).toBe(0);
    expect(last.stderr()).not.toContain('divergence');
    expect(await exchange.openOrders()).toEqual([]);
    const [account] = readdirSync(join(cwd, '.mmbot'));
    const segments = readdirSync(join(cwd, '.mmbot', account ?? '')).filter((name) => name.endsWith('.log'));
    expect(segments).toHaveLength(3);
    // How the orders of the killed runs ended is known too.
    expect(last.stderr()).toContain('"leftover_settled"');
    await oracle.look(cwd);
    expect(await oracle.broken()).toEqual([]);
  });

  test('stopped while the exchange does not answer, it ends with exit 4, and its guard cancels as soon as that can be', async () => {
    const exchange = await startExchange(['--seed', '7']);
    const bot = await quoting(exchange, folderWith(), ['--set', 'execution.stopDeadlineMs=11250']);
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

  test('without a guard a kill leaves orders, and the next start cancels them before it quotes', async () => {
    const exchange = await startExchange();
    const oracle = ledgerOracle(exchange, settingsOf('s1'));
    const cwd = folderWith();
    // So far away that nothing fills them before the next start.
    const bot = await quoting(exchange, cwd, ['--no-guard', '--set', 'quoting.adaptive=false', '--base-spread-bps', '80']);
    bot.kill('SIGKILL');
    await bot.exitCode;
    expect((await exchange.openOrders()).length).toBeGreaterThan(0);
    const next = await quoting(exchange, cwd);
    const [cleared, quoted] = ['"trigger":"start"', '"quoting"'].map((text) => next.stderr().indexOf(text));
    expect(cleared).toBeGreaterThan(0);
    expect(cleared).toBeLessThan(quoted ?? 0);
    next.kill('SIGINT');
    expect(await next.exitCode).toBe(0);
    await oracle.look(cwd);
    expect(await oracle.broken()).toEqual([]);
  });

  test('told to stop before it has canceled what an earlier run left, it says so with exit 4', async () => {
    const exchange = await startExchange();
    const cwd = folderWith();
    const first = await quoting(exchange, cwd, ['--no-guard', '--set', 'quoting.adaptive=false', '--base-spread-bps', '80']);
    first.kill('SIGKILL');
    await first.exitCode;
    // The proxy is another address, but the account is the same: it finds the journal.
    const stopping: Fault = (request, pass) => {
      if (pathOf(request) === 'v5/account/wallet-balance') next.kill('SIGTERM');
      return pass();
    };
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: stopping });
    const next = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl], { env: exchange.env, cwd });
    expect(await next.exitCode).toBe(4);
    expect(next.stderr()).toContain('ORDERS MAY REMAIN: stopped by SIGTERM');
  });

  test('hanging, it is taken for dead: the guard cancels, and when it wakes it quotes no more', async () => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith());
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
