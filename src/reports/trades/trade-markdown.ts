import { markdownTable } from '../text/markdown.ts';
import type { TradeReport } from './trade-report.ts';
import { coverage, reasonOf, tradeTables, verdictText } from './trade-tables.ts';

/** `report.md`. */
export function tradeMarkdown(report: TradeReport): string {
  return [
    `# mmbot report: ${verdictText(report)}`,
    `${coverage(report)}.`,
    `${verdictText(report)}: ${reasonOf(report)}.`,
    ...tradeTables(report).map(markdownTable),
    '',
  ].join('\n\n');
}
