import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { PATIENT, quoting, withJournal } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange } from '../support/program/running.ts';

// Side by side: they wait for proofs.
describe.concurrent('a frozen bot', () => {
  test('with a disk that takes no more it cancels everything, says so with exit 2, and the next start knows', async ({
    onTestFinished,
  }) => {
    const exchange = await startExchange(['--symbols', 'BTCUSDT,ETHUSDT'], onTestFinished);
    const { restUrl, env } = exchange;
    const cwd = withJournal(folderWith({}, onTestFinished), exchange);
    const args = ['live', '--profile', 's1', '--rest-url', restUrl];
    // No file may grow beyond this, just above the journal's reserve: as good as a full disk for whoever writes a journal.
    const full = await runMmbot([...args, ...PATIENT, '--symbols', 'BTCUSDT,ETHUSDT', '--duration', '600'], {
      env,
      cwd,
      fileLimitBytes: 33 * 1024,
    });
    expect([full.exitCode, full.stderr]).toEqual([2, expect.stringMatching(/error: the journal in \S+ could not be written: EFBIG/)]);
    expect(full.stdout).toContain('VERIFIED EMPTY');
    expect(await exchange.openOrders()).toEqual([]);
    const next = await runMmbot(args, { env, cwd });
    expect([next.exitCode, next.stderr]).toEqual([1, expect.stringContaining('fault: the journal in')]);
    expect((await runMmbot([...args, '--unfreeze', '--duration', '1'], { env, cwd })).exitCode).toBe(0);
  });

  test('cancel-all halts it; the freeze outlives the run, until a person lifts it', async ({ onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const { restUrl, env } = exchange;
    const cwd = folderWith({}, onTestFinished);
    const bot = await quoting(exchange, cwd, [], onTestFinished);
    const second = await runMmbot(['live', '--rest-url', restUrl], { env, cwd });
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining('another mmbot live')]);
    const cancel = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force', '--json'], { env, cwd });
    expect(cancel.exitCode).toBe(0);
    expect(JSON.parse(cancel.stdout)).toMatchObject({ runningBot: 'halted', verified: true });
    expect(await exchange.openOrders()).toEqual([]);
    bot.kill('SIGTERM');
    expect([await bot.exitCode, bot.stdout()]).toEqual([1, expect.stringMatching(/frozen: halted by mmbot cancel-all\nVERIFIED EMPTY/)]);
    const refused = await runMmbot(['live', '--rest-url', restUrl], { env, cwd });
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('--unfreeze')]);
    const lifted = await runMmbot(['live', '--rest-url', restUrl, '--unfreeze', '--duration', '1'], { env, cwd });
    expect(lifted.exitCode).toBe(0);
    expect((await runMmbot(['live', '--rest-url', restUrl, '--duration', '1'], { env, cwd })).exitCode).toBe(0);
  });
});
