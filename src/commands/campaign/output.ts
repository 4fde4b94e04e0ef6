import { join } from 'node:path';
import { endFields, type ExitCode } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { bestProfile } from '../../reports/campaign/best-profile.ts';
import { runsCsv, setupsCsv } from '../../reports/campaign/campaign-csv.ts';
import { campaignHtml } from '../../reports/campaign/campaign-html.ts';
import { campaignMarkdown, campaignTables } from '../../reports/campaign/campaign-markdown.ts';
import type { CampaignReport } from '../../reports/campaign/campaign-report.ts';
import { failedRunsTable } from '../../reports/campaign/campaign-rows.ts';
import { campaignLead } from '../../reports/campaign/campaign-lead.ts';
import { reasonLine } from '../../reports/campaign/reasons.ts';
import { frontText } from '../../reports/campaign/words.ts';
import { writeWhole } from '../../store/whole-files.ts';
import { jsonText } from '../../util/json.ts';
import { publish } from '../process/publish.ts';
import { paint } from '../terminal/table.ts';
import { labeledLines, resultTable, verdictLine, wrapped } from '../terminal/report.ts';

export interface CampaignPublication {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly json: boolean;
  readonly csv: boolean;
  /** Where to write the best setup as a profile, an absolute path. */
  readonly profile: string | undefined;
  /** Path of the report of a run from `out`; undefined when it was not kept. */
  readonly pageOf: (id: string) => string | undefined;
}

/** Writes the files of a campaign and prints its answer. Returns the exit code. */
export function publishCampaign(
  host: Host,
  report: CampaignReport,
  { exitCode, out, json, csv, profile, pageOf }: CampaignPublication,
): ExitCode {
  const { runs: _kept, ...figures } = report;
  const best = bestProfile(report);
  return publish(host, {
    exitCode,
    out,
    write() {
      writeWhole(join(out, 'campaign.json'), jsonText(report));
      writeWhole(join(out, 'campaign.html'), campaignHtml(report, pageOf));
      writeWhole(join(out, 'campaign.md'), campaignMarkdown(report));
      writeWhole(join(out, 'runs.csv'), runsCsv(report));
      if (profile !== undefined && best !== undefined) writeWhole(profile, best);
    },
    print(end, folder) {
      if (profile !== undefined)
        host.stderr.write(
          best === undefined ? 'no profile was written: no setup had fills\n' : `the best setup was written to ${profile}\n`,
        );
      if (csv) return setupsCsv(report);
      return json ? jsonText({ ...figures, ...endFields(end), files: folder ?? null }) : terminalReport(host, report, folder);
    },
  });
}

/** More runs that failed are in the files. */
const MOST_FAILED = 10;
/** Of the table of setups, beside their names: net edge and difference to the best with intervals, runs and standing. */
const FIGURE_COLUMNS = 62;

function terminalReport(host: Host, report: CampaignReport, folder: string | undefined): string {
  const { isTerminal, columns } = host.stdout;
  const { first, rest } = campaignTables(report, isTerminal ? columns - FIGURE_COLUMNS : Infinity);
  const front = frontText(report);
  const files = folder === undefined ? [] : [['Files', `${folder}/campaign.html, with campaign.md, campaign.json, runs.csv`] as const];
  return [
    '\n',
    failedRuns(host, report),
    ...[...first, ...rest].map((table) => resultTable(host, table)),
    labeledLines(host, [...(front === '' ? [] : [['Front', front] as const]), ...files, ['Repeat', report.origin.repeat]]),
    `\n${wrapped(host, `${campaignLead(report)}.`)}\n`,
    `\n${verdictLine(host, report.verdict, reasonLine(report))}\n`,
  ].join('');
}

/** What went wrong in each run, and the command that repeats it, whole. */
function failedRuns(host: Host, report: CampaignReport): string {
  const failed = failedRunsTable(report);
  if (failed === undefined) return '';
  const { title, rows } = failed;
  const lines = rows
    .slice(0, MOST_FAILED)
    .map(([setup, scenario, seed, what, repeat]) => `${wrapped(host, `${setup}, ${scenario}, seed ${seed}: ${what}`, 2)}\n  ${repeat}\n`);
  const more = rows.length > MOST_FAILED ? `${rows.length - MOST_FAILED} more are in campaign.md\n` : '';
  return `${paint(host).bold(title)}\n${lines.join('')}${more}\n`;
}
