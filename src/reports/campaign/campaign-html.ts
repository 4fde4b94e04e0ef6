import { documentHtml } from '../html/page.ts';
import type { CampaignReport } from './campaign-report.ts';
import type { PageOf } from './page/cells.ts';
import { baselineHtml, confirmationHtml, forestHtml } from './page/forest.ts';
import { frontHtml } from './page/front-plot.ts';
import { originTable } from './origin-table.ts';
import { campaignHeadline, subjectOf } from './page/headline.ts';
import { heatMapHtml } from './page/heat-map.ts';
import { runsHtml } from './page/runs.ts';
import { sensitivityHtml } from './page/sensitivity.ts';
import { answersHtml, brokenHtml, gatesHtml, scenariosHtml, setupsHtml, survivalHtml, winnerHtml } from './page/tables.ts';
import { valuePlotHtml } from './page/value-plot.ts';
import { reasonOf } from './reasons.ts';

/** `campaign.html`: one self-contained file without a script. `pageOf`: address of the page of a run, undefined where it has none. */
export function campaignHtml(report: CampaignReport, pageOf: PageOf): string {
  const parts = report.survival === null ? comparison(report, pageOf) : [survivalHtml(report), gatesHtml(report)];
  const main = [brokenHtml(report, pageOf), ...parts, runsHtml(report, pageOf)].filter((part) => part !== '').join('\n');
  return documentHtml(
    {
      command: 'mmbot campaign',
      verdict: report.verdict,
      headline: campaignHeadline(report),
      reason: reasonOf(report),
      subject: subjectOf(report),
      aboutRun: 'Settings of the campaign, and how to repeat it',
      origin: originTable(report),
    },
    main,
  );
}

function comparison(report: CampaignReport, pageOf: PageOf): string[] {
  if (report.setups.length === 0) return [answersHtml(report)];
  return [
    forestHtml(report),
    confirmationHtml(report),
    answersHtml(report),
    baselineHtml(report),
    heatMapHtml(report),
    valuePlotHtml(report),
    frontHtml(report),
    sensitivityHtml(report),
    setupsHtml(report, pageOf),
    scenariosHtml(report),
    winnerHtml(report),
  ];
}
