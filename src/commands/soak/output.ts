import { join } from 'node:path';
import { endFields, type ExitCode } from '../../errors.ts';
import type { Moment } from '../../harness/soak/moment-watch.ts';
import type { Gate } from '../../harness/measures/gates.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { Host } from '../../host.ts';
import { costLines } from '../../reports/causes/costs.ts';
import { heldBackLines } from '../../reports/causes/held-back-table.ts';
import { soakHtml } from '../../reports/soak/soak-html.ts';
import { soakMarkdown } from '../../reports/soak/soak-markdown.ts';
import { worstFillLines } from '../../reports/soak/fills/fill-tables.ts';
import { momentLines } from '../../reports/soak/moment.ts';
import { progressFields } from '../../reports/soak/soak-progress.ts';
import { reportJson, type SoakOrigin, type SoakReport } from '../../reports/soak/soak-report.ts';
import { gateTable, missingMoment, pnlTable, reasonOf } from '../../reports/soak/soak-rows.ts';
import { headline, plotLines, summaryLines } from '../../reports/soak/soak-summary.ts';
import { soakView } from '../../reports/soak/soak-view.ts';
import type { Table } from '../../reports/text/table.ts';
import { writeWhole } from '../../store/whole-files.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import { jsonText } from '../../util/json.ts';
import type { OutputOptions } from '../options/options.ts';
import { publish, type Publication } from '../process/publish.ts';
import { progressPace } from '../terminal/pace.ts';
import { labeledLines, reportColumns, resultTable, verdictLine, wrapped } from '../terminal/report.ts';
import type { Screen } from '../terminal/screen.ts';
import { paint, viewPaint } from '../terminal/table.ts';

const PLOT_LABEL = 16;
const PLOT_FIGURE = 11;

/** Shows progress: a view on a terminal, a log line every few seconds in a pipe. On stderr, because stdout has only the result. */
export function showProgress(
  host: Host,
  log: Logger,
  screen: Screen,
  origin: SoakOrigin,
  output: OutputOptions,
): (statistics: RunStatistics, judge: () => Gate[]) => void {
  const { stderr } = host;
  const startedAt = systemClock.monotonic();
  const isDue = progressPace(host, output);
  const marks = viewPaint(host);
  return (statistics, judge) => {
    if (!isDue()) return;
    const progress = { origin, statistics, gates: judge(), realMs: systemClock.monotonic() - startedAt };
    if (stderr.isTerminal) screen.show(soakView(progress, stderr.columns, marks));
    else log.info('soak_progress', { ...progressFields(statistics), realMs: Math.round(progress.realMs) });
  };
}

type SoakPublication = Pick<Publication, 'exitCode' | 'fault' | 'out'> & Pick<OutputOptions, 'json'>;

/** Writes the report files and prints the result. Returns the exit code. */
export function publishSoak(
  host: Host,
  report: SoakReport,
  moments: readonly Moment[],
  { exitCode, fault, out, json }: SoakPublication,
): ExitCode {
  const { series: _plotted, ...figures } = report;
  return publish(host, {
    exitCode,
    fault,
    out,
    write() {
      writeWhole(join(out, 'report.json'), reportJson(report));
      writeWhole(join(out, 'report.md'), soakMarkdown(report));
      writeWhole(join(out, 'report.html'), soakHtml(report));
    },
    print: (end, folder) =>
      json ? jsonText({ ...figures, ...endFields(end), files: folder ?? null }) : terminalReport(host, report, moments, folder),
  });
}

function terminalReport(host: Host, report: SoakReport, moments: readonly Moment[], folder: string | undefined): string {
  return [
    `\n${wrapped(host, headline(report))}\n\n`,
    ...[gateTable(report), pnlTable(report)].map((table) => resultTable(host, withShortCells(table))),
    why(host, report),
    ...missingMoment(report).map((sentence) => `${wrapped(host, sentence)}\n\n`),
    ...moments.map((moment) => `${labeledLines(host, momentLines(moment))}\n`),
    overTime(host, report),
    labeledLines(host, summaryLines(report, folder)),
    `\n${verdictLine(host, report.verdict, reasonOf(report))}\n`,
  ].join('');
}

/** Without the reason why a gate was not measured, which would widen its column. */
function withShortCells(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map((cell) => cell.replace(/^(not measured):.*/, '$1'))) };
}

function why(host: Host, report: SoakReport): string {
  const { attribution, costs } = report;
  const sections = [
    ['What held it back', ' (share of the time of both sides)', heldBackLines(attribution)],
    ['What it cost', '', costLines(costs)],
    ['Worst fills', ' (markout times size, USDT)', worstFillLines(report)],
  ] as const;
  const shown = sections.filter(([, , lines]) => lines.length > 0);
  return shown.map(([title, unit, lines]) => `${paint(host).bold(title)}${unit}\n${labeledLines(host, lines)}\n`).join('');
}

function overTime(host: Host, report: SoakReport): string {
  const columns = reportColumns(host);
  const color = paint(host);
  const lines = plotLines(report, columns - PLOT_LABEL - 2 * PLOT_FIGURE - 1);
  const text = lines.map(
    ({ label, bars, low, high }) =>
      `${label.padEnd(PLOT_LABEL)}${color.cyan(bars)}${low.padStart(PLOT_FIGURE)}${high.padStart(PLOT_FIGURE)}`,
  );
  const head = `${color.bold('Over time'.padEnd(columns - 2 * PLOT_FIGURE - 1))}${'low'.padStart(PLOT_FIGURE)}${'high'.padStart(PLOT_FIGURE)}`;
  return [head, ...text, '', ''].join('\n');
}
