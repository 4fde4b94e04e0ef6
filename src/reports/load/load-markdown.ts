import { markdownReport } from '../text/markdown.ts';
import type { LoadReport } from './load-report.ts';
import { loadReason } from './load-rows.ts';
import { loadTables } from './load-tables.ts';

export function loadMarkdown(report: LoadReport): string {
  return markdownReport(`Load test: ${report.verdict}`, [`${loadReason(report)}.`], loadTables(report));
}
