import { join } from 'node:path';
import { endFields, type ExitCode, type RunEnd } from '../../errors.ts';
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
import { writeWhole } from '../../store/whole-files.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { jsonText } from '../../util/json.ts';
import type { OutputOptions } from '../options/options.ts';
import { publish, type Publication } from '../process/publish.ts';
import { progressPace } from '../terminal/pace.ts';
import { labeledLines, resultTable, verdictLine, wrapped } from '../terminal/report.ts';
import type { Screen } from '../terminal/screen.ts';
import { viewPaint } from '../terminal/table.ts';

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
  const isDue = progressPace(host, output);
  return (step) => {
    if (!isDue()) return;
    if (stderr.isTerminal) screen.show(loadView(step, origin, stderr.columns, marks));
    else log.info('load_progress', loadProgressFields(step));
  };
}

interface LoadPublication extends Pick<Publication, 'exitCode' | 'fault' | 'out'>, Pick<OutputOptions, 'json'> {
  readonly pages: readonly string[];
}

/** Writes the report files and prints the result. Returns the exit code. `pages`: the paths of the HTML report. */
export function publishLoad(
  host: Host,
  report: LoadReport,
  { statistics }: LoadStep,
  { exitCode, fault, out, json, pages }: LoadPublication,
): ExitCode {
  return publish(host, {
    exitCode,
    fault,
    out,
    write() {
      writeWhole(join(out, 'report.json'), jsonText(report));
      writeWhole(join(out, 'report.md'), loadMarkdown(report));
      for (const page of pages) writeWhole(page, loadHtml(report));
      for (const stage of LOAD_STAGES) writeWhole(join(out, `${stage}.hgrm`), statistics.stages[stage].percentileText());
    },
    print: (end, folder) => (json ? jsonText(documentOf(report, end, folder)) : terminalReport(host, report, folder)),
  });
}

function documentOf({ series: _plotted, stages, ...figures }: LoadReport, end: RunEnd, folder: string | undefined): object {
  const withoutCurves = Object.fromEntries(LOAD_STAGES.map((stage) => [stage, { ...stages[stage], distribution: undefined }]));
  return { ...figures, stages: withoutCurves, ...endFields(end), files: folder ?? null };
}

function terminalReport(host: Host, report: LoadReport, folder: string | undefined): string {
  const tables = [kneeTable, stageTable, requestTable, errorTable, limitTable, loadGateTable].map((table) => table(report));
  const files =
    folder === undefined ? 'not written' : `${folder}/report.html, with report.md, report.json, the stages as .hgrm and journal.log`;
  return [
    `\n${wrapped(host, loadHeadline(report))}\n\n`,
    ...tables.filter(({ rows }) => rows.length > 0).map((table) => resultTable(host, table)),
    labeledLines(host, [...loadSummary(report), ['Report', files], ['Repeat', report.origin.repeat]]),
    `\n${verdictLine(host, report.verdict, loadReason(report))}\n`,
  ].join('');
}
