import type { LoadReport } from './load-report.ts';
import {
  errorTable,
  kneeTable,
  limitTable,
  loadGateTable,
  loadHeadline,
  loadReason,
  loadSummary,
  requestTable,
  stageTable,
} from './load-rows.ts';
import { markdownTable } from './markdown.ts';

/** `report.md`: verdict first, then what it rests on. */
export function loadMarkdown(report: LoadReport): string {
  const tables = [loadGateTable, kneeTable, stageTable, requestTable, errorTable, limitTable].map((table) => table(report));
  const run = {
    title: 'Run',
    head: ['', ''],
    rows: [...loadSummary(report), ['Run', loadHeadline(report)], ['Repeat', report.origin.repeat]],
  };
  const filled = [...tables, run].filter(({ rows }) => rows.length > 0);
  return [`# Load test: ${report.verdict}`, `${loadReason(report)}.`, ...filled.map(markdownTable)].join('\n\n') + '\n';
}
