import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import type { LoadReport } from '../../../src/reports/load/load-report.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

const VIRTUAL = ['--clock', 'virtual', '--symbols', '1', '--market', 'calm', '--seed', '7'];

async function loadTest(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out = folderWith();
  const host = testHost({ argv: ['load-test', '--out', out, ...args], cwd: process.cwd(), env });
  const exitCode = await main(host);
  return { exitCode, host, out };
}

describe('mmbot load-test', () => {
  test('prints its verdict and leaves report, page, Markdown, journal and a histogram of each stage', async () => {
    const { exitCode, host, out } = await loadTest([...VIRTUAL, '--rate', '8/s', '--duration', '60', '--sla', 'p95=100,p99=200']);
    expect(host.stdout.text).toMatch(/PASS: order latency p95 [\d.]+ ms, order latency p99 [\d.]+ ms/);
    expect(exitCode).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(
      ['ack', 'decide', 'queue', 'schedule', 'stream']
        .map((stage) => `${stage}.hgrm`)
        .concat(['journal.log', 'report.html', 'report.json', 'report.md'])
        .toSorted(),
    );
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as LoadReport;
    expect(report).toMatchObject({ schemaVersion: 1, command: 'load-test', verdict: 'PASS', restingAtEnd: 0, fills: 0 });
    expect(report.rate.achievedRatio).toBeCloseTo(1, 2);
    expect(report.series).toHaveLength(60);
    expect(readFileSync(join(out, 'ack.hgrm'), 'utf8')).toContain(`Total count    = ${String(report.stages.ack.count).padStart(12)}`);
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(/^# Load test: PASS/);
  });

  test('fails with exit 1 when a bound is broken, and names metric, bound and value', async () => {
    const { exitCode, host } = await loadTest([...VIRTUAL, '--rate', '8/s', '--duration', '30', '--sla', 'p95=2']);
    expect(exitCode).toBe(1);
    expect(host.stdout.text).toMatch(/FAIL: order latency p95 [\d.]+ ms, allowed at most 2.00 ms/);
  });

  test('with too few samples it is inconclusive, exit 5, and says how many it takes', async () => {
    const { exitCode, host } = await loadTest([...VIRTUAL, '--rate', '60', '--duration', '20', '--json']);
    expect(exitCode).toBe(5);
    const document = JSON.parse(host.stdout.text) as LoadReport & { ok: boolean; exitCode: number };
    expect(document).toMatchObject({ ok: false, exitCode: 5, verdict: 'INCONCLUSIVE' });
    expect(document.gates.map(({ needed }) => needed)).toEqual([200, 1000, 100, 30]);
  });

  test('with too few samples it says for how long to run, and a run of that length is enough', async () => {
    const { host } = await loadTest([...VIRTUAL, '--rate', '100']);
    const [, needed = ''] = /try --duration (\d+m)/.exec(host.stdout.text) ?? [];
    expect(needed).toMatch(/^\dm$/);
    expect((await loadTest([...VIRTUAL, '--rate', '100', '--duration', needed])).exitCode).toBe(0);
  });

  test('an unlisted symbol is refused by its name, before an exchange is started', async () => {
    for (const clock of ['wall', 'virtual']) {
      const { exitCode, host } = await loadTest(['--clock', clock, '--symbols', 'BTCUSDT,FOOUSDT']);
      expect([exitCode, host.stderr.text]).toEqual([2, expect.stringContaining("the embedded exchange has no 'FOOUSDT'")]);
    }
  });

  test('repeats itself with the same seed, drawn arrivals included', async () => {
    const args = [...VIRTUAL, '--rate', '5/s', '--arrival', 'poisson', '--duration', '10', '--warmup', '0'];
    const [first, again] = [await loadTest(args), await loadTest(args)];
    expect(readFileSync(join(again.out, 'report.json'), 'utf8')).toBe(readFileSync(join(first.out, 'report.json'), 'utf8'));
    expect(readFileSync(join(again.out, 'journal.log'), 'utf8')).toBe(readFileSync(join(first.out, 'journal.log'), 'utf8'));
  });

  test('ends cleanly on a signal: a report, no open order, exit 130', async () => {
    const out = folderWith();
    const host = testHost({
      argv: ['load-test', '--out', out, ...VIRTUAL, '--rate', '8/s', '--warmup', '0', '--duration', '10h'],
      cwd: process.cwd(),
      onStderr: (text, { signal }) => text.includes('"load_progress"') && signal('SIGINT'),
    });
    expect(await main(host)).toBe(130);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as LoadReport;
    expect(report).toMatchObject({ interrupted: true, restingAtEnd: 0, cancelAll: { verified: true } });
    expect(report.requests.place.acknowledged).toBeGreaterThan(0);
  });

  test.each([
    [['--rate', '0'], '--rate'],
    [['--rate', '9/d'], '9/d'],
    [['--duration', 'soon'], '--duration'],
    [['--sla', 'p95=fast'], 'p95=fast'],
    [['--sla', 'p101=3'], 'p101=3'],
    [['--symbols', 'NOSUCHUSDT', '--clock', 'virtual'], 'NOSUCHUSDT'],
    [['--symbols', '99'], '99'],
    [['--arrival', 'burst'], 'burst'],
    [['--amend-ratio', '2'], '--amend-ratio'],
    [['--venue', 'mainnet'], 'mainnet'],
    [['--rest-url', 'https://api.bybit.com'], 'mainnet'],
    [['--rest-url', 'https://api.bytick.com', '--ws-url', 'wss://stream.bybit.com'], 'mainnet'],
    [['--rest-url', 'https://api-testnet.bybit.com', '--ws-url', 'wss://stream.bybit.com'], 'mainnet'],
    [['--venue', 'testnet', '--rest-url', 'http://127.0.0.1:1'], 'use either --venue or --rest-url, not both'],
    [['--ws-url', 'ws://127.0.0.1:1'], '--rest-url'],
    [['--venue', 'testnet', '--no-limiter'], '--no-limiter'],
    [['--venue', 'testnet', '--clock', 'virtual'], '--clock'],
    [['--venue', 'demo'], '--transport rest'],
    [['--venue', 'testnet'], 'BYBIT_API_KEY'],
    [['--set', 'risk.maxOpenOrder=1'], 'risk.maxOpenOrders'],
    [['--faults', 'nonsense'], 'nonsense'],
  ])('refuses %j with exit 2 and names it', async (args, named) => {
    const { exitCode, host } = await loadTest(args);
    expect(host.stderr.text).toContain(named);
    expect(exitCode).toBe(2);
  });
});
