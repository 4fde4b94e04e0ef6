import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

const SOAK = ['soak', '--clock', 'virtual', '--duration', '5', '--seed', '7', '--quiet'];
const LOAD = ['load-test', '--clock', 'virtual', '--duration', '5', '--symbols', '1', '--seed', '7', '--quiet'];
const SUITES = ['test-summary'];
const RESULTS = ['test-summary', 'green.xml'];
const GREEN = '<testsuite><testcase name="a" file="a.py" time="1.5"/></testsuite>';

async function run(cwd: string, argv: readonly string[]) {
  const host = testHost({ argv, cwd, env: {} });
  const exitCode = await main(host);
  return { exitCode, stdout: host.stdout.text, stderr: host.stderr.text };
}

describe('a place where nothing can be written is refused before anything runs', () => {
  test.each([
    ['a folder below a file', [...SOAK, '--out', 'file/x'], 'part of this path is a file'],
    ['a file as the folder', [...SOAK, '--out', 'file'], 'part of this path is a file'],
    ['a folder below a file', [...LOAD, '--out', 'file/x'], 'part of this path is a file'],
    ['a folder as the page', [...LOAD, '--html', 'folder'], 'use another path'],
    ['a folder below a file', [...SUITES, '--out', 'file/x'], 'part of this path is a file'],
  ])('%s: %j', async (_, argv, hint) => {
    const cwd = folderWith({ file: '', 'folder/kept': '' });
    const { exitCode, stdout, stderr } = await run(cwd, argv);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: \S+ could not be written: .+\nhint: .+\n$/);
    expect(stderr).toContain(`hint: ${hint}`);
    expect(stderr).not.toContain('disk space');
    expect(readdirSync(cwd).toSorted()).toEqual(['file', 'folder', ...(argv.includes('--html') ? ['reports'] : [])].toSorted());
  });
});

describe('a report that cannot be written at the end does not take the result with it', () => {
  test.each([
    [[...SOAK, '--out', 'out'], 'report.md', 'INCONCLUSIVE: '],
    [[...LOAD, '--out', 'out'], 'ack.hgrm', 'INCONCLUSIVE: '],
    [[...RESULTS, '--out', 'out'], 'ctrf.json', 'PASS: '],
  ])('%j', async (argv, taken, verdict) => {
    const cwd = folderWith({ [`out/${taken}/kept`]: '', 'green.xml': GREEN });
    const { exitCode, stdout, stderr } = await run(cwd, argv);
    expect(stdout).toContain(verdict);
    expect(stdout).toMatch(/^Report +not written$/m);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`error: ${join(cwd, 'out', taken)} could not be written: `)]);
    expect(readdirSync(join(cwd, 'out')).filter((name) => name.endsWith('.draft'))).toEqual([]);
    expect(JSON.parse((await run(cwd, [...argv, '--json'])).stdout)).toMatchObject({
      ok: false,
      exitCode: 2,
      error: { code: 'file_unwritable' },
    });
  });
});
