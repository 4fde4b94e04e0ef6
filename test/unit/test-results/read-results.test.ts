import { describe, expect, test } from 'vitest';
import { MmbotError } from '../../../src/errors.ts';
import { judgeTests } from '../../../src/test-results/judge.ts';
import { readResults } from '../../../src/test-results/read-results.ts';
import type { TestRun } from '../../../src/test-results/test-run.ts';

const read = (text: string): TestRun => readResults(text, 'results', { suite: 'unit', root: '/project' });
const passed = { ancestorTitles: [], title: 'a', status: 'passed', duration: 1, failureMessages: [] };
const file = { name: '/project/a.test.ts', status: 'passed', message: '', startTime: 1, endTime: 2, assertionResults: [passed] };
const vitest = { numTotalTests: 1, numFailedTests: 0, success: true, startTime: 1, testResults: [file] };
const ctrf = {
  results: {
    tool: { name: 'any' },
    summary: { tests: 1, passed: 1, failed: 0, skipped: 0, pending: 0, other: 0, start: 0, stop: 1 },
    tests: [{ name: 'a', status: 'passed', duration: 1 }],
  },
};

/** One green test in every format. */
const GREEN = {
  vitest: JSON.stringify(vitest),
  ctrf: JSON.stringify(ctrf),
  junit: '<testsuites><testsuite name="s" tests="1"><testcase name="a" time="0.1"/></testsuite></testsuites>',
  pytest: '===== test session starts =====\ncollected 1 item\n\na.py .   [100%]\n\n===== 1 passed in 0.10s =====',
  'plan first': 'TAP version 13\n1..2\nok 1 - a\nok 2 - b\n',
  'plan last': 'TAP version 13\nok 1 - a\nok 2 - b\n1..2\n',
};

describe.each(Object.entries(GREEN))('%s', (_, text) => {
  const whole = verdictOf(text);

  test('is green as a whole', () => {
    expect(whole).toMatch(/^PASS: \d tests? passed$/);
  });

  test('cut off anywhere it is refused, red or without a test: never green with a test fewer', () => {
    const parts = Array.from({ length: text.trimEnd().length }, (_unused, length) => text.slice(0, length));
    expect(parts.filter((part) => verdictOf(part) !== whole && verdictOf(part).startsWith('PASS'))).toEqual([]);
  });
});

function verdictOf(text: string): string {
  try {
    const { verdict, reasons } = judgeTests(read(text).tests, ['unit'], { maxFailures: 0, minTests: 1, slowerThanMs: undefined });
    return `${verdict}: ${reasons.join()}`;
  } catch (error) {
    if (error instanceof MmbotError) return error.code;
    throw error;
  }
}

test.each([
  [
    'a suite that counts more tests than it lists',
    '<testsuite name="s" tests="5"><testcase name="a"/></testsuite>',
    'it counts 5 tests and lists 1',
  ],
  [
    'one within another, named once',
    '<testsuites tests="5"><testsuite name="s" tests="5"><testcase name="a"/></testsuite></testsuites>',
    'it counts 5 tests and lists 1',
  ],
  [
    'a test whose status alone says so',
    '<testsuite name="s" tests="1"><testcase name="a" status="failed"/></testsuite>',
    'status="failed"',
  ],
  ['a test whose result alone says so', '<testsuite name="s" tests="1"><testcase name="a" result="error"/></testsuite>', 'result="error"'],
])('JUnit XML with %s is red', (_, text, message) => {
  const failures = read(text).tests.flatMap(({ failure }) => (failure === undefined ? [] : [failure.message]));
  expect(failures).toEqual([expect.stringContaining(message)]);
});

