import { firstWords, placeIn, plain, underRoot } from './place.ts';
import { pytestCommand } from './repeat-command.ts';
import { failedRun, UnreadableResults, type Origin, type TestCase, type TestRun, type TestStatus } from './test-run.ts';

/** The line that ends a session: `== 1 failed, 3 passed in 1.07s ==`, or without `=` with -q. */
const CLOSING = /^=*\s*(no tests ran|\d+ [a-z ]+(?:, \d+ [a-z ]+)*) in (\d+(?:\.\d+)?)s(?: \([\d:]+\))?\s*=*$/;
const SESSION = /^=+ test session starts =+$/m;
const OUTCOME = /^(?:\[gw\d+\] \[ *\d+%\] )?(?:(\S+\.py::.+?) )?(PASSED|FAILED|SKIPPED|XFAIL|XPASS|ERROR|RERUN)\b(?: (\S+\.py::\S.*))?/;
const SHORT_SUMMARY = /^(?:FAILED|ERROR) (\S+?\.py(?:::.+?)?)(?: - (.*))?$/;
const HEADING = /^_{2,} (?:ERROR at (?:setup|teardown) of |ERROR collecting )?(.+?) _{2,}$/;
const DURATION = /^(\d+\.\d+)s (?:call|setup|teardown) +(\S.*)$/;
const CUT_OFF = /^!+ .*(?:KeyboardInterrupt|outcomes\.Exit).* !+$/m;

/** Statuses by the words of the closing line. Other words (deselected, warnings) do not count tests. */
const WORDS: ReadonlyMap<string, TestStatus> = new Map([
  ['passed', 'passed'],
  ['xpassed', 'passed'],
  ['failed', 'failed'],
  ['error', 'failed'],
  ['errors', 'failed'],
  ['skipped', 'skipped'],
  ['xfailed', 'skipped'],
]);
const OUTCOMES: ReadonlyMap<string, TestStatus> = new Map([
  ['PASSED', 'passed'],
  ['XPASS', 'passed'],
  ['FAILED', 'failed'],
  ['ERROR', 'failed'],
  ['SKIPPED', 'skipped'],
  ['XFAIL', 'skipped'],
]);

export function isPytestLog(text: string): boolean {
  return SESSION.test(text) || text.split('\n').some((line) => CLOSING.test(line));
}

/** Reads the output of pytest. It counts all tests but names only those that failed; with -v it names all. */
export function readPytestLog(text: string, origin: Origin): TestRun {
  const lines = plain(text)
    .split('\n')
    .map((line) => line.trimEnd());
  const closings = lines.map((line) => CLOSING.exec(line)).filter((match) => match !== null);
  const [closing] = closings;
  if (closing === undefined) throw new UnreadableResults('the closing line of pytest is missing: the run was cut off');
  if (closings.length > 1) throw new UnreadableResults(`it holds ${closings.length} pytest sessions; give each its own file`);
  const named = namedTests(lines, origin);
  const tests = [...named, ...namelessTests(closing[1] ?? '', named, origin.suite)];
  if (CUT_OFF.test(text)) tests.push(failedRun(origin.suite, 'the run', 'pytest was interrupted before its end'));
  return { tests, durationMs: Number(closing[2]) * 1000, mayListTries: false };
}

interface Notes {
  readonly statuses: Map<string, TestStatus>;
  readonly messages: Map<string, string>;
  readonly durations: Map<string, number>;
  readonly retried: Set<string>;
  /** Body of each section of a failure, by its title. */
  readonly sections: Map<string, string[]>;
}

function namedTests(lines: readonly string[], origin: Origin): readonly TestCase[] {
  const notes = notesOf(lines);
  return [...notes.statuses].map(([node, status]) => testCase(node, status, notes, origin));
}

function notesOf(lines: readonly string[]): Notes {
  const notes: Notes = { statuses: new Map(), messages: new Map(), durations: new Map(), retried: new Set(), sections: new Map() };
  let section: string[] | undefined;
  for (const line of lines) {
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) {
      section = [];
      notes.sections.set(heading, section);
    } else if (/^={2,}/.test(line)) section = undefined;
    else if (section !== undefined) section.push(line);
    else note(line, notes);
  }
  return notes;
}

function note(line: string, { statuses, messages, durations, retried }: Notes): void {
  const [, failedNode, message] = SHORT_SUMMARY.exec(line) ?? [];
  const [, before, word = '', after] = OUTCOME.exec(line) ?? [];
  const [, seconds, timedNode = ''] = DURATION.exec(line) ?? [];
  const node = before ?? after;
  if (failedNode !== undefined) {
    statuses.set(failedNode, 'failed');
    if (message !== undefined) messages.set(failedNode, message);
  } else if (seconds !== undefined) durations.set(timedNode, (durations.get(timedNode) ?? 0) + Number(seconds) * 1000);
  else if (node !== undefined && word === 'RERUN') retried.add(node);
  else if (node !== undefined && statuses.get(node) !== 'failed') statuses.set(node, OUTCOMES.get(word) ?? 'failed');
}

function testCase(node: string, status: TestStatus, notes: Notes, { suite, root }: Origin): TestCase {
  const [path = '', ...names] = node.split('::');
  const file = underRoot(path, root);
  const section = notes.sections.get(names.join('.')) ?? notes.sections.get(names.at(-1) ?? path) ?? [];
  const told = section.filter((line) => line.startsWith('E  ')).map((line) => line.slice(1).trim());
  const message = told[0] ?? notes.messages.get(node) ?? 'failed, without a message';
  const details = section.join('\n').trim() || message;
  const failure = { message: firstWords(message), details, place: placeIn(details, file, root), repeat: pytestCommand(node) };
  return {
    suite,
    file,
    name: names.length === 0 ? 'the file itself' : names.join(' > '),
    status,
    durationMs: notes.durations.get(node),
    isFlaky: status === 'passed' && notes.retried.has(node),
    failure: status === 'failed' ? failure : undefined,
  };
}

/** Tests that the closing line counts and that no line names. */
function namelessTests(closing: string, named: readonly TestCase[], suite: string): readonly TestCase[] {
  const counted: Record<TestStatus, number> = { passed: 0, failed: 0, skipped: 0 };
  for (const [, count, word = ''] of closing.matchAll(/(\d+) ([a-z]+)(?=,|$)/g)) {
    const status = WORDS.get(word);
    if (status !== undefined) counted[status] += Number(count);
  }
  return (['passed', 'failed', 'skipped'] as const).flatMap((status) => {
    const missing = counted[status] - named.filter((test) => test.status === status).length;
    if (missing < 0) throw new UnreadableResults(`pytest's closing line counts ${counted[status]} ${status}, but the log names more`);
    return Array.from({ length: missing }, () => nameless(suite, status));
  });
}

function nameless(suite: string, status: TestStatus): TestCase {
  if (status === 'failed') return failedRun(suite, '', 'pytest counts this failure, but the log does not name it');
  return { suite, file: '', name: '', status, durationMs: undefined, isFlaky: false, failure: undefined };
}
