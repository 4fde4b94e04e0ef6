import { pageHtml } from '../html/page.ts';
import { loadPageHeadline, loadSubject } from './load-headline.ts';
import { loadPlots } from './load-plots.ts';
import type { LoadReport } from './load-report.ts';
import { loadReason } from './load-rows.ts';
import { loadTables } from './load-tables.ts';

/** `report.html`: one self-contained file. */
export function loadHtml(report: LoadReport): string {
  const headline = loadPageHeadline(report);
  // The figures of a run that passed are on the first screen anyway.
  const isSaid = headline.failed.length > 0 || report.verdict === 'PASS';
  return pageHtml({
    command: 'mmbot load-test',
    verdict: report.verdict,
    headline,
    reason: isSaid ? interruption(report) : `${loadReason(report)}.`,
    aboutRun: 'Settings of the run, and how to repeat it',
    subject: loadSubject(report),
    ...loadTables(report),
    plots: loadPlots(report),
  });
}

function interruption({ interrupted }: LoadReport): string {
  return interrupted ? 'Interrupted: the figures cover what ran.' : '';
}
