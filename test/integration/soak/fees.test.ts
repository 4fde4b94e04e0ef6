import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

interface Report {
  readonly origin: { readonly fees: object; readonly repeat: string };
  readonly invariants: readonly { readonly name: string; readonly holds: boolean }[];
  readonly pnl: { readonly fills: number; readonly feesUsd: number; readonly turnoverUsd: number };
}

const RECORDED = ['linear_orderbook_SOLUSDT', 'linear_publicTrade_SOLUSDT', 'linear_tickers_SOLUSDT']
  .map((name) => new URL(`../../fixtures/bybit-capture/${name}.ndjson.gz`, import.meta.url).pathname)
  .join(',');

async function soak(args: readonly string[]) {
  const out = folderWith();
  const argv = ['soak', '--profile', 's1', '--clock', 'virtual', '--seed', '7', '--out', out, ...args];
  const host = testHost({ argv, cwd: process.cwd() });
  await main(host);
  const text = (name: string): string => readFileSync(join(out, name), 'utf8');
  const page = text('report.html');
  const report = JSON.parse(text('report.json')) as Report;
  return { page, markdown: text('report.md'), report, stdout: host.stdout.text, stderr: host.stderr.text };
}

const feeBps = ({ pnl }: Report): number => (pnl.feesUsd / pnl.turnoverUsd) * 10_000;

describe('a soak with fees of its own', () => {
  test('charges a rebate, to the last unit as the ledger has it, and says so in its first lines', async () => {
    const { page, markdown, report, stdout, stderr } = await soak(['--duration', '60', '--maker-fee', '-0.005%', '--taker-fee', '6bps']);
    expect(report.pnl.fills).toBeGreaterThan(30);
    expect(feeBps(report)).toBeCloseTo(-0.5, 3);
    expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.origin.fees).toEqual({ makerFeeBps: -0.5, takerFeeBps: 6 });
    expect(report.origin.repeat).toContain('--maker-fee -0.005% --taker-fee 6bps');
    expect(stderr).toMatch(/"event":"soak_started".*"makerFeeBps":-0.5,"takerFeeBps":6/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('· fees maker -0.5 bps, taker 6 bps ·');
    expect(markdown).toMatch(/\| fees +\| maker -0.5 bps, taker 6 bps/);
    expect(page).toContain('fees maker -0.5 bps, taker 6 bps');
  });

  test('charges them on recorded data too', async () => {
    const { report } = await soak(['--replay', RECORDED, '--maker-fee', '1bps']);
    expect(report.pnl.fills).toBeGreaterThan(0);
    expect(feeBps(report)).toBeCloseTo(1, 2);
  });

  test('has nothing to say of the fees that it charges by default', async () => {
    const { report, stdout, stderr } = await soak(['--duration', '10', '--maker-fee', '2bps']);
    expect(report.origin.fees).toEqual({ makerFeeBps: 2, takerFeeBps: 5.5 });
    expect(stdout).not.toContain('taker 5.5 bps');
    expect(stderr).not.toContain('makerFeeBps');
  });
});

describe('mmbot live', () => {
  const live = async (args: readonly string[]) => {
    const host = testHost({ argv: ['live', ...args], cwd: folderWith() });
    return { exitCode: await main(host), stdout: host.stdout.text, stderr: host.stderr.text };
  };

  test('reads the fees of its embedded exchange from the exchange', async () => {
    const { exitCode, stdout, stderr } = await live(['--preflight-only', '--maker-fee', '-0.5bps']);
    expect(stdout).toContain('BTCUSDT: maker -0.5 bps, taker 5.5 bps');
    expect(stderr).toMatch(/"event":"live_started".*"makerFeeBps":-0.5/);
    expect(exitCode).toBe(0);
  });

  test('refuses them where another exchange charges its own', async () => {
    const { exitCode, stderr } = await live(['--rest-url', 'http://127.0.0.1:9', '--taker-fee', '4bps']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('another one charges those of the account')]);
  });
});
