import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { PATIENT } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startMmbot, type Running } from '../support/program/running.ts';
import { parseScrape, sumOf, type Scrape } from '../support/program/scrape.ts';

/** Where a program that was started with `--metrics-port 0` says that it listens. */
async function metricsOf(bot: Running): Promise<string> {
  await bot.seen('"metrics_server"');
  return /"url":"([^"]+)"/.exec(bot.stderr().slice(bot.stderr().indexOf('"metrics_server"')))?.[1] ?? '';
}

async function scrapeUntil(url: string, isEnough: (scrape: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const scrape = parseScrape(await (await fetch(url)).text());
    if (isEnough(scrape)) return scrape;
    await pause(50);
  }
}

describe.each([
  ['soak', ['soak', '--profile', 's1', '--duration', '600', '--quiet', ...PATIENT]],
  ['soak', ['soak', '--profile', 's1', '--duration', '4h', '--clock', 'virtual']],
  ['live', ['live', '--profile', 's1', '--duration', '600', ...PATIENT]],
  ['load-test', ['load-test', '--rate', '9/s', '--symbols', '2', '--duration', '600', '--warmup', '0']],
])('--metrics-port of mmbot %s', (command, args) => {
  test(`shows its orders while it runs: ${args.join(' ')}`, async () => {
    const bot = startMmbot([...args, '--metrics-port', '0'], { cwd: folderWith() });
    const url = await metricsOf(bot);
    const scrape = await scrapeUntil(url, (samples) => (sumOf(samples, 'mm_latency_ms_count', { stage: 'confirm' }) ?? 0) > 2);
    expect(sumOf(scrape, 'mm_run_info', { command })).toBe(1);
    expect(sumOf(scrape, 'mm_orders_placed_total')).toBeGreaterThan(2);
    expect(sumOf(scrape, 'mm_stream_up')).toBe(3);
    expect(sumOf(scrape, 'circuit_breaker_state')).toBe(0);
    expect((await fetch(url.replace('metrics', 'readyz'))).status).toBe(200);
    bot.kill('SIGTERM');
    expect([0, 143]).toContain(await bot.exitCode);
  });
});

test('a token of the environment is in no output, and unlocks a server that listens elsewhere', async () => {
  const token = '0123456789abcdef0123456789abcdef';
  const args = ['soak', '--profile', 's1', '--duration', '2', '--log-level', 'debug', '--metrics-port', '0', '--metrics-host', '0.0.0.0'];
  const { exitCode, stdout, stderr } = await runMmbot(args, { env: { MM_METRICS_TOKEN: token }, cwd: folderWith() });
  expect(exitCode).toBe(5);
  expect(stderr).toContain('"metrics_exposed"');
  expect(stdout + stderr).not.toContain(token.slice(0, 8));
});
