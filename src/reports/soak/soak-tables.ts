import type { BotReport, SoakReport } from './soak-report.ts';
import {
  faultTable,
  gateTable,
  incidentTable,
  invariantTable,
  latencyTable,
  orderTable,
  originTable,
  pnlTable,
  riskTable,
  symbolTable,
} from './soak-rows.ts';
import { fillStandingTable, worstFillTable } from './fills/fill-tables.ts';
import { momentTables } from './moment.ts';
import { costTable } from '../causes/costs.ts';
import { heldBackTable, sideTable, warningTable } from '../causes/held-back-table.ts';
import { markoutTable } from '../causes/markout-figures.ts';
import type { ReportTables, Table } from '../text/table.ts';

export function soakTables(report: SoakReport): ReportTables {
  const { first, rest } = botTables(report);
  return { origin: originTable(report), first: [...first, invariantTable(report)], rest };
}

/** The tables of every run of the bot, simulated or live. */
export function botTables(report: BotReport): Pick<ReportTables, 'first' | 'rest'> {
  const { attribution, costs, markouts, warnings, moments } = report;
  const why = [heldBackTable(attribution), costTable(costs), worstFillTable(report), warningTable(warnings)];
  const rest = [
    pnlTable(report),
    fillStandingTable(report),
    sideTable(attribution),
    markoutTable(markouts),
    ...[symbolTable, latencyTable, riskTable, orderTable, faultTable, incidentTable].map((table) => table(report)),
  ];
  return { first: [gateTable(report), ...momentTables(moments), ...shown(why)], rest: shown(rest) };
}

function shown(tables: readonly (Table | undefined)[]): readonly Table[] {
  return tables.filter((table) => table !== undefined);
}
