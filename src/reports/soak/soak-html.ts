import { pageHtml } from '../html/page.ts';
import { soakPlots } from './soak-plots.ts';
import type { SoakReport } from './soak-report.ts';
import { earlyEnd, reasonOf } from './soak-rows.ts';
import { soakTables } from './soak-tables.ts';

/** `report.html`: one self-contained file. */
export function soakHtml(report: SoakReport): string {
  return pageHtml({
    command: 'mmbot soak',
    verdict: report.verdict,
    reason: [`${reasonOf(report)}.`, ...earlyEnd(report)].join(' '),
    ...soakTables(report),
    plots: soakPlots(report),
  });
}