test.each([
  ['nothing', '', 'empty: the run ended before it wrote its results'],
  ['blanks', ' \n\n', 'empty'],
  ['prose', 'All is well, trust me.', 'found text that begins with "All is well, trust me."'],
  ['a log without its end', '===== test session starts =====\na.py ..F', 'closing line of pytest is missing'],
  ['two logs in one', `${GREEN.pytest}\n${GREEN.pytest}`, 'it holds 2 pytest sessions'],
  ['a log that counts less than it names', 'FAILED a.py::test_a - no\n1 passed in 0.1s', 'counts 0 failed, but the log names more'],
  ['JSON of something else', '{"name":"mmbot","version":"1"}', 'found JSON with fields name, version'],
  ['a list', '[1, 2]', 'found JSON with a list'],
  ['half of a JSON document', '{"testResults": [', 'begins like JSON but is not valid'],
  ['a page', '<html><body/></html>', 'expected <testsuites> or <testsuite>, found <html>'],
  ['half of an XML document', '<testsuites><testsuite>', 'not well-formed XML: 1:'],
  ['two roots', '<testsuite/><testsuite/>', 'not well-formed XML'],
  ['an entity of its own', '<!DOCTYPE t [<!ENTITY a "b">]><testsuite name="&a;"/>', 'undefined entity'],
  ['a test case without a name', '<testsuite><testcase/></testsuite>', 'a <testcase> has no name'],
  ['no list of files', '{"testResults": 1}', 'testResults: expected a list, was 1'],
  [
    'a test without a title',
    JSON.stringify({ ...vitest, testResults: [{ ...file, assertionResults: [{ ...passed, title: 7 }] }] }),
    'testResults[0].assertionResults[0].title: expected text, was 7',
  ],
  [
    'an unknown status',
    JSON.stringify({ ...vitest, testResults: [{ ...file, assertionResults: [{ ...passed, status: 'fine' }] }] }),
    'status: expected a status, was "fine"',
  ],
  [
    'a status that every object knows',
    JSON.stringify({ ...vitest, testResults: [{ ...file, assertionResults: [{ ...passed, status: 'constructor' }] }] }),
    'status: expected a status, was "constructor"',
  ],
  [
    'the same in the common format',
    JSON.stringify({ results: { ...ctrf.results, tests: [{ name: 'a', status: 'toString', duration: 1 }] } }),
    'was "toString"',
  ],
  ['totals that do not add up', JSON.stringify({ ...vitest, numTotalTests: 3 }), 'it counts 3 tests and 0 failed, but lists 1 and 0'],
  [
    'a summary that does not add up',
    JSON.stringify({ results: { ...ctrf.results, summary: { ...ctrf.results.summary, failed: 1 } } }),
    'its summary counts 1 tests and 1 failed, but it lists 1 and 0',
  ],
])('%s: refused as a usage error that names the file', (_, text, message) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ exitCode: 2, code: 'results_unreadable' }));
  expect(() => read(text)).toThrow(/^results: /);
  expect(() => read(text)).toThrow(message);
});

test.each([
  ['a run that says it failed', JSON.stringify({ ...vitest, success: false }), 'it says success: false, though no test failed'],
  [
    'a file that failed outside its tests',
    JSON.stringify({ ...vitest, testResults: [{ ...file, status: 'failed' }] }),
    'failed outside its tests: on import, or in a hook',
  ],
  [
    'a test that never ended',
    JSON.stringify({ ...vitest, testResults: [{ ...file, assertionResults: [{ ...passed, status: 'pending' }] }] }),
    'The test did not end: the run was cut off.',
  ],
  ['a suite that counts a failure more than it lists', '<testsuite name="build" errors="1"/>', 'it counts 1 failures and lists 0'],
  ['a bail-out', '1..2\nok 1 - a\nBail out! no database\n', 'bailed out: no database'],
  ['a bail-out within a subtest', 'TAP version 13\n# Subtest: p\n    ok 1 - a\n    Bail out! no database\n', 'bailed out: no database'],
  ['a plan that was not kept', '1..3\nok 1 - a\n', 'broken TAP: incorrect number of tests'],
  ['a subtest that ends without a plan', 'TAP version 13\n# Subtest: p\n    ok 1 - a\n', 'broken TAP: no plan'],
  ['a parent that fails alone', '# Subtest: p\n    ok 1 - a\n    1..1\nnot ok 1 - p\n1..1\n', 'not ok: p'],
  ['an interrupted pytest', '!!!!! KeyboardInterrupt !!!!!\n===== 1 passed in 0.10s =====', 'pytest was interrupted before its end'],
  ['a failure that the log does not name', '===== 1 failed in 0.10s =====', 'pytest counts this failure, but the log does not name it'],
])('%s is a failure', (_, text, message) => {
  const failed = read(text).tests.filter(({ status }) => status === 'failed');
  expect(failed.map(({ failure }) => failure?.message)).toEqual([message]);
});

test('a test that failed and passed on another try is flaky, in each format that tells', () => {
  const tried = { ...passed, failureMessages: ['Error: first try'] };
  const texts = [
    JSON.stringify({ ...vitest, testResults: [{ ...file, assertionResults: [tried] }] }),
    '<testsuite><testcase name="a"><flakyFailure message="first try"/></testcase></testsuite>',
    'a.py::test_a RERUN\na.py::test_a PASSED\n===== 1 passed, 1 rerun in 0.10s =====',
    JSON.stringify({ results: { ...ctrf.results, tests: [{ name: 'a', status: 'passed', duration: 1, flaky: true }] } }),
  ];
  for (const text of texts) expect(read(text).tests).toMatchObject([{ status: 'passed', isFlaky: true }]);
});
