import { pageHtml } from '../html/page.ts';
import { fillListTable } from './fills/fill-tables.ts';
import { soakPageHeadline, subjectOf } from './soak-headline.ts';
import { soakInstants, soakPlots } from './soak-plots.ts';
import type { SoakReport } from './soak-report.ts';
import { notesOn, reasonOf } from './soak-rows.ts';
import { soakTables } from './soak-tables.ts';

/** `report.html`: one self-contained file. */
export function soakHtml(report: SoakReport): string {
  const headline = soakPageHeadline(report);
  const tables = soakTables(report);
  const list = fillListTable(report);
  return pageHtml({
    command: 'mmbot soak',
    verdict: report.verdict,
    headline,
    reason: [...(headline.failed.length > 0 ? [] : [`${reasonOf(report)}.`]), ...notesOn(report)].join(' '),
    aboutRun: 'Settings of the run, and how to repeat it',
    subject: subjectOf(report),
    ...tables,
    first: list === undefined ? tables.first : [...tables.first, list],
    plots: soakPlots(report, soakInstants(report)),
  });
}
