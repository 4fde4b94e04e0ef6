import { join } from 'node:path';
import { VERSION } from '../../config/version.ts';
import { EXIT_OF_VERDICT, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { testSummaryCtrf } from '../../reports/test-summary/ctrf.ts';
import { testSummaryDocument } from '../../reports/test-summary/json.ts';
import { testSummaryMarkdown } from '../../reports/test-summary/markdown.ts';
import { changeLine, changeLists, fullName, placeOf, slowestTable, suiteTable } from '../../reports/test-summary/rows.ts';
import { closingLine, type TestSummary } from '../../reports/test-summary/test-summary.ts';
import { appendText, writeWhole } from '../../store/whole-files.ts';
import type { TestCase } from '../../test-results/test-run.ts';
import { jsonText } from '../../util/json.ts';
import { linesOf, oneLine } from '../../util/terminal-text.ts';
import { publish } from '../process/publish.ts';
import { wrappedLines } from '../terminal/lines.ts';
import { labeledLines, titledTable, verdictLine } from '../terminal/report.ts';
import { paint } from '../terminal/table.ts';

export type SummaryFormat = 'text' | 'markdown' | 'json' | 'ctrf';

interface SummaryPublication {
  readonly span: Span;
  readonly out: string;
  readonly format: SummaryFormat;
}

interface Span {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** GitHub shows at most this many annotations and drops the others. */
const MAX_ANNOTATIONS = 10;
const MAX_FAILURES = 50;

export const SUMMARY_FILES = ['TEST_SUMMARY.md', 'ctrf.json'] as const;

/** Writes `SUMMARY_FILES`; in GitHub Actions also the summary page of the run, and annotations. */
function writeTestSummary({ env, stderr }: Host, summary: TestSummary, span: Span, out: string): void {
  const markdown = testSummaryMarkdown(summary);
  const [page, data] = SUMMARY_FILES;
  writeWhole(join(out, page), markdown);
  writeWhole(join(out, data), jsonText(testSummaryCtrf(summary, { ...span, version: VERSION })));
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const shown = env['GITHUB_STEP_SUMMARY'];
  if (shown !== undefined && shown !== '') appendText(shown, markdown);
  for (const test of summary.failures.slice(0, MAX_ANNOTATIONS)) stderr.write(annotation(test));
}

/** Writes `SUMMARY_FILES` and prints the summary. Returns the exit code. */
export function publishSummary(host: Host, summary: TestSummary, { span, out, format }: SummaryPublication): ExitCode {
  return publish(host, {
    exitCode: EXIT_OF_VERDICT[summary.verdict],
    out,
    write: () => writeTestSummary(host, summary, span, out),
    print(end, folder) {
      const files = folder === undefined ? [] : SUMMARY_FILES.map((name) => join(folder, name));
      const text = {
        text: () => terminalSummary(host, summary, files),
        markdown: () => testSummaryMarkdown(summary),
        json: () => jsonText(testSummaryDocument(summary, end, files)),
        ctrf: () => jsonText(testSummaryCtrf(summary, { ...span, version: VERSION })),
      }[format];
      return text();
    },
  });
}

function terminalSummary(host: Host, summary: TestSummary, files: readonly string[]): string {
  const color = paint(host);
  const text = (lines: string): string => wrappedLines(lines, host.stdout);
  const tables = [suiteTable(summary), slowestTable(summary)].filter(({ rows }) => rows.length > 0);
  return [
    ...failureTexts(host, summary.failures),
    ...tables.map((table) => titledTable(host, table)),
    ...changeTexts(host, summary),
    ...(summary.flaky.length === 0
      ? []
      : [text(`${color.bold('Flaky')}\n${summary.flaky.map((test) => `  ${fullName(test)}\n`).join('')}\n`)]),
    `${labeledLines(host, [['Report', files.map(oneLine).join(', ') || 'not written']])}\n`,
    `${verdictLine(host, summary.verdict, summary.reasons.join('; '))}\n`,
    text(`${closingLine(summary.counts)}\n`),
  ].join('');
}

function failureTexts(host: Host, failures: readonly TestCase[]): readonly string[] {
  if (failures.length === 0) return [];
  const color = paint(host);
  const texts = failures.slice(0, MAX_FAILURES).map((test) => {
    const { message = '', repeat = '' } = test.failure ?? {};
    const indented = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== '').map((line) => `    ${line}`);
    const title = `${color.red('✗')} ${test.suite}: ${test.name || 'a test that the log does not name'}`;
    const told = linesOf([title, ...indented([placeOf(test), ...message.split('\n')])]);
    return wrappedLines(told, host.stdout) + linesOf(indented([repeat]));
  });
  const more = failures.length > MAX_FAILURES ? [`and ${failures.length - MAX_FAILURES} more\n`] : [];
  return [`${color.bold('Failures')}\n${[...texts, ...more].join('')}\n`];
}

function changeTexts(host: Host, { changes }: TestSummary): readonly string[] {
  if (changes === undefined) return [];
  const lists = changeLists(changes).flatMap(({ title, tests }) => [`  ${title}\n`, ...tests.slice(0, 10).map((name) => `    ${name}\n`)]);
  return [wrappedLines(`${paint(host).bold('Against the baseline')}: ${changeLine(changes)}\n${lists.join('')}\n`, host.stdout)];
}

function annotation(test: TestCase): string {
  const { place, message = '' } = test.failure ?? {};
  const at =
    place === undefined
      ? test.file === ''
        ? []
        : [`file=${property(test.file)}`]
      : [`file=${property(place.file)}`, `line=${place.line}`];
  return `::error ${[...at, `title=${property(test.name)}`].join(',')}::${escaped(message)}\n`;
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
