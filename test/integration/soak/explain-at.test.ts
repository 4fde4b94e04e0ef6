import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

interface Line {
  readonly time: string;
  readonly event: string;
  readonly symbol: string;
}

const START = Date.parse('2026-01-01T00:00:00Z');

test('--explain-at shows the decisions of an instant as --explain logs them, in figures and in words', async () => {
  const cwd = folderWith();
  const symbols = ['BTCUSDT', 'ETHUSDT'];
  const run = ['soak', '--profile', 's1', '--clock', 'virtual', '--duration', '20', '--seed', '7', '--symbols', symbols.join(',')];
  const host = testHost({ argv: [...run, '--explain-at', '0:12.5', '--log-level', 'debug'], cwd });
  await main(host);
  const logged = host.stderr.text
    .split('\n')
    .filter((line) => line.includes('"quote_explained"'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ time }) => Date.parse(time) <= START + 12_500);
  const { moments } = JSON.parse(readFileSync(join(cwd, 'reports/soak/report.json'), 'utf8')) as {
    moments: {
      decidedAtMs: number;
      decidedAt: string;
      decision: { symbol: string };
      orders: { side: string; price: string }[];
      position: string;
    }[];
  };
  expect(moments.map(({ decision }) => decision.symbol)).toEqual(symbols);
  for (const { decision, decidedAtMs, decidedAt, orders } of moments) {
    const {
      time,
      level: _level,
      event: _event,
      ...last
    } = logged.findLast(({ symbol }) => symbol === decision.symbol) as Line & {
      level: string;
    };
    expect(decision).toEqual(last);
    expect(Math.floor(START + decidedAtMs)).toBe(Date.parse(time));
    expect(decidedAt).toBe(time);
    expect(orders.length).toBeGreaterThan(0);
  }
  expect(host.stdout.text).toMatch(/\nBTCUSDT +decided at 0:00:12\.(\d{3}) \(2026-01-01T00:00:12\.\1Z\)\nmarket +fair value [\d.]+, mid/);
  expect(host.stdout.text).toMatch(/\norders +(bid|ask) [\d.]+ at [\d.]+ /);
});

test.each([
  ['0:61', "a time of the run like 1:35, 1:02:03.5 or 95s, was '0:61'"],
  ['9:99', "a time of the run like 1:35, 1:02:03.5 or 95s, was '9:99'"],
  ['soon', "a time of the run like 1:35, 1:02:03.5 or 95s, was 'soon'"],
  ['1:35', 'within the run of 20s, was 1m 35s'],
])('--explain-at %s is refused', async (time, text) => {
  const host = testHost({ argv: ['soak', '--clock', 'virtual', '--duration', '20', '--explain-at', time], cwd: folderWith() });
  expect(await main(host)).toBe(2);
  expect(host.stderr.text).toContain(text);
});

test.each([
  ['1:00:00', '--explain-at: the run ended before 1:00:00.000.'],
  ['0:00', '--explain-at: nothing had been decided at 0:00:00.000.'],
])('--explain-at %s of a run that has no decision to show says so', async (time, line) => {
  const cwd = folderWith();
  const host = testHost({
    argv: ['soak', '--clock', 'virtual', '--duration', '2h', '--seed', '7', '--explain-at', time],
    cwd,
    onStderr: (text, { signal }) => text.includes('"soak_progress"') && signal('SIGINT'),
  });
  expect(await main(host)).toBe(130);
  expect(host.stdout.text).toContain(line);
  expect(readFileSync(join(cwd, 'reports/soak/report.md'), 'utf8')).toContain(line);
});
