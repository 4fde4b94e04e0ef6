import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readResults } from '../../../src/test-results/read-results.ts';
import { placeText, type TestRun } from '../../../src/test-results/test-run.ts';

const FOLDER = new URL('../../fixtures/test-results/', import.meta.url);

/** Results that each runner wrote (Go's, Surefire's, Playwright's and Node's by their formats' documents); made in `/project`. */
function golden(name: string): TestRun {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return readResults(text, name, { suite: basename(name), root: '/project' });
}

function countsOf({ tests }: TestRun): string {
  const count = (wanted: string): number => tests.filter(({ status }) => status === wanted).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped, ${tests.filter(({ isFlaky }) => isFlaky).length} flaky`;
}

test.each([
  ['vitest.json', '5 passed, 3 failed, 2 skipped, 1 flaky'],
  ['vitest.xml', '5 passed, 3 failed, 2 skipped, 0 flaky'],
  ['jest.json', '1 passed, 2 failed, 2 skipped, 0 flaky'],
  ['jest-junit.xml', '1 passed, 3 failed, 1 skipped, 0 flaky'],
  ['pytest.xml', '3 passed, 2 failed, 2 skipped, 0 flaky'],
  ['pytest-plain.log', '3 passed, 2 failed, 2 skipped, 0 flaky'],
  ['pytest-verbose.log', '3 passed, 2 failed, 2 skipped, 0 flaky'],
  ['pytest-quiet.log', '3 passed, 2 failed, 2 skipped, 0 flaky'],
  ['pytest-none.log', '0 passed, 0 failed, 0 skipped, 0 flaky'],
  ['gotestsum.xml', '2 passed, 3 failed, 1 skipped, 0 flaky'],
  ['surefire.xml', '2 passed, 1 failed, 0 skipped, 1 flaky'],
  ['playwright.ctrf.json', '2 passed, 2 failed, 1 skipped, 1 flaky'],
  ['node.tap', '1 passed, 1 failed, 2 skipped, 0 flaky'],
])('%s: %s', (name, expected) => {
  expect(countsOf(golden(name))).toBe(expected);
});

/** Place, test, words and command of each failure. */
const FAILURES: Readonly<Record<string, readonly (readonly [string, string, string, string])[]>> = {
  'vitest.json': [
    [
      'test/a.test.ts:4:58',
      'sum > adds again',
      'AssertionError: expected { a: 1, b: [ 1, 2 ] } to deeply equal { a: 1, b: [ 1, 3 ] }',
      "npx vitest run test/a.test.ts -t '^sum adds again$'",
    ],
    ['test/a.test.ts:9:3', 'sum > hangs', 'Error: the test timed out', "npx vitest run test/a.test.ts -t '^sum hangs$'"],
    [
      'test/broken.test.ts',
      'the file itself',
      "Cannot find module './missing.ts' imported from /project/test/broken.test.ts",
      'npx vitest run test/broken.test.ts',
    ],
  ],
  'vitest.xml': [
    [
      'test/a.test.ts:4:58',
      'sum > adds again',
      'AssertionError: expected { a: 1, b: [ 1, 2 ] } to deeply equal { a: 1, b: [ 1, 3 ] }',
      "npx vitest run test/a.test.ts -t '^sum adds again$'",
    ],
    ['test/a.test.ts:9:3', 'sum > hangs', 'Error: Test timed out in 500ms.', "npx vitest run test/a.test.ts -t '^sum hangs$'"],
    [
      'test/broken.test.ts:1:1',
      'the file itself',
      "Error: Cannot find module './missing.ts' imported from /project/test/broken.test.ts",
      'npx vitest run test/broken.test.ts',
    ],
  ],
  'jest.json': [
    [
      'tests/sum.test.js:3:58',
      'sum > adds "quotes" & <angles>',
      'Error: expect(received).toBe(expected) // Object.is equality',
      `npx jest tests/sum.test.js -t '^sum adds "quotes" & <angles>$'`,
    ],
    [
      'tests/broken.test.js:1:1',
      'the file itself',
      "Cannot find module './missing' from 'tests/broken.test.js'",
      'npx jest tests/broken.test.js',
    ],
  ],
  'pytest.xml': [
    [
      'tests/test_sum.py:8',
      'tests.test_sum.TestSum > test_adds_wrong',
      'assert [1, 2] == [1, 3]',
      'pytest tests/test_sum.py::TestSum::test_adds_wrong',
    ],
    [
      'tests/test_sum.py:20',
      'tests.test_sum > test_with_broken_fixture',
      'failed on setup with "RuntimeError: no exchange"',
      'pytest tests/test_sum.py::test_with_broken_fixture',
    ],
  ],
  'pytest-plain.log': [
    ['tests/test_sum.py:8', 'TestSum > test_adds_wrong', 'assert [1, 2] == [1, 3]', 'pytest tests/test_sum.py::TestSum::test_adds_wrong'],
    ['tests/test_sum.py:20', 'test_with_broken_fixture', 'RuntimeError: no exchange', 'pytest tests/test_sum.py::test_with_broken_fixture'],
  ],
  'gotestsum.xml': [
    [
      'book_test.go:42',
      'example.com/market/book > TestCrossed/bid_over_ask',
      'book_test.go:42: got 2 levels, want 1',
      "go test example.com/market/book -run '^TestCrossed$/^bid_over_ask$'",
    ],
    ['', 'example.com/market/book > TestCrossed', '=== RUN   TestCrossed', "go test example.com/market/book -run '^TestCrossed$'"],
    ['', 'TestMain', 'panic: no configuration', ''],
  ],
  'surefire.xml': [['BookTest.java:30', 'com.example.BookTest > rejects', 'expected:<1> but was:<2>', '']],
  'playwright.ctrf.json': [
    ['e2e/login.spec.ts:44:20', 'login > logs out', "expected 'Goodbye' to be visible", ''],
    ['e2e/checkout.spec.ts', 'checkout > refunds', 'ended with status other', ''],
  ],
  'node.tap': [['test/limiter.test.js:12:10', 'limiter > holds the tenth', 'Expected values to be strictly equal:', '']],
};

test.each(Object.entries(FAILURES))('%s: each failure has its place, its words and the command that repeats it', (name, expected) => {
  const failed = golden(name).tests.filter(({ status }) => status === 'failed');
  const found = failed.map(({ file, name: title, failure }) => [
    failure?.place === undefined ? file : placeText(failure.place),
    title,
    failure?.message.split('\n')[0],
    failure?.repeat ?? '',
  ]);
  expect(found).toEqual(expected);
});

test('the details hold the difference where the runner writes one', () => {
  const [first] = golden('vitest.xml').tests.filter(({ status }) => status === 'failed');
  expect(first?.failure?.details).toContain('-     3,\n+     2,');
});

test('times are in milliseconds, whatever the runner counts in', () => {
  const timeOf = (file: string, name: string): number | undefined => golden(file).tests.find((one) => one.name === name)?.durationMs;
  expect(timeOf('vitest.json', 'sum > hangs')).toBeCloseTo(505, 0);
  expect(timeOf('vitest.xml', 'sum > hangs')).toBeCloseTo(505, 0);
  expect(timeOf('gotestsum.xml', 'example.com/market/book > TestSlowSnapshot')).toBe(590);
  expect(timeOf('surefire.xml', 'com.example.BookTest > sums')).toBe(1_234_400);
  expect(timeOf('node.tap', 'limiter > lets nine through')).toBe(1.5);
});

test.each(readdirSync(FOLDER))('%s, cut off anywhere, is refused or red', (name) => {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  const green: string[] = [];
  for (let end = 1; end < text.trimEnd().length; end += 7) {
    try {
      const { tests } = readResults(text.slice(0, end), name, { suite: 'unit', root: '/project' });
      if (tests.length > 0 && tests.every(({ status }) => status !== 'failed')) green.push(text.slice(0, end).slice(-60));
    } catch (error) {
      expect(error).toMatchObject({ code: 'results_unreadable' });
    }
  }
  expect(green).toEqual([]);
});
