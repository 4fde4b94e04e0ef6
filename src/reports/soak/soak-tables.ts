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
  symbolTable,
} from './soak-rows.ts';
import type { Table } from '../text/table.ts';

/** The tables of a soak report, in this order in every format. Plots, where there are any, come before `rest`. */
export interface SoakTables {
  readonly origin: Table;
  readonly first: readonly Table[];
  readonly rest: readonly Table[];
}

export function soakTables(report: SoakReport): SoakTables {
  const rest = [pnlTable, symbolTable, latencyTable, orderTable, faultTable, incidentTable].map((table) => table(report));
  return {
    origin: originTable(report),
    first: [gateTable(report), invariantTable(report)],
    rest: rest.filter((table) => table !== undefined),
  };
}
