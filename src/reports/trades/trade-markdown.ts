import { markdownTable } from '../text/markdown.ts';
import type { TradeReport } from './trade-report.ts';
import { coverage, reasonOf, tradeTables } from './trade-tables.ts';

/** `report.md`. */
export function tradeMarkdown(report: TradeReport): string {
  return [
    `# mmbot report: ${report.verdict}`,
    `${coverage(report)}.`,
    `${report.verdict}: ${reasonOf(report)}.`,
    ...tradeTables(report).map(markdownTable),
    '',
  ].join('\n\n');
}
