import type { SoakReport } from './soak-report.ts';
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
import { costTable } from '../causes/costs.ts';
import { heldBackTable, sideTable, warningTable } from '../causes/held-back-table.ts';
import { markoutTable } from '../causes/markout-figures.ts';
import type { ReportTables, Table } from '../text/table.ts';

export function soakTables(report: SoakReport): ReportTables {
  const { attribution, costs, markouts, warnings } = report;
  const why = [heldBackTable(attribution), costTable(costs), warningTable(warnings)];
  const rest = [
    pnlTable(report),
    sideTable(attribution),
    markoutTable(markouts),
    ...[symbolTable, latencyTable, riskTable, orderTable, faultTable, incidentTable].map((table) => table(report)),
  ];
  return {
    origin: originTable(report),
    first: [gateTable(report), ...shown(why), invariantTable(report)],
    rest: shown(rest),
  };
}

function shown(tables: readonly (Table | undefined)[]): readonly Table[] {
  return tables.filter((table) => table !== undefined);
}
