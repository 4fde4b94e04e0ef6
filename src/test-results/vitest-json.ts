import type { JsonObject } from '../util/json.ts';
import { durationIn, listAt, numberAt, objectAt, refuse, textAt, textOr } from './fields.ts';
import { firstWords, placeIn, plain, underRoot } from './place.ts';
import { jestCommand, vitestCommand } from './repeat-command.ts';
import { failedRun, UnreadableResults, type Failure, type Origin, type TestCase, type TestRun, type TestStatus } from './test-run.ts';

const STATUSES: ReadonlyMap<string, TestStatus> = new Map([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
  ['todo', 'skipped'],
  ['disabled', 'skipped'],
]);
/** Text that vitest's JSON reporter writes for a test that timed out, instead of the message. */
const LOST_MESSAGE = 'STACK_TRACE_ERROR';

/** Reads the JSON of vitest and jest, which have the same format. */
export function readVitestJson(document: JsonObject, origin: Origin): TestRun {
  const source = { ...origin, isJest: 'openHandles' in document };
  const files = listAt(document, 'testResults', '').map((value, i) => objectAt(value, `testResults[${i}]`));
  const listed = files.flatMap((file, i) => testsOf(file, `testResults[${i}]`, source));
  checkTotals(document, listed);
  const tests = [...listed, ...files.flatMap((file, i) => failedFile(file, `testResults[${i}]`, source))];
  // An empty run also has success: false, which `judgeTests` handles.
  if (document['success'] === false && files.length > 0 && !tests.some(({ status }) => status === 'failed')) {
    tests.push(failedRun(origin.suite, 'the run', 'it says success: false, though no test failed'));
  }
  return { tests, durationMs: spanOf(document, files), mayListTries: false };
}

interface Source extends Origin {
  readonly isJest: boolean;
}

function testsOf(file: JsonObject, path: string, source: Source): readonly TestCase[] {
  const name = underRoot(textAt(file, 'name', path), source.root);
  return listAt(file, 'assertionResults', path).flatMap((value, i) => {
    const at = `${path}.assertionResults[${i}]`;
    const test = objectAt(value, at);
    // Jest's entry for a file that could not be loaded is not a test.
    return test['status'] === 'error' ? [] : [testCase(test, at, name, source)];
  });
}

function testCase(test: JsonObject, path: string, file: string, source: Source): TestCase {
  const titles = [...listAt(test, 'ancestorTitles', path), textAt(test, 'title', path)].map(String);
  const messages = listAt(test, 'failureMessages', path).map(String);
  const word = textAt(test, 'status', path);
  const unfinished = word === 'pending' && !source.isJest;
  const status = unfinished
    ? 'failed'
    : word === 'pending'
      ? 'skipped'
      : (STATUSES.get(word) ?? refuse(`${path}.status`, 'a status', word));
  const isFlaky = status === 'passed' && (messages.length > 0 || (Array.isArray(test['retryReasons']) && test['retryReasons'].length > 0));
  const command = (source.isJest ? jestCommand : vitestCommand)(file, titles.join(' '));
  const texts = unfinished ? ['The test did not end: the run was cut off.'] : messages;
  return {
    suite: source.suite,
    file,
    name: titles.join(' > '),
    status,
    durationMs: durationIn(test['duration']),
    isFlaky,
    failure: status === 'failed' ? failure(texts.join('\n\n'), file, source.root, command) : undefined,
  };
}

function failure(text: string, file: string, root: string, repeat: string): Failure {
  const details = plain(text).replaceAll(LOST_MESSAGE, 'the test timed out');
  return { message: firstWords(details), details, place: placeIn(details, file, root), repeat };
}

/** A failed test for a file that could not be loaded or whose hooks failed, which has no failed test of its own. */
function failedFile(file: JsonObject, path: string, { suite, root, isJest }: Source): readonly TestCase[] {
  const tests = listAt(file, 'assertionResults', path).map((value) => objectAt(value, path));
  if (textAt(file, 'status', path) !== 'failed' || tests.some(({ status }) => status === 'failed')) return [];
  const name = underRoot(textAt(file, 'name', path), root);
  const told = textOr(file['message'], '');
  const message = told === '' ? 'failed outside its tests: on import, or in a hook' : plain(told);
  const repeat = (isJest ? jestCommand : vitestCommand)(name, undefined);
  const failure = { message: firstWords(message), details: message, place: placeIn(message, name, root), repeat };
  return [{ suite, file: name, name: 'the file itself', status: 'failed', durationMs: undefined, isFlaky: false, failure }];
}

/** Refuses a document whose counts do not match its tests: it was truncated or edited. */
function checkTotals(document: JsonObject, tests: readonly TestCase[]): void {
  const total = numberAt(document, 'numTotalTests', '');
  const failed = numberAt(document, 'numFailedTests', '');
  const found = tests.filter(({ status }) => status === 'failed').length;
  if (total !== tests.length || failed > found) {
    throw new UnreadableResults(`it counts ${total} tests and ${failed} failed, but lists ${tests.length} and ${found}`);
  }
}

function spanOf(document: JsonObject, files: readonly JsonObject[]): number | undefined {
  const start = document['startTime'];
  const ends = files.flatMap(({ endTime }) => (typeof endTime === 'number' ? [endTime] : []));
  return typeof start === 'number' && ends.length > 0
    ? Math.max(0, ends.reduce((latest, end) => Math.max(latest, end)) - start)
    : undefined;
}
