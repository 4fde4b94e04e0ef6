import { Parser, type EventLog, type Result } from 'tap-parser';
import { isObject, objectIn } from '../util/json.ts';
import { textOr } from './fields.ts';
import { firstWords, placeIn, plain } from './place.ts';
import { failedRun, UnreadableResults, type Failure, type Origin, type TestCase, type TestRun } from './test-run.ts';

/** More than 100 levels, each indented by four spaces. */
const TOO_DEEP = /^ {404}/m;

export const TAP_LINE = /^TAP version \d+|^(not )?ok\b|^\d+\.\.\d+/m;

/** Reads the Test Anything Protocol. Of a test with subtests only the subtests count. */
export function readTap(text: string, origin: Origin): TestRun {
  if (TOO_DEEP.test(text)) throw new UnreadableResults('expected at most 100 levels of subtests');
  // The parser treats these characters as line ends and would drop a failed test with one in its name.
  const events = Parser.parse(text.replace(/\r(?!\n)|[\u2028\u2029]/g, ' '));
  const tests = testsIn(events, origin);
  // Without duplicates: a bailout of a subtest is reported for the run around it too.
  const broken = [...new Set(faultsIn(events))].map((fault) => failedRun(origin.suite, 'the run', fault));
  return { tests: [...tests, ...broken], durationMs: undefined, mayListTries: false };
}

/** Failures that belong to no test: a bailout, or a plan that is missing or not met; also in subtests, whose own line a truncated file lacks. */
function* faultsIn(events: EventLog): Iterable<string> {
  for (const event of events) {
    if (event[0] === 'child') yield* faultsIn(event[1]);
    if (event[0] === 'bailout') yield `bailed out: ${event[1] || 'no reason given'}`;
    if (event[0] !== 'complete') continue;
    for (const { tapError } of event[1].failures) if (typeof tapError === 'string') yield `broken TAP: ${tapError}`;
  }
}

function testsIn(events: EventLog, origin: Origin): readonly TestCase[] {
  const tests: TestCase[] = [];
  let subtests: readonly TestCase[] = [];
  for (const event of events) {
    if (event[0] === 'child') {
      subtests = testsIn(event[1], origin);
      for (const test of subtests) tests.push(test);
    }
    if (event[0] !== 'assert') continue;
    const test = testCase(event[1], origin);
    const isTold = subtests.length > 0 && (test.status !== 'failed' || subtests.some(({ status }) => status === 'failed'));
    if (!isTold) tests.push(test);
    subtests = [];
  }
  return tests;
}

function testCase(result: Result, { suite, root }: Origin): TestCase {
  const isSkipped = result.skip !== false || result.todo !== false;
  const status = isSkipped ? 'skipped' : result.ok ? 'passed' : 'failed';
  const failure = status === 'failed' ? failureOf(result, root) : undefined;
  return {
    suite,
    file: failure?.place?.file ?? '',
    name: result.fullname,
    status,
    durationMs: result.time ?? undefined,
    isFlaky: false,
    failure,
  };
}

function failureOf({ diag, fullname }: Result, root: string): Failure {
  const { error, message, stack, location, at } = objectIn(diag);
  const told = isObject(error) ? textOr(error['message'], '') : textOr(error, textOr(message, ''));
  const details = plain([told || `not ok: ${fullname}`, stack, location, at].filter((part) => typeof part === 'string').join('\n'));
  return { message: firstWords(details), details, place: placeIn(details, '', root), repeat: undefined };
}
