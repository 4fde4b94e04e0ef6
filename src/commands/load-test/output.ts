import { join } from 'node:path';
import { endFields, type RunEnd } from '../../errors.ts';
import type { RunningStep, LoadStep } from '../../harness/load/load-run.ts';
import { LOAD_STAGES } from '../../harness/load/load-stage.ts';
import type { Host } from '../../host.ts';
import { loadHtml } from '../../reports/load/load-html.ts';
import { loadMarkdown } from '../../reports/load/load-markdown.ts';
import { loadProgressFields } from '../../reports/load/load-progress.ts';
import type { LoadOrigin, LoadReport } from '../../reports/load/load-report.ts';
import {
  errorTable,
  kneeTable,
  limitTable,
  loadGateTable,
  loadHeadline,
  loadReason,
  loadSummary,
  requestTable,
  stageTable,
} from '../../reports/load/load-rows.ts';
import { loadView } from '../../reports/load/load-view.ts';
import { writeWhole } from '../../store/files.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import type { OutputOptions } from '../options/options.ts';
import type { Screen } from '../terminal/screen.ts';
import { paint, textTable, viewPaint } from '../terminal/table.ts';

const TERMINAL_MS = 200;
const PIPE_MS = 5000;

export interface LoadProgress {
  readonly host: Host;
  readonly log: Logger;
  readonly screen: Screen;
  readonly output: OutputOptions;
  readonly origin: LoadOrigin;
}

/** Shows progress: a view on a terminal, a log line every few seconds in a pipe. On stderr, because stdout has only the result. */
export function showLoadProgress({ host, log, screen, output, origin }: LoadProgress): (step: RunningStep) => void {
  const { stderr } = host;
  const marks = viewPaint(host);
  let shownAt = Number.NEGATIVE_INFINITY;
  return (step) => {
    // Real time, also on the virtual clock, because a person watches.
    const now = systemClock.monotonic();
    if (output.quiet || now - shownAt < (stderr.isTerminal ? TERMINAL_MS : PIPE_MS)) return;
    shownAt = now;
    if (stderr.isTerminal) screen.show(loadView(step, origin, stderr.columns, marks));
    else log.info('load_progress', loadProgressFields(step));
  };
}

/** Writes `report.json`, `report.md`, a histogram file in HdrHistogram format for each stage, and the HTML report to each of `pages`. */
export function writeLoadReports(report: LoadReport, { statistics }: LoadStep, out: string, pages: readonly string[]): void {
  writeWhole(join(out, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeWhole(join(out, 'report.md'), loadMarkdown(report));
  for (const page of pages) writeWhole(page, loadHtml(report));
  for (const stage of LOAD_STAGES) writeWhole(join(out, `${stage}.hgrm`), statistics.stages[stage].percentileText());
}

export function showLoadResult(host: Host, report: LoadReport, end: RunEnd, { json }: OutputOptions, files: string | undefined): void {
  const { series: _plotted, stages, ...figures } = report;
  const withoutCurves = Object.fromEntries(LOAD_STAGES.map((stage) => [stage, { ...stages[stage], distribution: undefined }]));
  const document = { ...figures, stages: withoutCurves, ...endFields(end), files: files ?? null };
  host.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : terminalReport(host, report, files));
  if (end.failure !== undefined) host.stderr.write(end.failure.text);
}

function terminalReport(host: Host, report: LoadReport, files: string | undefined): string {
  const color = paint(host);
  const verdict = { PASS: color.green, FAIL: color.red, INCONCLUSIVE: color.yellow }[report.verdict].bold(report.verdict);
  const tables = [kneeTable, stageTable, requestTable, errorTable, limitTable, loadGateTable].flatMap((table) => {
    const { title, head, rows } = table(report);
    if (rows.length === 0) return [];
    const cells = rows.map((row) => row.map((cell) => highlighted(cell, color)));
    return [`${color.bold(title)}\n${textTable(host, head, cells)}\n`];
  });
  const all: readonly (readonly [string, string])[] = [
    ...loadSummary(report),
    [
      'Report',
      files === undefined ? 'not written' : `${files}/report.html, with report.md, report.json, the stages as .hgrm and journal.log`,
    ],
    ['Repeat', report.origin.repeat],
  ];
  const lines = all.map(([label, text]) => `${label.padEnd(9)}${text}\n`);
  return [`\n${loadHeadline(report)}\n\n`, ...tables, ...lines, `\n${verdict}: ${loadReason(report)}\n`].join('');
}

function highlighted(cell: string, color: ReturnType<typeof paint>): string {
  if (cell === 'FAIL') return color.red(cell);
  if (cell === 'pass' || cell === 'holds') return color.green(cell);
  return cell === 'too few samples' ? color.yellow(cell) : cell;
}
