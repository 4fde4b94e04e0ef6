import { markdownTable } from './markdown.ts';
import type { SoakReport } from './soak-report.ts';
import {
  faultTable,
  gateTable,
  invariantTable,
  latencyTable,
  orderTable,
  originTable,
  pnlTable,
  reasonOf,
  symbolTable,
} from './soak-rows.ts';

/** `report.md`: verdict first, then what it rests on. */
export function soakMarkdown(report: SoakReport): string {
  const before = [originTable, gateTable, invariantTable].map((table) => table(report));
  const after = [pnlTable, symbolTable, orderTable, latencyTable].map((table) => table(report));
  const tables = [before, faultTable(report) ?? [], after].flat();
  const early = report.interrupted ? '\n\nInterrupted before its time: the figures cover what ran.' : '';
  return [`# Soak: ${report.verdict}`, `${reasonOf(report)}.${early}`, ...tables.map(markdownTable)].join('\n\n') + '\n';
}
