import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

const SUITES = ['green', 'red', 'rejected', 'spinning', 'empty'];
const CONFIG = `export default { test: { testTimeout: 500, projects: ${JSON.stringify(SUITES)}.map((name) => ({
  extends: true, test: { name, include: ['test/' + name + '.test.mjs'] } })) } };`;
const TESTS = {
  green: `test('adds', () => expect(1 + 1).toBe(2)); test.skip('later', () => {});`,
  red: `test('differs', () => expect({ a: 1, b: 2 }).toEqual({ a: 1, b: 3 })); test('hangs', () => new Promise(() => {}));`,
  rejected: `test('passes', () => { void Promise.reject(new Error('nobody waits for this')); });`,
  spinning: `test('never gives way', () => { for (;;); });`,
};

/** A project of its own, with this one's vitest. */
function project(): string {
  const files = Object.entries(TESTS).map(([name, code]) => [`test/${name}.test.mjs`, `import { expect, test } from 'vitest';\n${code}\n`]);
  const folder = folderWith({ 'package.json': '{"type":"module"}', 'vitest.config.mjs': CONFIG, ...Object.fromEntries(files) });
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  return folder;
}

function hostIn(cwd: string, args: readonly string[]): TestHost {
  return testHost({ argv: ['test-summary', ...args], cwd, env: { PATH: process.env['PATH'] ?? '' } });
}

test('it runs the suites: failures with difference and place, an error that no test caught', async () => {
  const cwd = project();
  const host = hostIn(cwd, ['--suites', 'green,red,rejected', '--json', '--quiet']);
  expect(await main(host)).toBe(1);
  const summary = JSON.parse(host.stdout.text) as { counts: object; suites: { suite: string; passed: number; failed: number }[] };
  expect(summary).toMatchObject({
    verdict: 'FAIL',
    reasons: ['3 of 5 tests failed'],
    failures: [
      {
        suite: 'red',
        name: 'differs',
        place: { file: 'test/red.test.mjs', line: 2 },
        details: expect.stringContaining('-   "b": 3,\n+   "b": 2,'),
      },
      { suite: 'red', name: 'hangs', message: expect.stringContaining('Test timed out in 500ms.'), place: { file: 'test/red.test.mjs' } },
      {
        suite: 'rejected',
        name: 'the run itself',
        message: 'the runner ended with exit code 1, though every test of rejected passed: Error: nobody waits for this',
        place: { file: 'test/rejected.test.mjs', line: 2 },
      },
    ],
  });
  expect(summary.suites.map(({ suite, passed, failed }) => [suite, passed, failed])).toEqual([
    ['green', 1, 0],
    ['red', 0, 2],
    ['rejected', 1, 1],
  ]);
  expect(host.stderr.text).toBe('');
  for (const name of ['green.log', 'green.json', 'green.xml', 'TEST_SUMMARY.md', 'ctrf.json']) {
    expect(readFileSync(join(cwd, 'reports/audit', name), 'utf8').length).toBeGreaterThan(0);
  }
});

test('a runner that does not end in time is killed, and its log is kept', async () => {
  const cwd = project();
  const host = hostIn(cwd, ['--suites', 'spinning', '--timeout', '2', '--json', '--quiet']);
  expect(await main(host)).toBe(1);
  expect(JSON.parse(host.stdout.text)).toMatchObject({
    verdict: 'FAIL',
    failures: [{ suite: 'spinning', name: 'the run itself', message: 'stopped: it did not end within 2 s' }],
    suites: [{ suite: 'spinning', passed: 0, failed: 1 }],
  });
  expect(existsSync(join(cwd, 'reports/audit/spinning.log'))).toBe(true);
});

test('green suites are exit 0; the log says what runs', async () => {
  const host = hostIn(project(), ['--suites', 'green']);
  expect([await main(host), host.stdout.text]).toEqual([
    0,
    expect.stringMatching(/\nPASS: 1 test passed\n1 passed, 0 failed, 1 skipped\n$/),
  ]);
  expect(host.stderr.text).toMatch(/"suite_started","suite":"green"[\s\S]*"suite_ended","suite":"green","tests":2,"failed":0/);
});

test('a suite without a test is exit 5; one that does not exist is a failure; results of an earlier run do not stand in', async () => {
  const cwd = project();
  const empty = hostIn(cwd, ['--suites', 'empty', '--quiet']);
  expect([await main(empty), empty.stdout.text]).toEqual([5, expect.stringMatching(/\nINCONCLUSIVE: no test ran\n0 passed, 0 failed\n$/)]);
  const unknown = hostIn(cwd, ['--suites', 'nope', '--quiet']);
  expect(await main(unknown)).toBe(1);
  expect(unknown.stdout.text).toContain('left no readable results: Error: No projects matched the filter "nope".');
});

test('SIGINT stops the suite, and no summary is written', async () => {
  const cwd = project();
  const inner = hostIn(cwd, ['--suites', 'spinning']);
  const stderr = {
    ...inner.stderr,
    write: (text: string) => (text.includes('suite_started') ? inner.signal('SIGINT') : inner.stderr.write(text)),
  };
  expect(await main({ ...inner, stderr })).toBe(130);
  expect(inner.stderr.text).toContain('stopped by SIGINT while spinning ran; no summary is written');
  expect(() => readFileSync(join(cwd, 'reports/audit/TEST_SUMMARY.md'))).toThrow('ENOENT');
});

test.each([
  [[], 'expected a project with vitest among its packages in'],
  [['--suites', 'a,,b'], 'Expected comma-separated names'],
  [['x.xml', '--timeout', '5'], 'not to reading results files'],
])('%j in a folder without vitest: exit 2', async (args, message) => {
  const host = hostIn(folderWith(), args);
  expect([await main(host), host.stderr.text]).toEqual([2, expect.stringContaining(message)]);
});
