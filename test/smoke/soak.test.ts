import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));

interface Document {
  schemaVersion: number;
  exitCode: number;
  verdict: string;
  invariants: { name: string; holds: boolean }[];
  orders: { acknowledged: number };
}

describe('mmbot soak over sockets', () => {
  test('runs to a verdict, prints one JSON document, and leaves its reports', async () => {
    const out = folderWith();
    const { exitCode, stdout, stderr } = await runMmbot([
      'soak',
      '--profile',
      's1',
      '--duration',
      '6',
      '--seed',
      '7',
      '--json',
      '--out',
      out,
    ]);
    const document = JSON.parse(stdout) as Document;
    expect(document).toMatchObject({ schemaVersion: 2, exitCode });
    expect(document.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(document.orders.acknowledged).toBeGreaterThan(2);
    expect([0, 1, 5]).toContain(exitCode);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toContain('cancel_all_done');
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain(document.verdict);
    // The page's own script was made by the build, and carries the plots.
    expect(page).toContain('/*! uPlot');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends in order on %s: exit %i and nothing rests', async (signal, expected) => {
    const out = folderWith();
    const child = execa(process.execPath, [BIN, 'soak', '--profile', 's1', '--duration', '60', '--json', '--out', out], {
      env: {},
      extendEnv: false,
      reject: false,
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"quoting"')) child.kill(signal);
    });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(expected);
    expect((JSON.parse(stdout) as Document).invariants.filter(({ holds }) => !holds)).toEqual([]);
  });
});
