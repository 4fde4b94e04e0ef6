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
  type Table,
} from './soak-rows.ts';

/** `report.md`: verdict first, then what it rests on. */
export function soakMarkdown(report: SoakReport): string {
  const before = [originTable, gateTable, invariantTable].map((table) => table(report));
  const after = [pnlTable, symbolTable, orderTable, latencyTable].map((table) => table(report));
  const tables = [before, faultTable(report) ?? [], after].flat();
  const early = report.interrupted ? '\n\nInterrupted before its time: the figures cover what ran.' : '';
  return [`# Soak: ${report.verdict}`, `${reasonOf(report)}.${early}`, ...tables.map(markdown)].join('\n\n') + '\n';
}

function markdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
