import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

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

  test('two of them do not write one journal', async () => {
    const cwd = folderWith();
    const first = startMmbot(['live', '--profile', 's1'], { env: {}, cwd });
    await first.seen('"quoting"');
    const second = await runMmbot(['live', '--profile', 's1'], { cwd });
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining('--state-dir')]);
    first.kill('SIGINT');
    expect(await first.exitCode).toBe(0);
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
