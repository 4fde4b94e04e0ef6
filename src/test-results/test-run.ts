export type TestStatus = 'passed' | 'failed' | 'skipped';

export interface TestCase {
  /** The set of tests it belongs to: the name of its results file, such as `unit`. */
  readonly suite: string;
  /** As the runner gave it, relative to the root when it lies under it; `''` when the runner gives none. */
  readonly file: string;
  /** Titles from the outside in, joined by ` > `; `''` when the log counts the test without naming it. */
  readonly name: string;
  readonly status: TestStatus;
  readonly durationMs: number | undefined;
  /** Passed, but only after a try that failed. */
  readonly isFlaky: boolean;
  readonly failure: Failure | undefined;
}

export interface Failure {
  /** What went wrong, in a few words. */
  readonly message: string;
  /** All that the runner says about it: difference, stack. */
  readonly details: string;
  readonly place: Place | undefined;
  /** The shell command that runs this test alone. */
  readonly repeat: string | undefined;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number | undefined;
}

/** What one results file says. */
export interface TestRun {
  readonly tests: readonly TestCase[];
  /** From the first test to the last, where the file tells. */
  readonly durationMs: number | undefined;
  /** A test named twice in it was tried twice, if the caller says that there were retries; elsewhere these are two tests. */
  readonly mayListTries: boolean;
}

/** Where a text comes from, for the readers. */
export interface Origin {
  readonly suite: string;
  /** Absolute; paths under it are made relative. */
  readonly root: string;
}

/** The text is not what its format promises: `message` says what was expected and found. */
export class UnreadableResults extends Error {}

/** A failure of the run itself: no test of its own shows it. */
export function failedRun(suite: string, name: string, message: string, details = message): TestCase {
  const failure = { message, details, place: undefined, repeat: undefined };
  return { suite, file: '', name, status: 'failed', durationMs: undefined, isFlaky: false, failure };
}

export function placeText({ file, line, column }: Place): string {
  return [file, line, ...(column === undefined ? [] : [column])].join(':');
}
