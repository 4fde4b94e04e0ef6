import { changesSince, type Changes } from '../../test-results/changes.ts';
import { judgeTests, type Gates, type Judgement } from '../../test-results/judge.ts';
import { mergeRuns } from '../../test-results/merge.ts';
import type { TestCase, TestRun } from '../../test-results/test-run.ts';

/** The verdict on the test results, with everything that the Markdown, the JSON and the terminal show. */
export interface TestSummary extends Judgement {
  readonly counts: TestCounts;
  readonly suites: readonly SuiteCounts[];
  readonly tests: readonly TestCase[];
  readonly failures: readonly TestCase[];
  readonly flaky: readonly TestCase[];
  /** The slowest first, at most ten. */
  readonly slowest: readonly TestCase[];
  readonly changes: Changes | undefined;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Counted among the passed ones. */
  readonly flaky: number;
}

export interface SuiteCounts extends TestCounts {
  readonly suite: string;
  /** From the first test to the last if the runner reports it, otherwise the sum over the tests. */
  readonly durationMs: number;
}

/** One results file of a suite. */
export interface SuiteRun extends TestRun {
  readonly suite: string;
}

export interface SummaryOptions extends Gates {
  readonly retries: boolean;
  readonly baseline: readonly TestCase[] | undefined;
}

const SLOWEST = 10;

export function summarizeTests(runs: readonly SuiteRun[], options: SummaryOptions): TestSummary {
  const tests = mergeRuns(runs, options);
  const failures = tests.filter(({ status }) => status === 'failed');
  const suites = [...new Set([...tests.map(({ suite }) => suite), ...runs.filter(isEmpty).map(({ suite }) => suite)])];
  return {
    ...judgeTests(tests, suites, options),
    counts: countsOf(tests),
    suites: suites.map((suite) => suiteCounts(suite, tests, runs)),
    tests,
    failures,
    flaky: tests.filter(({ isFlaky }) => isFlaky),
    slowest: tests
      .filter(({ durationMs = 0 }) => durationMs > 0)
      .toSorted((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))
      .slice(0, SLOWEST),
    changes: options.baseline === undefined ? undefined : changesSince(options.baseline, tests),
  };
}

function isEmpty({ tests }: SuiteRun): boolean {
  return tests.length === 0;
}

function suiteCounts(suite: string, all: readonly TestCase[], runs: readonly SuiteRun[]): SuiteCounts {
  const tests = all.filter((test) => test.suite === suite);
  const spans = runs.filter((run) => run.suite === suite).map(({ durationMs }) => durationMs);
  const known = spans.length > 0 && spans.every((span) => span !== undefined);
  return { suite, ...countsOf(tests), durationMs: sum(known ? spans : tests.map(({ durationMs = 0 }) => durationMs)) };
}

function countsOf(tests: readonly TestCase[]): TestCounts {
  const count = (wanted: string): number => tests.filter(({ status }) => status === wanted).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    flaky: tests.filter(({ isFlaky }) => isFlaky).length,
  };
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** `1234 passed, 0 failed`, with `, 2 skipped` when there are any: other programs parse this line. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
