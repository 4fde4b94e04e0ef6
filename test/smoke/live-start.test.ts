import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answering, json, pathOf, type Fault } from '../support/cancel-scene.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { folderWith } from '../support/folders.ts';
import { quoting } from '../support/live-bot.ts';
import { runMmbot } from '../support/run-mmbot.ts';
import { startExchange, startMmbot } from '../support/running.ts';

describe('before it trades, mmbot live', () => {
  test('refuses a key that may withdraw, and says what to do', async () => {
    const exchange = await startExchange();
    const permissions = { ContractTrade: ['Order', 'Position'], Wallet: ['Withdraw'] };
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: answering('v5/user/query-api', () => ({ permissions })) });
    const { exitCode, stdout } = await runMmbot(['live', '--rest-url', restUrl], { env: exchange.env, cwd: folderWith() });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('use a key without the permission Withdraw')]);
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('refuses a key file that others can read, before it asks anybody', async () => {
    const cwd = folderWith({ 'keys.json': '{"apiKey": "a", "secret": "b"}' });
    const { exitCode, stderr } = await runMmbot(['live', '--rest-url', 'http://127.0.0.1:1'], {
      env: { BYBIT_KEY_FILE: 'keys.json' },
      cwd,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('chmod 600');
  });
});

describe('while it starts, mmbot live', () => {
  test('asks again when answers are lost, and says so; and that nothing covers the loss of its host', async () => {
    const exchange = await startExchange();
    const asked = new Map<string, number>();
    const lossy: Fault = (request, pass) => {
      const path = pathOf(request);
      asked.set(path, (asked.get(path) ?? 0) + 1);
      return (asked.get(path) ?? 0) <= 2 ? Promise.reject(new Error('lost')) : pass();
    };
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: lossy });
    const { exitCode, stderr } = await runMmbot(['live', '--rest-url', restUrl, '--duration', '1'], {
      env: exchange.env,
      cwd: folderWith(),
    });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('"asking_again"')]);
    expect(stderr).toContain('"host_loss_not_covered"');
    for (const path of ['v5/user/query-api', 'v5/market/instruments-info', 'v5/account/fee-rate', 'v5/order/realtime', 'v5/position/list'])
      expect([path, (asked.get(path) ?? 0) > 2]).toEqual([path, true]);
  });

  test('does not ask again where keys are refused', async () => {
    const exchange = await startExchange();
    const fault: Fault = (request, pass) =>
      pathOf(request) === 'v5/user/query-api' ? Promise.resolve(json({ retCode: 10_003, retMsg: 'API key is invalid.' })) : pass();
    const { restUrl, arrivals } = await startFaultProxy(exchange.restUrl, { fault });
    const { exitCode, stderr } = await runMmbot(['live', '--rest-url', restUrl], { env: exchange.env, cwd: folderWith() });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('10003')]);
    expect(arrivals.filter(({ path }) => path.startsWith('/v5/user/query-api'))).toHaveLength(1);
  });

  test('waits for the guard of an earlier run, whose orders it would cancel', async () => {
    const exchange = await startExchange();
    const { restUrl, env } = exchange;
    const cwd = folderWith();
    const args = ['live', '--profile', 's1', '--rest-url', restUrl];
    const first = await quoting(exchange, cwd);
    // The guard does not end before the second one waits for it.
    process.kill(exchange.pid, 'SIGSTOP');
    first.kill('SIGKILL');
    const second = startMmbot(args, { env, cwd });
    await second.seen('"waiting_for_guard"');
    process.kill(exchange.pid, 'SIGCONT');
    await second.seen('"quoting"');
    const canceledByGuard = (): boolean => first.stderr().includes('"trigger":"guard"');
    expect(canceledByGuard()).toBe(true);
    expect(second.stderr().indexOf('"guard_done"')).toBeLessThan(second.stderr().indexOf('"quoting"'));
    second.kill('SIGTERM');
    expect(await second.exitCode).toBe(0);
  });
});

describe('where an exchange has less or more to offer, mmbot live', () => {
  test('enters its orders over HTTP when there is no trade socket', async () => {
    const exchange = await startExchange();
    const { restUrl, arrivals } = await startFaultProxy(exchange.restUrl, { refusesSocket: (path) => path.startsWith('/v5/trade') });
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl], { env: exchange.env, cwd: folderWith() });
    await bot.seen('"quoting"');
    while ((await exchange.openOrders()).length < 2) await pause(50);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(0);
    expect(arrivals.some(({ path }) => path.startsWith('/v5/order/create'))).toBe(true);
    expect(await exchange.openOrders()).toEqual([]);
  });
});
