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
import type { ReportTables } from '../text/table.ts';

export function soakTables(report: SoakReport): ReportTables {
  const rest = [pnlTable, symbolTable, latencyTable, riskTable, orderTable, faultTable, incidentTable].map((table) => table(report));
  return {
    origin: originTable(report),
    first: [gateTable(report), invariantTable(report)],
    rest: rest.filter((table) => table !== undefined),
  };
}
