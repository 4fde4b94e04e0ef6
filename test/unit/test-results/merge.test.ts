import { expect, test } from 'vitest';
import { changesSince } from '../../../src/test-results/changes.ts';
import { judgeTests } from '../../../src/test-results/judge.ts';
import { mergeRuns } from '../../../src/test-results/merge.ts';
import { testCase, testRun } from '../../support/builders/test-results.ts';

const merged = (...runs: Parameters<typeof mergeRuns>[0]): ReturnType<typeof mergeRuns> => mergeRuns(runs, { retries: false });
const retried = (...runs: Parameters<typeof mergeRuns>[0]): ReturnType<typeof mergeRuns> => mergeRuns(runs, { retries: true });

test('shards add up', () => {
  expect(merged(testRun([testCase('a')]), testRun([testCase('b')])).map(({ name }) => name)).toEqual(['a', 'b']);
});

test('the same test in two files counts once, as the worse of the two: a pass elsewhere hides no failure', () => {
  const green = testRun([testCase('a', { durationMs: 5 })]);
  const red = testRun([testCase('a', { status: 'failed', durationMs: 3 })]);
  for (const tests of [merged(green, red), merged(red, green)]) expect(tests).toMatchObject([{ status: 'failed', durationMs: 5 }]);
});

test('with retries the last try counts, and one that passed after a failure is flaky', () => {
  const first = testRun([testCase('a', { status: 'failed' }), testCase('b'), testCase('c', { status: 'failed' })]);
  const second = testRun([testCase('a', { suite: 'again' }), testCase('b', { status: 'skipped' }), testCase('c', { status: 'failed' })]);
  expect(retried(first, second)).toMatchObject([
    { name: 'a', suite: 'unit', status: 'passed', isFlaky: true },
    { name: 'b', status: 'passed', isFlaky: false },
    { name: 'c', status: 'failed', isFlaky: false },
  ]);
});

test('a failure after a pass is a failure, also with retries', () => {
  expect(retried(testRun([testCase('a')]), testRun([testCase('a', { status: 'failed' })]))).toMatchObject([{ status: 'failed' }]);
});

test('a name that comes twice in one file is two tests, unless the file may list tries', () => {
  const twice = [testCase('a', { status: 'failed' }), testCase('a')];
  expect(merged(testRun(twice, { mayListTries: true })).map(({ name }) => name)).toEqual(['a', 'a (2)']);
  expect(retried(testRun(twice)).map(({ name, status }) => [name, status])).toEqual([
    ['a', 'failed'],
    ['a (2)', 'passed'],
  ]);
  expect(retried(testRun(twice, { mayListTries: true }))).toMatchObject([{ name: 'a', status: 'passed', isFlaky: true }]);
});

test('tests without a name are all counted', () => {
  expect(merged(testRun([testCase(''), testCase('')]), testRun([testCase('')]))).toHaveLength(3);
});

test('the baseline shows tests that newly fail, are fixed, slower, new or removed', () => {
  const before = [
    testCase('breaks'),
    testCase('stays red', { status: 'failed' }),
    testCase('is fixed', { status: 'failed' }),
    testCase('gets slow', { durationMs: 300 }),
    testCase('gets a little slow', { durationMs: 10 }),
    testCase('goes'),
    testCase('is skipped'),
    testCase('was skipped', { status: 'skipped' }),
    testCase(''),
  ];
  const now = [
    testCase('breaks', { status: 'failed' }),
    testCase('stays red', { status: 'failed' }),
    testCase('is fixed', { suite: 'called otherwise' }),
    testCase('gets slow', { durationMs: 700 }),
    testCase('gets a little slow', { durationMs: 40 }),
    testCase('is skipped', { status: 'skipped' }),
    testCase('comes'),
  ];
  const changes = changesSince(before, now);
  const names = (tests: readonly { name: string }[]): string[] => tests.map(({ name }) => name);
  expect({
    broken: names(changes.broken),
    stillFailing: names(changes.stillFailing),
    fixed: names(changes.fixed),
    slower: changes.slower.map(({ test: { name }, beforeMs, nowMs }) => [name, beforeMs, nowMs]),
    added: names(changes.added),
    lost: names(changes.lost),
  }).toEqual({
    broken: ['breaks'],
    stillFailing: ['stays red'],
    fixed: ['is fixed'],
    slower: [['gets slow', 300, 700]],
    added: ['comes'],
    lost: ['goes', 'is skipped'],
  });
});

const gates = { maxFailures: 0, minTests: 1, slowerThanMs: undefined };

test.each([
  ['all pass', [testCase('a')], {}, 'PASS', '1 test passed'],
  ['one fails', [testCase('a'), testCase('b', { status: 'failed' })], {}, 'FAIL', '1 of 2 tests failed'],
  ['no test', [], {}, 'INCONCLUSIVE', 'no test ran'],
  ['all are skipped', [testCase('a', { status: 'skipped' })], {}, 'INCONCLUSIVE', 'no test ran'],
  ['a suite has none', [testCase('a', { suite: 'other' })], {}, 'INCONCLUSIVE', 'no test of unit ran'],
  ['too few', [testCase('a')], { minTests: 2 }, 'INCONCLUSIVE', '1 test ran, expected at least 2'],
  ['enough', [testCase('a'), testCase('b')], { minTests: 2 }, 'PASS', '2 tests passed'],
  [
    'as many failures as allowed',
    [testCase('a'), testCase('b', { status: 'failed' })],
    { maxFailures: 1 },
    'PASS',
    '2 tests ran, 1 of at most 1 allowed failures',
  ],
  [
    'more failures than allowed',
    ['a', 'b'].map((name) => testCase(name, { status: 'failed' })),
    { maxFailures: 1 },
    'FAIL',
    '2 of 2 tests failed, allowed at most 1',
  ],
  ['a test is slow', [testCase('a', { durationMs: 1001 })], { slowerThanMs: 1000 }, 'FAIL', '1 test took longer than 1 s'],
  ['a test is just fast enough', [testCase('a', { durationMs: 1000 })], { slowerThanMs: 1000 }, 'PASS', '1 test passed'],
  ['it fails and a suite is missing', [testCase('a', { suite: 'other', status: 'failed' })], {}, 'FAIL', '1 of 1 test failed'],
] as const)('%s', (_, tests, changed, verdict, reason) => {
  const judgement = judgeTests(tests, [...tests.map(({ suite }) => suite), 'unit'], { ...gates, ...changed });
  expect([judgement.verdict, judgement.reasons[0]]).toEqual([verdict, reason]);
});
