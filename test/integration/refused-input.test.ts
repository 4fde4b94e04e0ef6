import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../src/errors.ts';
import { main } from '../../src/main.ts';
import { folderWith } from '../support/program/folders.ts';
import { testHost } from '../support/program/test-host.ts';

const nested = (open: string, close: string, levels: number, within = ''): string => open.repeat(levels) + within + close.repeat(levels);
const RESULTS = {
  'deep.xml': nested('<testsuite>', '</testsuite>', 50_000),
  'open.xml': '<a>'.repeat(50_000),
  'list.json': nested('[', ']', 200_000),
  'objects.json': nested('{"results":', '}', 200_000, '1'),
  'vitest.json': `{"numTotalTests":1,"numFailedTests":0,"testResults":[{"name":${nested('[', ']', 5000)},"assertionResults":[]}]}`,
  'ctrf.json': `{"results":{"summary":{"tests":1,"failed":0,"other":0},"tests":[{"name":"a","status":"passed","suite":[${nested('[', ']', 9000)}]}]}}`,
  'deep.tap': `TAP version 13\n${Array.from({ length: 2000 }, (_, i) => `${'    '.repeat(i)}# Subtest: x`).join('\n')}\n`,
};
const SETTINGS = {
  'list.json': `{"quoting":${nested('[', ']', 30_000)}}`,
  'open.json': '['.repeat(60_000),
  'maps.yaml': `a: ${nested('{a: ', '}', 10_000, '1')}`,
  'dashes.yaml': '- '.repeat(30_000),
  'questions.yaml': '? '.repeat(30_000),
  'indents.yaml': Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
};
const RECORDINGS = {
  'list.jsonl': `${nested('[', ']', 200_000)}\n`,
  'objects.jsonl': `{"recvTs":1,"msg":${nested('{"a":', '}', 20_000, '1')}}\n`,
};

async function refusal(argv: readonly string[], cwd: string) {
  const host = testHost({ argv, cwd });
  return { exitCode: await main(host), said: host.stderr.text.slice(0, 20_000) };
}

describe('a file that nests without end is refused by its name', () => {
  test.each(Object.keys(RESULTS))('results in %s', async (file) => {
    const cwd = folderWith({ ...RESULTS, 'green.xml': '<testsuite><testcase name="a"/></testsuite>' });
    for (const argv of [
      ['test-summary', file],
      ['test-summary', 'green.xml', '--baseline', file],
    ])
      expect(await refusal(argv, cwd)).toEqual({ exitCode: 2, said: expect.stringContaining(`${file}: `) as unknown });
  });

  test.each(Object.keys(SETTINGS))('settings in %s', async (file) => {
    const cwd = folderWith(SETTINGS);
    for (const option of ['--profile', '--overrides'])
      expect(await refusal(['config-explain', option, `./${file}`], cwd)).toEqual({
        exitCode: 2,
        said: expect.stringContaining(file) as unknown,
      });
  });

  test.each(Object.keys(RECORDINGS))('a recording in %s', async (file) => {
    const argv = ['soak', '--clock', 'virtual', '--duration', '1', '--replay', file];
    expect(await refusal(argv, folderWith(RECORDINGS))).toEqual({ exitCode: 2, said: expect.stringContaining(`${file}:1: `) as unknown });
  });
});

test('brackets within strings are no levels', async () => {
  const message = `${'\u001b[31m['.repeat(2000)} \\" [[ \\`;
  const assertion = { ancestorTitles: [], title: 'a', status: 'failed', failureMessages: [message], duration: 1 };
  const results = { numTotalTests: 1, numFailedTests: 1, testResults: [{ name: 'a.ts', status: 'failed', assertionResults: [assertion] }] };
  expect((await refusal(['test-summary', 'a.json'], folderWith({ 'a.json': JSON.stringify(results) }))).exitCode).toBe(1);
});

describe('a place where nothing can be, refused with what to do', () => {
  const WHERE = [
    '/proc/x/y',
    '/proc/self/x',
    'loop',
    'loop/x',
    'file',
    'file/x',
    '/dev/null',
    '/dev/full/x',
    'x'.repeat(300),
    'a/'.repeat(3000),
  ];
  const SOAK = ['soak', '--clock', 'virtual', '--duration', '1', '--quiet', '--out'];
  const LOAD = ['load-test', '--clock', 'virtual', '--duration', '1', '--symbols', '1', '--quiet', '--out'];
  const place = (): string => {
    const cwd = folderWith({ file: '', 'green.xml': '<testsuite><testcase name="a"/></testsuite>' });
    symlinkSync('loop', join(cwd, 'loop'));
    return cwd;
  };

  test.each(WHERE)('%.40s', async (where) => {
    for (const argv of [
      [...SOAK, where],
      [...LOAD, where],
      ['test-summary', 'green.xml', '--out', where],
    ]) {
      const { exitCode, said } = await refusal(argv, place());
      expect([exitCode, said]).toEqual([2, expect.stringMatching(/error: [\s\S]* (could not be written|operating system error): E[A-Z]+/)]);
      if (where.length < 100) expect(said).toContain('hint: ');
    }
  });

  test.each([SOAK, LOAD])('a folder where the journal goes: %s', async (...argv) => {
    const cwd = place();
    mkdirSync(join(cwd, 'out/journal.log'), { recursive: true });
    const { exitCode, said } = await refusal([...argv, 'out'], cwd);
    expect([exitCode, said]).toEqual([2, expect.stringMatching(/EISDIR.*out\/journal\.log'\nhint: /)]);
  });

  test.each(['/dev/zero', '/proc/self/mem', 'loop', 'file/x', 'x'.repeat(300)])('results in %.40s', async (file) => {
    expect((await refusal(['test-summary', file], place())).exitCode).toBe(2);
  });
});

describe('what the system refuses is no bug', () => {
  const refused = (code: string): number =>
    failureOf(Object.assign(new Error(`${code}: no`), { code, syscall: 'open', errno: -1 })).exitCode;

  test.each([
    'ENOSPC',
    'EDQUOT',
    'EFBIG',
    'EIO',
    'EMFILE',
    'ENFILE',
    'EACCES',
    'EPERM',
    'EROFS',
    'ELOOP',
    'ENAMETOOLONG',
    'ENOTDIR',
    'EISDIR',
    'ENOMEM',
  ])('%s: exit 2', (code) => expect(refused(code)).toBe(2));

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'EHOSTUNREACH'])('%s: exit 3', (code) => expect(refused(code)).toBe(3));

  test.each(['EBADF', 'EINVAL', 'EFAULT'])('%s is one', (code) => expect(refused(code)).toBe(70));
});
