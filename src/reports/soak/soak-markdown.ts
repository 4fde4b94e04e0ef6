import { markdownReport } from '../text/markdown.ts';
import type { SoakReport } from './soak-report.ts';
import { notesOn, reasonOf } from './soak-rows.ts';
import { soakTables } from './soak-tables.ts';

export function soakMarkdown(report: SoakReport): string {
  return markdownReport(`Soak: ${report.verdict}`, [`${reasonOf(report)}.`, ...notesOn(report)], soakTables(report));
}
