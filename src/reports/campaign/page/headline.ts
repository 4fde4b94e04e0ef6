import { counted } from '../../../util/counted.ts';
import type { Headline, Tile } from '../../html/headline.ts';
import { duration, fixed, grouped, signed } from '../../text/format.ts';
import type { CampaignReport, EdgeFigures, Survival } from '../campaign-report.ts';
import { campaignLead } from '../campaign-lead.ts';
import { failedOf } from '../reasons.ts';
import { rivalsOf, seedsOf } from '../words.ts';

/** The first screen. */
export function campaignHeadline(report: CampaignReport): Headline {
  if (report.survival !== null) return survivalHeadline(report, report.survival);
  return {
    lead: campaignLead(report),
    tiles: [...edgeTiles(report), triedTile(report), runTile(report), ...pairingTile(report)],
    failed: failedOf(report),
    trend: undefined,
  };
}

function survivalHeadline(report: CampaignReport, survival: readonly Survival[]): Headline {
  const [runs, survived] = (['runs', 'survived'] as const).map((key) => survival.reduce((total, each) => total + each[key], 0));
  const { tried, seeds } = report.origin;
  return {
    lead: campaignLead(report),
    tiles: [
      {
        label: 'runs that survived',
        value: grouped(survived ?? 0),
        unit: '',
        notes: [`of ${grouped(runs ?? 0)}`, 'the net edge does not count'],
      },
      { label: 'setups', value: grouped(tried), unit: '', notes: [] },
      { label: 'scenarios', value: grouped(report.origin.scenarios.length), unit: '', notes: [] },
      { label: 'seeds', value: grouped(seeds), unit: '', notes: [simulatedTime(report)] },
    ],
    failed: failedOf(report),
    trend: undefined,
  };
}

/** `10 setups · 40 seeds, 20 more to confirm · 1h 00m 00s each · btc BTCUSDT`. */
export function subjectOf({ origin }: CampaignReport): string {
  const { tried, seeds, confirmationSeeds, durationMs, scenarios } = origin;
  const [only] = scenarios;
  return [
    counted(tried, 'setup'),
    `${counted(seeds, 'seed')}${confirmationSeeds === 0 ? '' : `, ${grouped(confirmationSeeds)} more to confirm`}`,
    `${duration(durationMs)} each`,
    scenarios.length === 1 && only !== undefined ? only.name : counted(scenarios.length, 'scenario'),
  ].join(' · ');
}

function edgeTiles({ setups, confirmation }: CampaignReport): readonly Tile[] {
  const [best] = setups;
  const confirmed = confirmation.find(({ name }) => name === best?.name);
  return [
    edgeTile('net of the best setup', best, false),
    confirmed === undefined
      ? { label: 'on unseen seeds', value: '–', unit: '', notes: ['not confirmed'] }
      : edgeTile('on unseen seeds', confirmed, true),
  ];
}

function edgeTile(label: string, figures: EdgeFigures | undefined, isUnseen: boolean): Tile {
  if (figures === undefined || figures.netBps === null) return { label, value: '–', unit: '', notes: ['no trade'] };
  const { netBps, intervalBps, worst } = figures;
  const notes = [
    intervalBps === null ? 'too few seeds for an interval' : `95 %: ${signed(intervalBps[0])} to ${signed(intervalBps[1])}`,
    `${seedsOf(figures, isUnseen)}${worst === null || figures.tradedSeeds < 2 ? '' : `, worst ${signed(worst.bps)}`}`,
  ];
  return { label, value: signed(netBps), unit: 'bps', notes, mood: moodOf(figures) };
}

/** Only what is sure has a color. */
function moodOf({ intervalBps }: EdgeFigures): Tile['mood'] {
  if (intervalBps === null) return undefined;
  return intervalBps[0] > 0 ? 'good' : intervalBps[1] < 0 ? 'bad' : undefined;
}

function triedTile(report: CampaignReport): Tile {
  const { tried, combinations } = report.origin;
  const standing = report.setups.length < 2 ? [] : [`${grouped(rivalsOf(report) + 1)} may be the best`];
  return {
    label: 'setups tried',
    value: grouped(tried),
    unit: '',
    notes: [combinations > tried ? `of ${grouped(combinations)} combinations` : 'all combinations', ...standing],
  };
}

function runTile(report: CampaignReport): Tile {
  const { runs, runsOfFullGrid } = report.origin;
  const saved = runs < runsOfFullGrid ? [`${grouped(runsOfFullGrid)} if no setup had left`] : [];
  return { label: 'runs', value: grouped(runs), unit: '', notes: [...saved, simulatedTime(report)] };
}

function simulatedTime({ origin: { runs, durationMs } }: CampaignReport): string {
  const hours = (runs * durationMs) / 3_600_000;
  return hours < 1 ? `${duration(runs * durationMs)} simulated` : `${counted(Math.round(hours), 'hour')} simulated`;
}

/** Intervals narrow with the root of the number of runs. */
function pairingTile({ pairingGain }: CampaignReport): readonly Tile[] {
  if (pairingGain === null) return [];
  const notes = ['narrower intervals', `worth ${fixed(pairingGain ** 2, pairingGain > 3 ? 0 : 1)} times the runs`];
  return [{ label: 'same seeds for all', value: fixed(pairingGain, 1), unit: '×', notes }];
}
