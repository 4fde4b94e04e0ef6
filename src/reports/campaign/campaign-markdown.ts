import { markdownReport } from '../text/markdown.ts';
import type { ReportTables, Table } from '../text/table.ts';
import { campaignLead } from './campaign-lead.ts';
import {
  answerTable,
  behaviorTable,
  confirmationTable,
  edgeTable,
  failedRunsTable,
  gateTable,
  scenarioTable,
  sensitivityTable,
  setupTable,
  survivalTable,
} from './campaign-rows.ts';
import type { CampaignReport } from './campaign-report.ts';
import { originTable } from './origin-table.ts';
import { reasonLine } from './reasons.ts';
import { frontText, shortNameParts, withShortNames } from './words.ts';

export function campaignMarkdown(report: CampaignReport): string {
  const front = frontText(report);
  const sentences = [`${campaignLead(report)}.`, reasonLine(report), ...(front === '' ? [] : [`Front: ${front}.`])];
  const { origin, first, rest } = campaignTables(report);
  const failed = failedRunsTable(report);
  return markdownReport(`Campaign: ${report.verdict}`, sentences, {
    origin,
    first: [...(failed === undefined ? [] : [failed]), ...first],
    rest,
  });
}

/** The tables of the report without its failed runs, the most important first. `nameColumns`: room for the name of a setup; longer ones are shortened. */
export function campaignTables(report: CampaignReport, nameColumns = Infinity): ReportTables {
  const known = (tables: readonly (Table | undefined)[]): Table[] => tables.filter((table) => table !== undefined);
  if (report.survival !== null) {
    return { origin: originTable(report), first: known([survivalTable(report), gateTable(report)]), rest: [] };
  }
  const isLong = report.setups.some(({ name }) => name.length > nameColumns);
  const shown = isLong ? withShortNames(report) : report;
  return {
    origin: originTable(report),
    first: known([answerTable(report), setupTable(shown, isLong ? shortNameParts(report) : ''), confirmationTable(shown)]),
    rest: known([behaviorTable(shown), scenarioTable(shown), edgeTable(shown), sensitivityTable(report)]),
  };
}
