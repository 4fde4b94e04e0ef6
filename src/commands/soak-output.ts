import { join } from 'node:path';
import type { ExitCode } from '../errors.ts';
import type { SoakStatistics } from '../harness/soak-statistics.ts';
import type { Host } from '../host.ts';
import { soakHtml } from '../reports/soak-html.ts';
import { soakMarkdown } from '../reports/soak-markdown.ts';
import { progressFields, progressLine } from '../reports/soak-progress.ts';
import { soakJson, type SoakReport } from '../reports/soak-report.ts';
import { gateTable, pnlTable, reasonOf } from '../reports/soak-rows.ts';
import { headline, summaryLines } from '../reports/soak-summary.ts';
import { writeWhole } from '../store/files.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock } from '../util/clock.ts';
import type { OutputOptions } from './options.ts';
import type { Screen } from './screen.ts';
import { paint, textTable } from './table.ts';

const TERMINAL_MS = 200;
const PIPE_MS = 5000;

/** On a terminal one line that renews itself; in a pipe a line every few seconds. On stderr: stdout is the result alone. */
export function showProgress(
  { stderr }: Host,
  log: Logger,
  screen: Screen,
  durationMs: number,
  { quiet }: OutputOptions,
): (statistics: SoakStatistics) => void {
  let shownAt = Number.NEGATIVE_INFINITY;
  return (statistics) => {
    // Real time, also on the virtual clock: it is a person who watches.
    const now = systemClock.monotonic();
    if (quiet || now - shownAt < (stderr.isTerminal ? TERMINAL_MS : PIPE_MS)) return;
    shownAt = now;
    if (stderr.isTerminal) screen.show([progressLine(statistics, durationMs)]);
    else log.info('soak_progress', progressFields(statistics));
  };
}

export function writeReports(report: SoakReport, out: string): void {
  writeWhole(join(out, 'report.json'), soakJson(report));
  writeWhole(join(out, 'report.md'), soakMarkdown(report));
  writeWhole(join(out, 'report.html'), soakHtml(report));
}

export function showResult(host: Host, report: SoakReport, exitCode: ExitCode, { json }: OutputOptions, files: string): void {
  const { series: _plotted, ...figures } = report;
  if (json) host.stdout.write(`${JSON.stringify({ ...figures, ok: exitCode === 0, exitCode, files }, undefined, 2)}\n`);
  else host.stdout.write(terminalReport(host, report, files));
}

function terminalReport(host: Host, report: SoakReport, files: string): string {
  const color = paint(host);
  const verdict = { PASS: color.green, FAIL: color.red, INCONCLUSIVE: color.yellow }[report.verdict].bold(report.verdict);
  const tables = [gateTable, pnlTable].map((table) => {
    const { title, head, rows } = table(report);
    const cells = rows.map((row) => row.map((cell) => highlighted(cell, color)));
    return `${color.bold(title)}\n${textTable(host, head, cells)}\n`;
  });
  const lines = summaryLines(report, files).map(([label, text]) => `${highlighted(label, color).padEnd(9)}${text}\n`);
  return [`\n${headline(report)}\n\n`, ...tables, ...lines, `\n${verdict}: ${reasonOf(report)}\n`].join('');
}

function highlighted(cell: string, color: ReturnType<typeof paint>): string {
  if (cell === 'FAIL' || cell === 'BROKEN') return color.red(cell);
  if (cell === 'pass' || cell === 'holds') return color.green(cell);
  return cell === 'too few samples' ? color.yellow(cell) : cell;
}
