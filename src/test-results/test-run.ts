export type TestStatus = 'passed' | 'failed' | 'skipped';

export interface TestCase {
  /** Name of its suite, which is the name of its results file, such as `unit`. */
  readonly suite: string;
  /** Its file as the runner reports it, relative to the root when inside it; `''` when the runner reports none. */
  readonly file: string;
  /** Titles, outermost first, joined by ` > `; `''` when the log counts the test without naming it. */
  readonly name: string;
  readonly status: TestStatus;
  readonly durationMs: number | undefined;
  /** It passed, but only after a failed try. */
  readonly isFlaky: boolean;
  readonly failure: Failure | undefined;
}

export interface Failure {
  /** Short description of the failure. */
  readonly message: string;
  /** Full text of the runner about it: diff, stack trace. */
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

/** Contents of one results file. */
export interface TestRun {
  readonly tests: readonly TestCase[];
  /** Time from the first test to the last; undefined when the file does not report it. */
  readonly durationMs: number | undefined;
  /** With retries, a test that is listed twice was tried twice; when false these are two tests. */
  readonly mayListTries: boolean;
}

/** Origin of a results text, for the readers. */
export interface Origin {
  readonly suite: string;
  /** Absolute path; paths inside it are made relative. */
  readonly root: string;
}

/** The text does not follow its format; `message` says what was expected and found. */
export class UnreadableResults extends Error {}

/** A failed test that represents a failure of the run itself. */
export function failedRun(suite: string, name: string, message: string, details = message): TestCase {
  const failure = { message, details, place: undefined, repeat: undefined };
  return { suite, file: '', name, status: 'failed', durationMs: undefined, isFlaky: false, failure };
}

export function placeText({ file, line, column }: Place): string {
  return [file, line, ...(column === undefined ? [] : [column])].join(':');
}
