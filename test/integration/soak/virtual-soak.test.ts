import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { defined } from '../../../src/util/assert.ts';
import { folderWith } from '../../support/program/folders.ts';
import { recordsIn } from '../../support/builders/journals.ts';
import { testHost } from '../../support/program/test-host.ts';

interface Report {
  verdict: string;
  interrupted: boolean;
  invariants: { name: string; holds: boolean; found: string }[];
  orders: { acknowledged: number; amendsAcknowledged: number; failedRequests: number };
  pnl: { fills: number; makerFills: number; feesUsd: number; spreadUsd: number; adverseUsd: number; netUsd: number };
  symbols: { symbol: string; fills: number }[];
}

const FILES = ['report.json', 'journal.log', 'report.md', 'report.html'] as const;

async function soak(args: readonly string[], out = folderWith()) {
  const host = testHost({ argv: ['soak', '--profile', 's1', '--clock', 'virtual', '--out', out, ...args], cwd: process.cwd() });
  const exitCode = await main(host);
  // Read now: the folder goes with the test that made it.
  const files = new Map(FILES.map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  const text = (name: (typeof FILES)[number]): string => defined(files.get(name), name);
  return { exitCode, host, text, report: JSON.parse(text('report.json')) as Report };
}

let begun: ReturnType<typeof soak> | undefined;
/** Two minutes with one seed, run once and looked at by several tests. */
const twoMinutes = (): ReturnType<typeof soak> => (begun ??= soak(['--duration', '120', '--seed', '7']));

describe('a soak in virtual time', () => {
  test('repeats itself to the byte with the same seed, and differs with another', async () => {
    const args = (seed: string) => ['--duration', '20', '--seed', seed];
    const [first, again, other] = [await soak(args('7')), await soak(args('7')), await soak(args('8'))];
    for (const name of FILES) {
      expect(again.text(name)).toBe(first.text(name));
      expect(other.text(name)).not.toBe(first.text(name));
    }
  });

  test('trades, holds every invariant against the ledger, and says what it costs', async () => {
    const { exitCode, report, text } = await twoMinutes();
    expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.orders.acknowledged).toBeGreaterThan(50);
    expect(report.pnl.fills).toBeGreaterThan(30);
    expect(report.pnl.makerFills).toBe(report.pnl.fills);
    expect(report.orders.failedRequests).toBe(0);
    const { spreadUsd, adverseUsd, feesUsd, netUsd } = report.pnl;
    expect(spreadUsd + adverseUsd - feesUsd).toBeCloseTo(netUsd, 9);
    // Base-tier fees cost more than s1's spread can earn: the verdict must say so.
    expect(report.verdict).toBe('FAIL');
    expect(exitCode).toBe(1);
    expect(text('report.md')).toContain('net edge');
  });

  test('every order of the run has its intent in the journal, before anything else about it', async () => {
    const { text } = await twoMinutes();
    const { records } = recordsIn(text('journal.log'));
    const intended = new Set<string>();
    for (const record of records) {
      if (record.type === 'placeIntent') intended.add(record.order.clientOrderId);
      if (record.type === 'answer' || record.type === 'order' || record.type === 'cancelIntent')
        expect(intended).toContain(record.clientOrderId);
      if (record.type === 'fill') expect(intended).toContain(record.fill.clientOrderId);
    }
    expect(intended.size).toBeGreaterThan(20);
    expect(records.at(0)?.type).toBe('start');
    expect(records.at(-1)).toMatchObject({ type: 'stop', clean: true });
  });

  test('quotes several symbols of one account, each reconciled', async () => {
    const { report } = await soak(['--duration', '20', '--seed', '7', '--symbols', 'BTCUSDT,ETHUSDT,SOLUSDT']);
    expect(report.symbols.map(({ symbol, fills }) => [symbol, fills > 0])).toEqual([
      ['BTCUSDT', true],
      ['ETHUSDT', true],
      ['SOLUSDT', true],
    ]);
    expect(report.invariants.every(({ holds }) => holds)).toBe(true);
  });

  test('ends cleanly on a signal: everything canceled and verified, exit 130', async () => {
    const out = folderWith();
    const host = testHost({
      argv: ['soak', '--profile', 's1', '--clock', 'virtual', '--duration', '10h', '--seed', '7', '--out', out],
      cwd: process.cwd(),
      onStderr: (text, { signal }) => text.includes('"soak_progress"') && signal('SIGINT'),
    });
    expect(await main(host)).toBe(130);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
    expect(report.interrupted).toBe(true);
    expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('with too few samples it is inconclusive, and says which gate and how many', async () => {
    const { exitCode, report, host } = await soak(['--duration', '10', '--seed', '7', '--profile', 'conservative']);
    expect(report.verdict).toBe('INCONCLUSIVE');
    expect(exitCode).toBe(5);
    expect(host.stdout.text).toMatch(/INCONCLUSIVE: too few samples for order latency p95 \(\d+ of 200\)/);
  });

  test.each([
    [['--duration', '0'], '--duration'],
    [['--duration', 'soon'], '--duration'],
    [['--symbols', 'btcusdt'], 'btcusdt'],
    [['--symbols', 'NOSUCHUSDT'], 'NOSUCHUSDT'],
    [['--market', 'bull'], 'bull'],
    [['--set', 'quoting.baseSpreadBp=1'], 'quoting.baseSpreadBps'],
  ])('refuses %j with exit 2 and names it', async (args, named) => {
    const host = testHost({ argv: ['soak', '--clock', 'virtual', '--out', folderWith(), ...args], cwd: process.cwd() });
    expect(await main(host)).toBe(2);
    expect(host.stderr.text).toContain(named);
  });
});
