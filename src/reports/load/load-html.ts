import { pageHtml } from '../html/page.ts';
import { loadPlots } from './load-plots.ts';
import type { LoadReport } from './load-report.ts';
import { loadReason } from './load-rows.ts';
import { loadTables } from './load-tables.ts';

/** `report.html`: one self-contained file. */
export function loadHtml(report: LoadReport): string {
  return pageHtml({
    command: 'mmbot load-test',
    verdict: report.verdict,
    reason: `${loadReason(report)}.`,
    ...loadTables(report),
    plots: loadPlots(report),
  });
}
