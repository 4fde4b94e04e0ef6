import { expect, test } from 'vitest';
import { testSummaryCtrf } from '../../../../src/reports/test-summary/ctrf.ts';
import { testSummaryMarkdown } from '../../../../src/reports/test-summary/markdown.ts';
import { closingLine, summarizeTests, type SummaryOptions, type TestSummary } from '../../../../src/reports/test-summary/test-summary.ts';
import { readResults } from '../../../../src/test-results/read-results.ts';
import type { TestCase } from '../../../../src/test-results/test-run.ts';
import { testCase, testRun } from '../../../support/builders/test-results.ts';

const options: SummaryOptions = { retries: false, baseline: undefined, maxFailures: 0, minTests: 1, slowerThanMs: undefined };
const summaryOf = (tests: readonly TestCase[], changed: Partial<SummaryOptions> = {}): TestSummary =>
  summarizeTests([testRun(tests)], { ...options, ...changed });

const red = testCase('sum > adds', {
  status: 'failed',
  failure: {
    message: 'expected 1 to be 2',
    details: 'AssertionError: expected 1 to be 2\n- 2\n+ 1',
    place: { file: 'test/a.test.ts', line: 4, column: 58 },
    repeat: "npx vitest run test/a.test.ts -t '^sum adds$'",
  },
});

test('the Markdown begins with the verdict, then the failures with message, place and command, and ends with the counts', () => {
  const text = testSummaryMarkdown(summaryOf([testCase('is green', { durationMs: 1500 }), red, testCase('later', { status: 'skipped' })]));
  expect(text).toBe(`# Tests: FAIL

1 of 2 tests failed.

## Failures

### 1. \`sum > adds\`

unit, \`test/a.test.ts:4:58\`

\`\`\`text
AssertionError: expected 1 to be 2
- 2
+ 1
\`\`\`

Repeat: \`npx vitest run test/a.test.ts -t '^sum adds$'\`

## Suites

| suite | passed | failed | skipped | flaky | time |
|---|---|---|---|---|---|
| unit | 1 | 1 | 1 | 0 | 1.5 s |

## Slowest

| time | suite | file | test |
|---|---|---|---|
| 1.5 s | unit | test/a.test.ts | is green |
| 1 ms | unit | test/a.test.ts | sum > adds |
| 1 ms | unit | test/a.test.ts | later |

1 passed, 1 failed, 1 skipped
`);
});

test('however many fail and however much they say, it fits a pull request and keeps verdict, counts and the first failures', () => {
  const details = `${'x'.repeat(500)}\n`.repeat(200);
  const many = Array.from({ length: 3000 }, (_, i) =>
    testCase(`test ${i} ${'y'.repeat(2000)}`, {
      status: 'failed',
      failure: { message: details, details, place: undefined, repeat: undefined },
    }),
  );
  const text = testSummaryMarkdown(summaryOf(many, { baseline: many }));
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/^# Tests: FAIL\n\n3000 of 3000 tests failed\./);
  expect(text).toContain('### 1. `test 0 ');
  expect(text).toMatch(/### and \d+ more\n/);
  expect(text).toMatch(/\n0 passed, 3000 failed\n$/);
});

test('titles and messages cannot break out of the Markdown', () => {
  const nasty = testCase('`code` | @everyone <b>', {
    status: 'failed',
    failure: { message: 'm', details: '```\n# not a heading\n```', place: undefined, repeat: undefined },
  });
  const text = testSummaryMarkdown(summaryOf([nasty]));
  expect(text).toContain('### 1. `` `code` | @everyone <b> ``');
  expect(text).toContain('````text\n```\n# not a heading\n```\n````');
  expect(text).toContain('`code` \\| @everyone');
});

test('flaky tests and changes against the baseline have their sections', () => {
  const text = testSummaryMarkdown(
    summaryOf([testCase('a', { isFlaky: true }), red], { baseline: [testCase('sum > adds'), testCase('gone')] }),
  );
  expect(text).toContain('## Flaky: passed only after a failed attempt\n\n- `test/a.test.ts > a`');
  expect(text).toContain('## Against the baseline\n\n1 newly failing, 1 no longer run, 1 new');
  expect(text).toContain('### newly failing\n\n- `test/a.test.ts > sum > adds`');
});

test('the CTRF that it writes reads back as the same tests', () => {
  const tests = [testCase('a', { durationMs: 12, isFlaky: true }), red, testCase('s', { status: 'skipped', suite: 'smoke' }), testCase('')];
  const summary = summaryOf(tests);
  const document = testSummaryCtrf(summary, { startedAt: 1000, endedAt: 2500, version: '1.2.3' });
  const back = readResults(JSON.stringify(document), 'ctrf.json', { suite: 'ctrf', root: '/project' });
  const line = {
    ...red,
    failure: red.failure === undefined ? undefined : { ...red.failure, place: { file: 'test/a.test.ts', line: 4, column: undefined } },
  };
  expect(back).toEqual({ tests: tests.map((one) => (one === red ? line : one)), durationMs: 1500, mayListTries: false });
  expect(document).toMatchObject({
    reportFormat: 'CTRF',
    results: { summary: { tests: 4, passed: 2, failed: 1, skipped: 1, flaky: 1, suites: 2 } },
  });
});

test('the closing line is the one that programs look for', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0, flaky: 1 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2, flaky: 0 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('a results file without a test stands in the table of suites, and makes the verdict inconclusive', () => {
  const summary = summarizeTests([testRun([testCase('a')]), testRun([], { suite: 'smoke' } as object)], options);
  expect(summary.suites.map(({ suite, passed }) => [suite, passed])).toEqual([
    ['unit', 1],
    ['smoke', 0],
  ]);
  expect([summary.verdict, summary.reasons]).toEqual(['INCONCLUSIVE', ['no test of smoke ran']]);
});
