import { objectIn, type JsonObject } from '../util/json.ts';
import { durationIn, listAt, numberAt, objectAt, refuse, textAt, textOr } from './fields.ts';
import { firstWords, placeIn, plain, underRoot } from './place.ts';
import { UnreadableResults, type Failure, type Origin, type TestCase, type TestRun, type TestStatus } from './test-run.ts';

/** `other` counts as failed. */
const STATUSES: ReadonlyMap<string, TestStatus> = new Map([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['other', 'failed'],
  ['skipped', 'skipped'],
  ['pending', 'skipped'],
]);

/** Name of a test that a log counts without naming it: the format requires a name. */
export const NAMELESS = '(not named in the log)';

/** Reads the Common Test Report Format (CTRF) of any tool, mmbot included. */
export function readCtrf(document: JsonObject, origin: Origin): TestRun {
  const results = objectAt(document['results'], 'results');
  const isOurs = document['generatedBy'] === 'mmbot';
  const tests = listAt(results, 'tests', 'results').map((value, i) => {
    const path = `results.tests[${i}]`;
    return testCase(objectAt(value, path), path, origin, isOurs);
  });
  const summary = objectAt(results['summary'], 'results.summary');
  checkTotals(summary, tests);
  return { tests, durationMs: spanOf(summary), mayListTries: false };
}

function testCase(test: JsonObject, path: string, origin: Origin, isOurs: boolean): TestCase {
  const word = textAt(test, 'status', path);
  const status = STATUSES.get(word) ?? refuse(`${path}.status`, [...STATUSES.keys()].join(', '), word);
  const title = textAt(test, 'name', path);
  const file = underRoot(textOr(test['filePath'], ''), origin.root);
  const suites = Array.isArray(test['suite']) ? test['suite'].map(String) : [];
  return {
    suite: isOurs ? (suites[0] ?? origin.suite) : origin.suite,
    file,
    name: isOurs ? (title === NAMELESS ? '' : title) : [...suites.filter((outer) => outer !== file), title].join(' > '),
    status,
    durationMs: durationIn(test['duration']),
    isFlaky: status === 'passed' && test['flaky'] === true,
    failure: status === 'failed' ? failure(test, word, file, origin.root) : undefined,
  };
}

function failure(test: JsonObject, word: string, file: string, root: string): Failure {
  const message = textOr(test['message'], word === 'other' ? 'ended with status other' : 'failed, without a message');
  const details = plain(textOr(test['trace'], message));
  const line = durationIn(test['line']);
  const place = placeIn(details, file, root) ?? (file !== '' && line !== undefined ? { file, line, column: undefined } : undefined);
  const repeat = textOr(objectIn(test['extra'])['repeat'], '');
  return { message: firstWords(message), details, place, repeat: repeat === '' ? undefined : repeat };
}

function checkTotals(summary: JsonObject, tests: readonly TestCase[]): void {
  const count = (name: string): number => numberAt(summary, name, 'results.summary');
  const [total, failed] = [count('tests'), count('failed') + count('other')];
  const found = tests.filter(({ status }) => status === 'failed').length;
  if (total !== tests.length || failed !== found) {
    throw new UnreadableResults(`its summary counts ${total} tests and ${failed} failed, but it lists ${tests.length} and ${found}`);
  }
}

function spanOf({ start, stop, duration }: JsonObject): number | undefined {
  if (typeof start === 'number' && typeof stop === 'number' && stop > start) return stop - start;
  return durationIn(duration);
}
