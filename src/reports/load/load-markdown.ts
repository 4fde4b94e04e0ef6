import type { LoadReport } from './load-report.ts';
import { loadReason } from './load-rows.ts';
import { loadTables } from './load-tables.ts';
import { markdownTable } from '../text/markdown.ts';

/** `report.md`: the verdict first, then the figures behind it. */
export function loadMarkdown(report: LoadReport): string {
  const { origin, first, rest } = loadTables(report);
  const tables = [origin, ...first, ...rest].map(markdownTable);
  return [`# Load test: ${report.verdict}`, `${loadReason(report)}.`, ...tables].join('\n\n') + '\n';
}
