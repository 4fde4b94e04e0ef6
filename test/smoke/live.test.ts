import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/folders.ts';
import { runMmbot } from '../support/run-mmbot.ts';
import { startExchange, startMmbot, type Running, type RunningExchange } from '../support/running.ts';

/** Until the exchange's own record shows no open order; fails when that takes too long. */
async function emptied(exchange: RunningExchange, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const open = await exchange.openOrders();
    const elapsed = performance.now() - startedAt;
    if (open.length === 0) return elapsed;
    if (elapsed > withinMs) throw new Error(`${open.length} orders rest after ${Math.round(elapsed)} ms`);
    await pause(20);
  }
}

/** A bot that has orders resting on the exchange. */
async function quoting(exchange: RunningExchange, cwd: string, args: readonly string[] = []): Promise<Running> {
  const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl, ...args], { env: exchange.env, cwd });
  await Promise.race([bot.seen('"quoting"'), bot.exitCode.then(() => Promise.reject(new Error(bot.stderr())))]);
  while ((await exchange.openOrders()).length < 2) await pause(20);
  return bot;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('mmbot live', () => {
  test('trades on an embedded exchange of its own, and ends with proof', async () => {
    const { exitCode, stdout } = await runMmbot(['live', '--profile', 's1', '--duration', '3', '--json'], { cwd: folderWith() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'live',
      ok: true,
      trading: { mode: 'active' },
      cancelAll: { verified: true, remaining: [] },
    });
  });

  test('killed, its guard cancels within three seconds; started again, it recovers and its position is the ledger’s', async () => {
    const exchange = await startExchange(['--seed', '7']);
    const cwd = folderWith();
    for (let round = 0; round < 2; round += 1) {
      const bot = await quoting(exchange, cwd);
      bot.kill('SIGKILL');
      expect(await emptied(exchange, 3000)).toBeLessThan(3000);
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
  });

  test('stopped while the exchange does not answer, it ends with exit 4, and its guard cancels as soon as that can be', async () => {
    const exchange = await startExchange(['--seed', '7']);
    const bot = await quoting(exchange, folderWith(), ['--set', 'execution.stopDeadlineMs=2000']);
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
    const cwd = folderWith();
    const bot = await quoting(exchange, cwd, ['--no-guard']);
    bot.kill('SIGKILL');
    await bot.exitCode;
    expect((await exchange.openOrders()).length).toBeGreaterThan(0);
    const next = await quoting(exchange, cwd);
    const [cleared, quoted] = ['"trigger":"start"', '"quoting"'].map((text) => next.stderr().indexOf(text));
    expect(cleared).toBeGreaterThan(0);
    expect(cleared).toBeLessThan(quoted ?? 0);
    next.kill('SIGINT');
    expect(await next.exitCode).toBe(0);
  });

  test('with a disk that takes no more it cancels everything, says so with exit 70, and the next start knows', async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const args = ['live', '--profile', 's1', '--rest-url', restUrl];
    // No file may grow beyond this: as good as a full disk for whoever writes a journal.
    const full = await runMmbot([...args, '--duration', '20'], { env, cwd, fileLimitBytes: 33 * 1024 });
    expect([full.exitCode, full.stderr]).toEqual([70, expect.stringMatching(/error: the journal in \S+ could not be written: EFBIG/)]);
    expect(full.stdout).toContain('VERIFIED EMPTY');
    expect(await exchange.openOrders()).toEqual([]);
    const next = await runMmbot(args, { env, cwd });
    expect([next.exitCode, next.stderr]).toEqual([1, expect.stringContaining('fault: the journal in')]);
    expect((await runMmbot([...args, '--unfreeze', '--duration', '1'], { env, cwd })).exitCode).toBe(0);
  });

  test('two of them do not write one journal', async () => {
    const cwd = folderWith();
    const first = startMmbot(['live', '--profile', 's1'], { env: {}, cwd });
    await first.seen('"quoting"');
    const second = await runMmbot(['live', '--profile', 's1'], { cwd });
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining('--state-dir')]);
    first.kill('SIGINT');
    expect(await first.exitCode).toBe(0);
  });

  test('hanging, it is taken for dead: the guard cancels, and when it wakes it quotes no more', async () => {
    const exchange = await startExchange();
    const bot = await quoting(exchange, folderWith());
    bot.kill('SIGSTOP');
    await emptied(exchange, 5000);
    await bot.seen('"trigger":"guard"');
    bot.kill('SIGCONT');
    await bot.seen('"frozen"');
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(0);
  });

  test('cancel-all halts it; the freeze outlives the run, until a person lifts it', async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const bot = await quoting(exchange, cwd);
    const second = await runMmbot(['live', '--rest-url', restUrl], { env, cwd });
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining('another mmbot live')]);
    const cancel = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force', '--json'], { env, cwd });
    expect(cancel.exitCode).toBe(0);
    expect(JSON.parse(cancel.stdout)).toMatchObject({ runningBot: 'halted', verified: true });
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(0);
    const refused = await runMmbot(['live', '--rest-url', restUrl], { env, cwd });
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('--unfreeze')]);
    const lifted = await runMmbot(['live', '--rest-url', restUrl, '--unfreeze', '--duration', '1'], { env, cwd });
    expect(lifted.exitCode).toBe(0);
    expect((await runMmbot(['live', '--rest-url', restUrl, '--duration', '1'], { env, cwd })).exitCode).toBe(0);
  });

  test('checks before it trades, and refuses an account on which somebody else has orders', async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const fine = await runMmbot(['live', '--rest-url', restUrl, '--preflight-only', '--json'], { env, cwd });
    expect(fine.exitCode).toBe(0);
    const { checks } = JSON.parse(fine.stdout) as { checks: { id: string; result: string }[] };
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['clock', 'key-trade', 'key-withdraw', 'instrument-BTCUSDT', 'funds', 'foreign-orders']),
    );
    expect(checks.every(({ result }) => result !== 'fail')).toBe(true);
  });

  test.each([
    [['live', '--venue', 'mainnet'], {}, 'MM_LIVE_ENABLE=1'],
    [['live', '--venue', 'mainnet', '--confirm', 'mainnet'], {}, 'MM_LIVE_ENABLE=1'],
    [['live', '--venue', 'mainnet'], { MM_LIVE_ENABLE: '1' }, '--confirm mainnet'],
    [['live', '--venue', 'testnet'], {}, 'BYBIT_API_KEY'],
    [['live', '--metrics-port', '99999'], {}, '65535'],
    [['live', '--metrics-port', '0', '--metrics-host', '0.0.0.0'], {}, 'MM_METRICS_TOKEN'],
  ])('%j with %j is refused with exit 2', async (args, env, named) => {
    const { exitCode, stderr } = await runMmbot(args, { env, cwd: folderWith() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
  });
});
