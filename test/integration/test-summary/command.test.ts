import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

const RESULTS = fileURLToPath(new URL('../../fixtures/test-results', import.meta.url));
const GREEN = '<testsuite><testcase name="a" file="a.py" time="1.5"/><testcase name="b" file="a.py" time="0.1"/></testsuite>';
const RED = '<testsuite><testcase name="a" file="a.py" line="3" time="4"><failure message="no"/></testcase></testsuite>';

async function summary(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<TestHost & { exitCode: number }> {
  const host = testHost({ argv: ['test-summary', ...args], cwd, env });
  return Object.assign(host, { exitCode: await main(host) });
}

const fileIn = (folder: string, ...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

test('results of many runners come to one summary: counts of each, the verdict, and the closing line last', async () => {
  const files = ['vitest.json', 'pytest.xml', 'jest-junit.xml', 'gotestsum.xml', 'playwright.ctrf.json', 'pytest-quiet.log', 'node.tap'];
  const cwd = folderWith();
  const { exitCode, stdout } = await summary(
    cwd,
    files.map((file) => join(RESULTS, file)),
  );
  expect(exitCode).toBe(1);
  expect(stdout.text).toMatch(/\nFAIL: 16 of 33 tests failed\n17 passed, 16 failed, 11 skipped\n$/);
  expect(stdout.text.indexOf('Failures')).toBe(0);
  const markdown = fileIn(cwd, 'reports/audit/TEST_SUMMARY.md');
  expect(markdown).toMatch(/^# Tests: FAIL\n\n16 of 33 tests failed\./);
  expect(markdown).toMatch(/\n17 passed, 16 failed, 11 skipped\n$/);
});

test.each([
  ['green.xml', [], 0, 'PASS: 2 tests passed\n2 passed, 0 failed\n'],
  ['red.xml', [], 1, 'FAIL: 1 of 1 test failed\n0 passed, 1 failed\n'],
  ['red.xml', ['--max-failures', '1'], 0, 'PASS: 1 test ran, 1 of at most 1 allowed failures\n0 passed, 1 failed\n'],
  ['green.xml', ['--min-tests', '3'], 5, 'INCONCLUSIVE: 2 tests ran, expected at least 3\n2 passed, 0 failed\n'],
  ['green.xml', ['--slower-than', '1'], 1, 'FAIL: 1 test took longer than 1 s\n2 passed, 0 failed\n'],
  ['none.xml', [], 5, 'INCONCLUSIVE: no test ran\n0 passed, 0 failed\n'],
])('%s %j: exit %i', async (file, options, code, closing) => {
  const cwd = folderWith({ 'green.xml': GREEN, 'red.xml': RED, 'none.xml': '<testsuites/>' });
  const { exitCode, stdout } = await summary(cwd, [file, ...options]);
  expect(exitCode).toBe(code);
  expect(stdout.text.endsWith(`\n${closing}`)).toBe(true);
});

test.each([
  [['missing.xml'], 'missing.xml: no such results file'],
  [['empty.xml'], 'empty.xml: empty: the run ended before it wrote its results'],
  [['green.xml', 'half.xml'], 'half.xml: not well-formed XML'],
  [['green.xml', '--baseline', 'half.xml'], 'half.xml: not well-formed XML'],
  [['folder'], 'folder: '],
  [['green.xml', '--max-failures', 'many'], "Expected a whole number, was 'many'"],
  [['green.xml', '--json', '--markdown'], 'cannot be used with'],
])('%j: exit 2, a message, and no summary is left behind', async (args, message) => {
  const cwd = folderWith({ 'green.xml': GREEN, 'empty.xml': '', 'half.xml': GREEN.slice(0, 60), 'folder/a.xml': GREEN });
  const { exitCode, stdout, stderr } = await summary(cwd, args);
  expect([exitCode, stderr.text]).toEqual([2, expect.stringContaining(message)]);
  expect(stdout.text).not.toContain('passed');
  expect(() => fileIn(cwd, 'reports/audit/TEST_SUMMARY.md')).toThrow('ENOENT');
});

test('the CTRF of one run is the baseline of the next', async () => {
  const cwd = folderWith({ 'unit.xml': GREEN });
  await summary(cwd, ['unit.xml', '--out', 'before']);
  const later = folderWith({ 'unit.xml': RED });
  const { stdout } = await summary(later, ['unit.xml', '--baseline', join(cwd, 'before/ctrf.json')]);
  expect(stdout.text).toContain(
    'Against the baseline: 1 newly failing, 1 no longer run\n  newly failing\n    a.py > a\n  no longer run\n    a.py > b\n',
  );
});

test('--retries takes a later pass for a flaky test, and nothing else does', async () => {
  const cwd = folderWith({ 'first.xml': RED, 'second.xml': GREEN });
  expect((await summary(cwd, ['first.xml', 'second.xml'])).exitCode).toBe(1);
  const { exitCode, stdout } = await summary(cwd, ['first.xml', 'second.xml', '--retries']);
  expect(exitCode).toBe(0);
  expect(stdout.text).toContain('Flaky\n  a.py > a\n');
});

test('--json, --markdown and --ctrf put that one document on stdout', async () => {
  const cwd = folderWith({ 'red.xml': RED });
  const json = await summary(cwd, ['red.xml', '--json']);
  expect(JSON.parse(json.stdout.text)).toMatchObject({
    schemaVersion: 1,
    command: 'test-summary',
    ok: false,
    exitCode: 1,
    verdict: 'FAIL',
    counts: { passed: 0, failed: 1, skipped: 0, flaky: 0 },
    failures: [{ suite: 'red', file: 'a.py', name: 'a', message: 'no', place: { file: 'a.py', line: 3 } }],
    changes: null,
    files: ['reports/audit/TEST_SUMMARY.md', 'reports/audit/ctrf.json'],
  });
  const markdown = await summary(cwd, ['red.xml', '--markdown']);
  expect(markdown.stdout.text).toBe(fileIn(cwd, 'reports/audit/TEST_SUMMARY.md'));
  const ctrf = await summary(cwd, ['red.xml', '--ctrf']);
  expect(ctrf.stdout.text).toBe(fileIn(cwd, 'reports/audit/ctrf.json'));
});

test('in GitHub Actions the summary goes to the page of the run, and failures to their lines', async () => {
  const cwd = folderWith({ 'red.xml': RED, 'page.md': 'What others wrote.\n' });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'page.md') };
  const { stderr } = await summary(cwd, ['red.xml'], env);
  expect(fileIn(cwd, 'page.md')).toMatch(/^What others wrote\.\n# Tests: FAIL\n/);
  expect(stderr.text).toBe('::error file=a.py,line=3,title=a::no\n');
});
