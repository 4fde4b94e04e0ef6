import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PATIENT } from '../support/bots/live-bot.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const LIVE = ['live', '--profile', 's1', '--market', 'toxic', '--duration', '8', '--quiet', ...PATIENT];

interface Figures {
  readonly figures: { readonly fills: number; readonly feesUsd: number; readonly positions: Readonly<Record<string, number>> };
  readonly files: string | null;
}

test('a run that stops leaves the report of a soak, and mmbot report has the same executions', async () => {
  const cwd = folderWith();
  const live = await runMmbot([...LIVE, '--json'], { cwd });
  const { figures, files } = JSON.parse(live.stdout) as Figures;
  expect([live.exitCode, files]).toEqual([0, '.mmbot/embedded/report']);
  const read = (name: string): string => readFileSync(join(cwd, '.mmbot/embedded/report', name), 'utf8');
  const report = JSON.parse(read('report.json')) as Record<string, unknown>;
  expect(report).toMatchObject({
    command: 'live',
    origin: { venue: 'embedded', stoppedBy: 'duration', profile: 's1', frozen: null },
    pnl: { fills: figures.fills, feesUsd: figures.feesUsd },
    cancelAll: { verified: true },
    attribution: { sides: expect.arrayContaining([expect.objectContaining({ symbol: 'BTCUSDT' })]) as unknown },
  });
  expect(read('report.md')).toContain('VERIFIED EMPTY');
  expect(read('report.html')).toContain('<strong id="verdict">');

  const record = await runMmbot(['report', '--json'], { cwd });
  const found = JSON.parse(record.stdout) as { symbols: { symbol: string; position: number; fees: string; fills: number }[] };
  expect(record.exitCode).toBe(0);
  const [btc] = found.symbols;
  expect([btc?.fills, Number(btc?.fees), btc?.position]).toEqual([figures.fills, figures.feesUsd, figures.positions['BTCUSDT']]);
  expect(figures.fills).toBeGreaterThan(0);
});

test('a report that cannot be written changes nothing about how a run ends', async () => {
  const cwd = folderWith();
  writeFileSync(join(cwd, 'taken'), '');
  const { exitCode, stdout, stderr } = await runMmbot([...LIVE, '--out', 'taken'], { cwd });
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^VERIFIED EMPTY/m)]);
  expect(stdout).not.toContain('report:');
  expect(stderr).toContain('"report_not_written"');
});

test.each([
  ['no journal', ['report'], 2, 'holds no journal'],
  ['no such account', ['report', '--account', 'other'], 2, 'expected one of embedded'],
  ['an odd time', ['report', '--since', 'yesterday'], 2, 'such as 7d or 12h, or a date'],
  ['a time that ends before it begins', ['report', '--since', '1h', '--until', '2h'], 2, '--since is not before'],
])('report with %s', async (what, words, code, text) => {
  const cwd = folderWith(what === 'no journal' ? {} : { '.mmbot/embedded/journal-000001.log': '' });
  const { exitCode, stderr } = await runMmbot(words, { cwd });
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(text)]);
});
