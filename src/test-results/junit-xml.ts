import { junitDialect, type JunitDialect } from './junit-dialects.ts';
import { firstWords, placeIn, plain, underRoot } from './place.ts';
import { failedRun, UnreadableResults, type Failure, type Origin, type TestCase, type TestRun } from './test-run.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** A failure as some runners write it: in an attribute instead of an element. */
const FAILED_WORD = /^(?:fail|failed|failure|error)$/i;
const FAILURES: ReadonlySet<string> = new Set(['failure', 'error']);
/** Elements by which Surefire and others mark failed tries of a test that passed later. */
const EARLIER_TRIES: ReadonlySet<string> = new Set(['flakyFailure', 'flakyError']);

/** Reads JUnit XML in the variants that runners write: one or many suites, nested or not. */
export function readJunitXml(text: string, origin: Origin): TestRun {
  const root = parseXml(text);
  if (root.name !== 'testsuites' && root.name !== 'testsuite') {
    throw new UnreadableResults(`expected <testsuites> or <testsuite>, found <${root.name}>`);
  }
  const dialect = junitDialect(root);
  const tests = casesIn(root, '', dialect, origin);
  return { tests, durationMs: milliseconds(root.attributes['time']), mayListTries: true };
}

function casesIn(suite: XmlElement, outerFile: string, dialect: JunitDialect, origin: Origin): readonly TestCase[] {
  const suiteFile = suite.attributes['file'] ?? outerFile;
  const tests = suite.children.flatMap((child): readonly TestCase[] => {
    if (child.name === 'testsuite') return casesIn(child, suiteFile, dialect, origin);
    return child.name === 'testcase' ? [testCase(child, suiteFile, dialect, origin)] : [];
  });
  return [...tests, ...untold(suite, tests, origin)];
}

function testCase(element: XmlElement, suiteFile: string, dialect: JunitDialect, { suite, root }: Origin): TestCase {
  const { name: title } = element.attributes;
  if (title === undefined) throw new UnreadableResults('a <testcase> has no name');
  const given = underRoot(element.attributes['file'] ?? suiteFile, root);
  const { file, name } = dialect.identity(element.attributes['classname'] ?? '', title, given);
  const failed = element.children.filter((child) => FAILURES.has(child.name));
  const isSkipped = element.children.some((child) => child.name === 'skipped');
  const word = (['status', 'result'] as const).find((attribute) => FAILED_WORD.test(element.attributes[attribute] ?? ''));
  const status = failed.length > 0 || word !== undefined ? 'failed' : isSkipped ? 'skipped' : 'passed';
  return {
    suite,
    file,
    name,
    status,
    durationMs: milliseconds(element.attributes['time']),
    isFlaky: status === 'passed' && element.children.some((child) => EARLIER_TRIES.has(child.name)),
    failure: status === 'failed' ? failureOf(failed, element, { file, name, root }, dialect) : undefined,
  };
}

function failureOf(
  failed: readonly XmlElement[],
  { attributes }: XmlElement,
  { file, name, root }: { file: string; name: string; root: string },
  dialect: JunitDialect,
): Failure {
  const texts = failed.map(({ attributes: { message = '' }, text }) => (text.trim() === '' ? message : text));
  const details = plain(texts.join('\n\n')).trim();
  const [first] = failed;
  const message = dialect.message(first?.attributes['message'] ?? '', details) || firstWords(details) || wordOf(attributes);
  const declared = Number(attributes['line']);
  const known = placeIn(details, file, root);
  const place = known ?? (file !== '' && declared > 0 ? { file, line: declared, column: undefined } : undefined);
  return {
    message,
    details,
    place,
    repeat: dialect.repeat(attributes['classname'] ?? '', attributes['name'] ?? name, place?.file ?? file),
  };
}

function wordOf(attributes: XmlElement['attributes']): string {
  const told = (['status', 'result'] as const).filter((attribute) => FAILED_WORD.test(attributes[attribute] ?? ''));
  return told.length === 0 ? 'failed, without a message' : told.map((attribute) => `${attribute}="${attributes[attribute]}"`).join(' ');
}

/** Number of tests that a suite declares; undefined when it declares none. */
function countedIn({ attributes: { tests } }: XmlElement): number | undefined {
  return tests === undefined || tests === '' ? undefined : Number(tests.replaceAll(',', ''));
}

/** Number of tests that a suite lists; a nested suite counts with the number it declares, because its missing tests are reported for it. */
function listedIn({ children }: XmlElement): number {
  const rows = children.map((child) => {
    if (child.name === 'testsuite') return Math.max(countedIn(child) ?? 0, listedIn(child));
    return child.name === 'testcase' ? 1 : 0;
  });
  return rows.reduce((sum, count) => sum + count, 0);
}

/** A failed test for failures or tests that a suite counts but does not list (a failed build or setup, a truncated file), so that it cannot pass. */
function untold(suite: XmlElement, tests: readonly TestCase[], { suite: name }: Origin): readonly TestCase[] {
  const { failures, errors, name: title = 'the run' } = suite.attributes;
  const [counted = 0, rows] = [countedIn(suite), listedIn(suite)];
  if (counted > rows) return [failedRun(name, title, `it counts ${counted} tests and lists ${rows}`)];
  const declared = (Number(failures) || 0) + (Number(errors) || 0);
  const listed = tests.filter(({ status }) => status === 'failed').length;
  return declared > listed ? [failedRun(name, title, `it counts ${declared} failures and lists ${listed}`)] : [];
}

/** Converts seconds, with the thousands separator that some runners write, to ms. */
function milliseconds(text: string | undefined): number | undefined {
  const value = Number(text?.replaceAll(',', ''));
  return text !== undefined && text !== '' && value >= 0 ? value * 1000 : undefined;
}
