import { join, relative } from 'node:path';
import { attempt, endFields, endOf, type ExitCode, type RunEnd } from '../../errors.ts';
import type { Gate } from '../../harness/measures/gates.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { Host } from '../../host.ts';
import { soakHtml } from '../../reports/soak/soak-html.ts';
import { soakMarkdown } from '../../reports/soak/soak-markdown.ts';
import { progressFields } from '../../reports/soak/soak-progress.ts';
import { soakJson, type SoakOrigin, type SoakReport } from '../../reports/soak/soak-report.ts';
import { gateTable, pnlTable, reasonOf } from '../../reports/soak/soak-rows.ts';
import { headline, plotLines, summaryLines } from '../../reports/soak/soak-summary.ts';
import { soakView } from '../../reports/soak/soak-view.ts';
import { moodOf } from '../../reports/text/table.ts';
import { writeWhole } from '../../store/files.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import type { OutputOptions } from '../options/options.ts';
import type { Screen } from '../terminal/screen.ts';
import { paint, textTable, viewPaint } from '../terminal/table.ts';

const TERMINAL_MS = 200;
const PIPE_MS = 5000;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 120;
const LABEL = 9;
const PLOT_LABEL = 16;
const PLOT_FIGURE = 11;

/** Shows progress: a view on a terminal, a log line every few seconds in a pipe. On stderr, because stdout has only the result. */
export function showProgress(
  host: Host,
  log: Logger,
  screen: Screen,
  origin: SoakOrigin,
  { quiet }: OutputOptions,
): (statistics: RunStatistics, judge: () => Gate[]) => void {
  const { stderr } = host;
  // Real time, also on the virtual clock, because a person watches.
  const startedAt = systemClock.monotonic();
  let shownAt = Number.NEGATIVE_INFINITY;
  const marks = viewPaint(host);
  return (statistics, judge) => {
    const now = systemClock.monotonic();
    if (quiet || now - shownAt < (stderr.isTerminal ? TERMINAL_MS : PIPE_MS)) return;
    shownAt = now;
    const progress = { origin, statistics, gates: judge(), realMs: now - startedAt };
    if (stderr.isTerminal) screen.show(soakView(progress, stderr.columns, marks));
    else log.info('soak_progress', { ...progressFields(statistics), realMs: Math.round(progress.realMs) });
  };
}

/** Writes the report files and prints the result, even if the files cannot be written. Returns the exit code. */
export function publishReport(host: Host, report: SoakReport, end: RunEnd, output: OutputOptions, out: string): ExitCode {
  const unwritten = attempt(() => writeReports(report, out));
  const files = unwritten === undefined ? relative(host.cwd, out) || '.' : undefined;
  const whole = end.failure === undefined ? endOf(end.exitCode, unwritten) : end;
  showResult(host, report, whole, output, files);
  return whole.exitCode;
}

function writeReports(report: SoakReport, out: string): void {
  writeWhole(join(out, 'report.json'), soakJson(report));
  writeWhole(join(out, 'report.md'), soakMarkdown(report));
  writeWhole(join(out, 'report.html'), soakHtml(report));
}

function showResult(host: Host, report: SoakReport, end: RunEnd, { json }: OutputOptions, files: string | undefined): void {
  const { series: _plotted, ...figures } = report;
  if (json) host.stdout.write(`${JSON.stringify({ ...figures, ...endFields(end), files: files ?? null }, undefined, 2)}\n`);
  else host.stdout.write(terminalReport(host, report, files));
  if (end.failure !== undefined) host.stderr.write(end.failure.text);
}

/** Text is wrapped on a terminal, except lines that users copy (`Repeat`, `Report`). */
function terminalReport(host: Host, report: SoakReport, files: string | undefined): string {
  const { isTerminal, columns } = host.stdout;
  const color = paint(host);
  const width = isTerminal ? Math.min(columns, MOST_COLUMNS) : Infinity;
  const verdict = { PASS: color.green, FAIL: color.red, INCONCLUSIVE: color.yellow }[report.verdict].bold(report.verdict);
  const tables = [gateTable, pnlTable].map((table) => {
    const { title, head, rows } = table(report);
    const cells = rows.map((row) => row.map((cell) => highlighted(cell.replace(/^(not measured):.*/, '$1'), color)));
    return `${color.bold(title)}\n${textTable(host, head, cells)}\n`;
  });
  const lines = summaryLines(report, files).map(([label, text]) => {
    const whole = label === 'Repeat' || label === 'Report' ? text : wrapped(text, width, LABEL);
    return `${highlighted(label.padEnd(LABEL), color)}${whole}\n`;
  });
  const end = wrapped(`${report.verdict}: ${reasonOf(report)}`, width, 0).replace(report.verdict, verdict);
  return [
    `\n${wrapped(headline(report), width, 0)}\n\n`,
    ...tables,
    overTime(report, Math.min(columns, MOST_COLUMNS), color),
    ...lines,
    `\n${end}\n`,
  ].join('');
}

function overTime(report: SoakReport, columns: number, color: ReturnType<typeof paint>): string {
  const lines = plotLines(report, columns - PLOT_LABEL - 2 * PLOT_FIGURE - 1);
  const text = lines.map(
    ({ label, bars, low, high }) =>
      `${label.padEnd(PLOT_LABEL)}${color.cyan(bars)}${low.padStart(PLOT_FIGURE)}${high.padStart(PLOT_FIGURE)}`,
  );
  const head = `${color.bold('Over time'.padEnd(columns - 2 * PLOT_FIGURE - 1))}${'low'.padStart(PLOT_FIGURE)}${'high'.padStart(PLOT_FIGURE)}`;
  return [head, ...text, '', ''].join('\n');
}

/** Wraps `text`; lines after the first are indented by `indent` spaces. */
function wrapped(text: string, width: number, indent: number): string {
  let length = indent;
  return text
    .split(' ')
    .map((word, index) => {
      const breaks = index > 0 && length + word.length + 1 > width;
      length = breaks ? indent + word.length : length + word.length + (index > 0 ? 1 : 0);
      return `${breaks ? `\n${' '.repeat(indent)}` : index > 0 ? ' ' : ''}${word}`;
    })
    .join('');
}

function highlighted(cell: string, color: ReturnType<typeof paint>): string {
  const mood = moodOf(cell.trim());
  return mood === undefined ? cell : { good: color.green, bad: color.red, open: color.yellow }[mood](cell);
}
