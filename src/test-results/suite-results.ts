import { placeIn, plain } from './place.ts';
import { failedRun, type TestCase, type TestRun } from './test-run.ts';

/** What is known after vitest ran one suite. */
export interface SuiteEnd {
  readonly suite: string;
  readonly root: string;
  /** Undefined when it was killed. */
  readonly exitCode: number | undefined;
  /** Set when it was stopped after so many ms. */
  readonly timedOutMs: number | undefined;
  readonly durationMs: number;
  /** All it printed. */
  readonly log: string;
  /** What its JSON reporter wrote; undefined when nothing readable. */
  readonly json: TestRun | undefined;
  /** The same tests by its JUnit reporter, which alone writes differences and the words of a time-out. */
  readonly junit: TestRun | undefined;
}

/** One suite's tests, with the runner's own failure among them: an error that no test caught, a crash, a time-out. */
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
