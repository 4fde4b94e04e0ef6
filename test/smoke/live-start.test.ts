import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answering, json, pathOf, type Fault } from '../support/wires/wire-faults.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { folderWith } from '../support/program/folders.ts';
import { PATIENT, withJournal } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

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

// Side by side: they wait for what does not answer.
describe.concurrent('while it starts, mmbot live', () => {
  test('asks again when answers are lost, and says so; and that nothing covers the loss of its host', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const asked = new Map<string, number>();
    const lossy: Fault = (request, pass) => {
      const path = pathOf(request);
      asked.set(path, (asked.get(path) ?? 0) + 1);
      return (asked.get(path) ?? 0) <= 2 ? Promise.reject(new Error('lost')) : pass();
    };
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: lossy, onEnd: onTestFinished });
    const { exitCode, stderr } = await runMmbot(['live', '--rest-url', restUrl, '--duration', '9'], {
      env: exchange.env,
      cwd: withJournal(folderWith({}, onTestFinished), { ...exchange, restUrl }),
    });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('"asking_again"')]);
    expect(stderr).toContain('"host_loss_not_covered"');
    for (const path of ['v5/user/query-api', 'v5/market/instruments-info', 'v5/account/fee-rate', 'v5/order/realtime', 'v5/position/list'])
      expect([path, (asked.get(path) ?? 0) > 2]).toEqual([path, true]);
  });

  test('does not ask again where keys are refused', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const fault: Fault = (request, pass) =>
      pathOf(request) === 'v5/user/query-api' ? Promise.resolve(json({ retCode: 10_003, retMsg: 'API key is invalid.' })) : pass();
    const { restUrl, arrivals } = await startFaultProxy(exchange.restUrl, { fault, onEnd: onTestFinished });
    const { exitCode, stderr } = await runMmbot(['live', '--rest-url', restUrl], {
      env: exchange.env,
      cwd: folderWith({}, onTestFinished),
    });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('10003')]);
    expect(arrivals.filter(({ path }) => path.startsWith('/v5/user/query-api'))).toHaveLength(1);
  });

  test('enters its orders over HTTP when there is no trade socket', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const { restUrl, arrivals } = await startFaultProxy(exchange.restUrl, {
      refusesSocket: (path) => path.startsWith('/v5/trade'),
      onEnd: onTestFinished,
    });
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl, ...PATIENT], {
      env: exchange.env,
      cwd: withJournal(folderWith({}, onTestFinished), { ...exchange, restUrl }),
      onEnd: onTestFinished,
    });
    await bot.seen('"quoting"');
    while ((await exchange.openOrders()).length < 2) await pause(50);
    bot.kill('SIGTERM');
    expect(await bot.exitCode).toBe(0);
    expect(arrivals.some(({ path }) => path.startsWith('/v5/order/create'))).toBe(true);
    expect(await exchange.openOrders()).toEqual([]);
  });
});
