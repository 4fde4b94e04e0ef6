import { join } from 'node:path';
import { endFields, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { tradeMarkdown } from '../../reports/trades/trade-markdown.ts';
import type { TradeReport } from '../../reports/trades/trade-report.ts';
import { coverage, reasonOf, tradeTables, verdictText } from '../../reports/trades/trade-tables.ts';
import { writeWhole } from '../../store/whole-files.ts';
import { jsonText } from '../../util/json.ts';
import type { OutputOptions } from '../options/options.ts';
import { publish } from '../process/publish.ts';
import { labeledLines, resultTable, wrapped } from '../terminal/report.ts';
import { paint } from '../terminal/table.ts';

/** The texts of the files that need more than the report. */
interface TradeFiles {
  readonly csv: string;
  readonly html: string;
}

interface TradePublication extends Pick<OutputOptions, 'json'> {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly csv: boolean;
}

/** Writes the report files and prints the result. Returns the exit code. */
export function publishTrades(
  host: Host,
  report: TradeReport,
  files: TradeFiles,
  { exitCode, out, csv, json }: TradePublication,
): ExitCode {
  return publish(host, {
    exitCode,
    out,
    write() {
      writeWhole(join(out, 'report.json'), jsonText(report));
      writeWhole(join(out, 'report.md'), tradeMarkdown(report));
      writeWhole(join(out, 'report.html'), files.html);
      writeWhole(join(out, 'executions.csv'), files.csv);
    },
    print(end, folder) {
      if (csv && report.verdict === 'INCOMPLETE') host.stderr.write(`INCOMPLETE: ${reasonOf(report)}\n`);
      if (csv) return files.csv;
      return json ? jsonText({ ...report, ...endFields(end), files: folder ?? null }) : terminalReport(host, report, folder);
    },
  });
}

function terminalReport(host: Host, report: TradeReport, folder: string | undefined): string {
  const { green, yellow } = paint(host);
  const color = report.verdict === 'COMPLETE' ? green : yellow;
  return [
    `${wrapped(host, coverage(report))}\n\n`,
    ...tradeTables(report).map((table) => resultTable(host, table)),
    ...(folder === undefined
      ? []
      : [labeledLines(host, [['Files', `${folder}/report.html, with report.md, report.json and executions.csv`]])]),
    `\n${wrapped(host, `${color.bold(verdictText(report))}: ${reasonOf(report)}`)}\n`,
  ].join('');
}
