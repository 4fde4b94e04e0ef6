import { markdownReport } from '../text/markdown.ts';
import type { ReportTables, Table } from '../text/table.ts';
import { campaignLead } from './campaign-lead.ts';
import {
  answerTable,
  behaviorTable,
  confirmationTable,
  edgeTable,
  failedRunsTable,
  scenarioTable,
  sensitivityTable,
  setupTable,
  survivalTable,
} from './campaign-rows.ts';
import type { CampaignReport } from './campaign-report.ts';
import { originTable } from './origin-table.ts';
import { reasonLine } from './reasons.ts';

export function campaignMarkdown(report: CampaignReport): string {
  return markdownReport(`Campaign: ${report.verdict}`, [`${campaignLead(report)}.`, reasonLine(report)], campaignTables(report));
}

/** The tables of the report, the most important first. */
export function campaignTables(report: CampaignReport): ReportTables {
  const known = (tables: readonly (Table | undefined)[]): Table[] => tables.filter((table) => table !== undefined);
  if (report.survival !== null) {
    return { origin: originTable(report), first: known([survivalTable(report), failedRunsTable(report)]), rest: [] };
  }
  return {
    origin: originTable(report),
    first: known([failedRunsTable(report), answerTable(report), setupTable(report), confirmationTable(report)]),
    rest: known([behaviorTable(report), scenarioTable(report), edgeTable(report), sensitivityTable(report)]),
  };
}
