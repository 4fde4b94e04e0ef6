import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { PATIENT } from '../support/bots/live-bot.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';
import { tappingProxy } from '../support/wires/tapping-proxy.ts';

interface Document {
  readonly ok: boolean;
  readonly shadow: { readonly market: string; readonly queueModel: string };
  readonly figures: { readonly fills: number; readonly turnoverUsd: number; readonly positions: Readonly<Record<string, number>> };
  readonly cancelAll: { readonly found: number; readonly verified: boolean };
}

describe('mmbot live --dry-run', () => {
  test('quotes on the market of another process, fills, and lets nothing out but questions about that market', async () => {
    const exchange = await startExchange(['--market', 'btc', '--seed', '7']);
    const proxy = await tappingProxy(exchange.restUrl);
    const cwd = folderWith();
    // No keys in its environment.
    const args = ['live', '--dry-run', '--profile', 's1', '--rest-url', proxy.restUrl, '--json', ...PATIENT];
    const bot = startMmbot(args, { cwd });
    await bot.seen(/"live_status".*"fills":[1-9]/);
    bot.kill('SIGINT');
    expect(await bot.exitCode).toBe(0);
    const { ok, shadow, figures, cancelAll } = JSON.parse(bot.stdout()) as Document;
    expect({ ok, shadow }).toMatchObject({ ok: true, shadow: { market: proxy.restUrl, queueModel: 'trade' } });
    expect(figures.fills).toBeGreaterThan(0);
    expect(figures.turnoverUsd).toBeGreaterThan(0);
    expect(Object.keys(figures.positions)).toEqual(['BTCUSDT']);
    expect(cancelAll.found).toBeGreaterThan(0);
    expect(cancelAll.verified).toBe(true);

    expect(proxy.requests.length).toBeGreaterThan(0);
    for (const { line, headers, body } of proxy.requests) {
      expect(line).toMatch(/^GET \/v5\/market\/(time|instruments-info)(\?|$)/);
      expect(headers.filter((name) => name.startsWith('x-bapi'))).toEqual([]);
      expect(body).toBe('');
    }
    expect(new Set(proxy.messages.map(({ path }) => path))).toEqual(new Set(['/v5/public/linear']));
    for (const { text } of proxy.messages)
      expect(JSON.parse(text)).toMatchObject({ op: expect.stringMatching(/^(subscribe|unsubscribe|ping)$/) as unknown });
    const ledger = (await (await fetch(`${exchange.restUrl}/admin/ledger`)).json()) as { accounts: { counts: { created: number } }[] };
    expect(ledger.accounts.map(({ counts }) => counts.created)).toEqual([0]);
    expect(existsSync(join(cwd, '.mmbot', 'shadow', 'journal-000001.log'))).toBe(true);
  });

  test('says on a terminal or in a pipe that it was a shadow, and of what', async () => {
    const { exitCode, stdout } = await runMmbot(['live', '--dry-run', '--profile', 's1', '--duration', '3'], { cwd: folderWith() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^SHADOW of embedded: no order is sent; fills are simulated from its market data with queue model trade/);
    expect(stdout).toContain('NOTHING RESTS');
  });

  test.each([
    [['--dry-run', '--confirm', 'mainnet'], 2, 'cannot be used with'],
    [['--queue-model', 'trade'], 2, '--dry-run'],
    [['--dry-run', '--rest-url', 'http://127.0.0.1:9'], 3, 'v5/market/time'],
  ])('%j ends with exit %i', async (args, code, message) => {
    const { exitCode, stderr } = await runMmbot(['live', ...args], { cwd: folderWith() });
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
