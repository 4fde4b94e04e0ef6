import type { TestCase } from '../../test-results/test-run.ts';
import { codeBlock, codeSpan, markdownTable } from '../text/markdown.ts';
import { changeLine, changeLists, fullName, placeOf, slowestTable, suiteTable } from './rows.ts';
import { closingLine, type TestSummary } from './test-summary.ts';
import { excerpt } from '../../util/excerpt.ts';
import { oneLine } from '../../util/terminal-text.ts';

/** GitHub allows 65,536 characters in a comment. */
const MAX_LENGTH = 60_000;
/** For failures with details; any further ones are listed by name. */
const MAX_FAILURES_LENGTH = 40_000;
const MAX_DETAILS = { lines: 40, length: 3000 } as const;
const MAX_LISTED = 20;

/**
 * `TEST_SUMMARY.md`: the verdict first, then the failures. Short enough for a comment on a pull request, however many failures there are.
 */
export function testSummaryMarkdown(summary: TestSummary): string {
  const { verdict, reasons, changes, flaky } = summary;
  const sections = [
    `# Tests: ${verdict}`,
    oneLine(`${reasons.join('; ')}.`),
    ...failureSections(summary.failures),
    markdownTable(suiteTable(summary)),
    ...(changes === undefined
      ? []
      : [`## Against the baseline\n\n${changeLine(changes)}`, ...changeLists(changes).map((list) => listSection(list, '###'))]),
    ...(flaky.length === 0 ? [] : [listSection({ title: 'Flaky: passed only after a failed attempt', tests: flaky.map(fullName) }, '##')]),
    ...(summary.slowest.length === 0 ? [] : [markdownTable(slowestTable(summary))]),
  ];
  const closing = closingLine(summary.counts);
  return `${fitting(sections, MAX_LENGTH - closing.length, 'The rest is omitted because the summary is too long.').join('\n\n')}\n\n${closing}\n`;
}

function failureSections(failures: readonly TestCase[]): readonly string[] {
  if (failures.length === 0) return [];
  const whole = failures.map((test, i) => failureSection(test, i + 1));
  const shown = fitting(whole, MAX_FAILURES_LENGTH);
  const rest = failures.slice(shown.length).map(fullName);
  return ['## Failures', ...shown, ...(rest.length === 0 ? [] : [listSection({ title: `and ${rest.length} more`, tests: rest }, '###')])];
}

function failureSection(test: TestCase, number: number): string {
  const { failure } = test;
  const place = placeOf(test);
  const repeat = failure?.repeat === undefined ? [] : [`Repeat: ${codeSpan(failure.repeat)}`];
  return [
    `### ${number}. ${codeSpan(test.name || 'a test that the log does not name')}`,
    `${oneLine(test.suite)}${place === '' ? '' : `, ${codeSpan(place)}`}`,
    codeBlock(shortened(failure?.details ?? '')),
    ...repeat,
  ].join('\n\n');
}

function listSection({ title, tests }: { title: string; tests: readonly string[] }, level: string): string {
  const shown = tests.slice(0, MAX_LISTED).map((name) => `- ${codeSpan(excerpt(name, 300))}`);
  const more = tests.length > MAX_LISTED ? [`- and ${tests.length - MAX_LISTED} more`] : [];
  return [`${level} ${title}`, '', ...shown, ...more].join('\n');
}

function shortened(text: string): string {
  const { lines, length } = MAX_DETAILS;
  const kept = text.split('\n').slice(0, lines).join('\n');
  return kept.length < text.length && kept.length <= length ? `${kept}\n...` : excerpt(kept, length);
}

/** The longest prefix of `parts` that fits; a part is kept whole or dropped. */
function fitting(parts: readonly string[], maxLength: number, note?: string): readonly string[] {
  let length = note === undefined ? 0 : note.length + 2;
  const kept: string[] = [];
  for (const part of parts) {
    length += part.length + 2;
    if (length > maxLength) return note === undefined ? kept : [...kept, note];
    kept.push(part);
  }
  return kept;
}
