import { Parser, type EventLog, type Result } from 'tap-parser';
import { isObject, objectIn } from '../util/json.ts';
import { textOr } from './fields.ts';
import { firstWords, placeIn, plain } from './place.ts';
import { failedRun, UnreadableResults, type Failure, type Origin, type TestCase, type TestRun } from './test-run.ts';

/** Four blanks a level. */
const TOO_DEEP = /^ {404}/m;

export const TAP_LINE = /^TAP version \d+|^(not )?ok\b|^\d+\.\.\d+/m;

/** The Test Anything Protocol, with subtests: a test that has subtests counts by them. */
export function readTap(text: string, origin: Origin): TestRun {
  if (TOO_DEEP.test(text)) throw new UnreadableResults('expected at most 100 levels of subtests');
  // The parser takes these for the end of a line within one, and drops a failed test that has them in its name.
  const events = Parser.parse(text.replace(/\r(?!\n)|[\u2028\u2029]/g, ' '));
  const tests = testsIn(events, origin);
  // Each once: what gives up a subtest gives up the run around it.
  const broken = [...new Set(faultsIn(events))].map((fault) => failedRun(origin.suite, 'the run', fault));
  return { tests: [...tests, ...broken], durationMs: undefined, mayListTries: false };
}

/** What no test shows: a run that was given up, a plan that was not kept, none at all; in subtests too, whose own line a cut file lacks. */
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
