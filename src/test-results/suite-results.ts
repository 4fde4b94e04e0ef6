import { placeIn, plain } from './place.ts';
import { failedRun, type TestCase, type TestRun } from './test-run.ts';

/** Outcome of a vitest run of one suite. */
export interface SuiteEnd {
  readonly suite: string;
  readonly root: string;
  /** Undefined when the runner was killed. */
  readonly exitCode: number | undefined;
  /** The timeout, ms, when the runner was stopped by it. */
  readonly timedOutMs: number | undefined;
  readonly durationMs: number;
  /** stdout and stderr. */
  readonly log: string;
  /** Results of its JSON reporter; undefined when they cannot be read. */
  readonly json: TestRun | undefined;
  /** Results of its JUnit reporter, the only one that writes diffs and the message of a timeout. */
  readonly junit: TestRun | undefined;
}

/** The tests of one suite; a failure of the runner itself (an uncaught error, a crash, a timeout) is added as a failed test. */
export function suiteRun(end: SuiteEnd): TestRun & { readonly suite: string } {
  const { suite, json, junit, durationMs } = end;
  const tests = (json?.tests ?? []).map((test) => fuller(test, junit?.tests ?? []));
  return { suite, tests: [...tests, ...runnerFailure(end, tests)], durationMs, mayListTries: false };
}

function fuller(test: TestCase, others: readonly TestCase[]): TestCase {
  if (test.failure === undefined) return test;
  const other = others.find(({ file, name, failure }) => failure !== undefined && file === test.file && name === test.name);
  return other?.failure === undefined
    ? test
    : { ...test, failure: { ...test.failure, ...other.failure, place: other.failure.place ?? test.failure.place } };
}

function runnerFailure(end: SuiteEnd, tests: readonly TestCase[]): readonly TestCase[] {
  const { suite, exitCode, timedOutMs, json } = end;
  const isEmpty = json !== undefined && tests.length === 0;
  const isTold = json !== undefined && tests.some(({ status }) => status === 'failed');
  if (timedOutMs !== undefined) return [failed(end, `stopped: it did not end within ${timedOutMs / 1000} s`)];
  if (json === undefined) return [failed(end, `the runner ${ending(exitCode)} and left no readable results`)];
  if (exitCode === 0 || isTold || (isEmpty && exitCode === 1)) return [];
  return [failed(end, `the runner ${ending(exitCode)}, though every test of ${suite} passed`)];
}

function ending(exitCode: number | undefined): string {
  return exitCode === undefined ? 'was killed' : `ended with exit code ${exitCode}`;
}

const MAX_LINES = 40;

function failed({ suite, root, log }: SuiteEnd, message: string): TestCase {
  const lines = plain(log).trim().split('\n');
  const errors = lines.findIndex((line) => /(Unhandled|Startup) Errors?/.test(line));
  const shown = errors === -1 ? lines.slice(-MAX_LINES) : lines.slice(errors, errors + MAX_LINES);
  const words = shown.find((line) => /^\w*Error\b.*: /.test(line));
  const details = shown.join('\n');
  const test = failedRun(suite, 'the run itself', words === undefined ? message : `${message}: ${words}`, `${message}\n\n${details}`);
  const place = words === undefined ? undefined : placeIn(details, '', root);
  return { ...test, failure: { message, details, repeat: undefined, ...test.failure, place } };
}
