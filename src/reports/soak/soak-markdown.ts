import { markdownTable } from '../text/markdown.ts';
import type { SoakReport } from './soak-report.ts';
import { earlyEnd, reasonOf } from './soak-rows.ts';
import { soakTables } from './soak-tables.ts';

/** `report.md`: the verdict first, then the figures behind it. */
export function soakMarkdown(report: SoakReport): string {
  const { origin, first, rest } = soakTables(report);
  const text = [`# Soak: ${report.verdict}`, `${reasonOf(report)}.`, ...earlyEnd(report)];
  return [...text, ...[origin, ...first, ...rest].map(markdownTable)].join('\n\n') + '\n';
}
