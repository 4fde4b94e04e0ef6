import { escapeHtml } from '../../html/elements.ts';
import { axisHtml, intervalsHtml, shapeHtml, type Shape } from '../../html/intervals.ts';
import { richTableHtml, type Column } from '../../html/rich-table.ts';
import { scaleAround, scaleOf, type Scale } from '../../html/scale.ts';
import { grouped } from '../../text/format.ts';
import type { CampaignReport, Confirmed, EdgeFigures, SetupFigures } from '../campaign-report.ts';
import { baselineHeads, standingOf, TITLES } from '../words.ts';
import { bpsHtml, linkHtml } from './cells.ts';

/** More rows help nobody to compare. */
const MOST_ROWS = 40;
/** Of the differences to the baseline, which are about the best ones. */
const MOST_AGAINST = 15;
/** Setups that are clearly worse may lie this many widths of the others away before they leave the plot. */
const REACH = 3;
/** Differences to the best one are all on one side. */
const DIFFERENCE_REACH = 12;
/** For which a narrow drawing has room. */
const MOST_TICKS = 3;

/** All setups with their intervals, best first: a table and a plot at once. */
export function forestHtml(report: CampaignReport): string {
  const shown = report.setups.slice(0, MOST_ROWS);
  const [edge, difference] = [edgeScale(shown), differenceScale(shown)];
  const columns: Column[] = [
    { head: '#' },
    { head: 'setup', kind: 'name' },
    { head: 'net edge, bps of turnover', kind: 'drawing', axis: axisHtml(edge) },
    { head: 'net, bps', kind: 'figure' },
    { head: 'difference', kind: 'drawing', axis: axisHtml(difference) },
    { head: 'to the best', kind: 'figure' },
    { head: 'seeds', kind: 'figure' },
    { head: '', kind: 'text' },
  ];
  const rows = shown.map((setup, i) => {
    const { shape, text } = standingOf(report, setup);
    const { netBps, intervalBps, toLeader, seeds } = setup;
    const far = toLeader === null ? [] : [{ value: toLeader.bps, interval: toLeader.intervalBps, shape }];
    return [
      String(i + 1),
      linkHtml(i, setup.name),
      intervalsHtml(edge, [{ value: netBps, interval: intervalBps, shape }]),
      bpsHtml(netBps, intervalBps),
      intervalsHtml(difference, far),
      differenceHtml(toLeader),
      grouped(seeds),
      `${keyHtml(shape)} ${escapeHtml(text)}`,
    ];
  });
  const more = report.setups.length - shown.length;
  const note = more > 0 ? ` The best ${MOST_ROWS} of ${grouped(report.setups.length)} are shown; all are in the table of figures.` : '';
  return `<section><h2>${TITLES.setups}</h2>${richTableHtml({ columns, rows, caption: 'Setups with their net edge and difference to the best, 95 % intervals', className: 'forest blocks' })}
<p class="note">Bars are 95 % intervals. Net edge is all net PnL over all turnover of the seeds; differences are on the same seeds. A setup leaves as worse when an interval of its difference lies below zero that is wider than its bar where there are several rounds.${note}</p></section>`;
}

/** What each setup earns more or less than the baseline, where that is not the best one. */
export function baselineHtml(report: CampaignReport): string {
  const [head] = baselineHeads(report);
  if (head === undefined) return '';
  const shown = report.setups.slice(0, MOST_AGAINST);
  const scale = scaleOf([0, ...shown.flatMap(({ toBaseline }) => endsOf(toBaseline))]);
  const columns: Column[] = [
    { head: '#' },
    { head: 'setup', kind: 'name' },
    { head: 'difference, bps', kind: 'drawing', axis: axisHtml(scale) },
    { head, kind: 'figure' },
    { head: 'seeds', kind: 'figure' },
  ];
  const rows = shown.flatMap((setup, i) => {
    const { name, toBaseline } = setup;
    if (toBaseline === null) return [];
    const { bps, intervalBps, seeds } = toBaseline;
    const { shape } = standingOf(report, setup);
    return [
      [
        String(i + 1),
        linkHtml(i, name),
        intervalsHtml(scale, [{ value: bps, interval: intervalBps, shape }]),
        bpsHtml(bps, intervalBps),
        grouped(seeds),
      ],
    ];
  });
  const note =
    report.setups.length > MOST_AGAINST
      ? `<p class="note">Of the best ${MOST_AGAINST} setups; campaign.json and campaign.md have all.</p>`
      : '';
  return `<section><h2>Against the baseline, ${escapeHtml(report.origin.baseline)}</h2>${richTableHtml({ columns, rows, caption: 'Difference to the baseline, 95 % intervals', className: 'forest blocks' })}${note}</section>`;
}

/** The setups that were tried on seeds which did not choose them: both results of each. */
export function confirmationHtml({ confirmation, setups }: CampaignReport): string {
  if (confirmation.length === 0) return '';
  const pairs = confirmation.map((confirmed) => ({ confirmed, chosen: setups.find(({ name }) => name === confirmed.name) }));
  const scale = scaleOf([
    0,
    ...pairs.flatMap(({ confirmed, chosen }) => [...valuesOf(confirmed), ...(chosen === undefined ? [] : valuesOf(chosen))]),
  ]);
  const columns: Column[] = [
    { head: '#' },
    { head: 'setup', kind: 'name' },
    { head: 'net edge, bps: above as chosen, below on unseen seeds', kind: 'drawing', axis: axisHtml(scale) },
    { head: 'as chosen', kind: 'figure' },
    { head: 'unseen', kind: 'figure' },
    { head: 'to the best, unseen', kind: 'figure' },
    { head: 'unseen seeds', kind: 'figure' },
  ];
  const rows = pairs.map(({ confirmed, chosen }) => confirmationRow(scale, confirmed, chosen, setups));
  return `<section><h2>${TITLES.unseen}</h2>${richTableHtml({ columns, rows, caption: 'Net edge on seeds that did not choose the setups', className: 'forest pairs blocks' })}
<p class="note">The best of many setups owes part of its result to luck. These seeds did not choose it: they say what to expect.</p></section>`;
}

function confirmationRow(scale: Scale, confirmed: Confirmed, chosen: SetupFigures | undefined, setups: readonly SetupFigures[]): string[] {
  const { name, netBps, intervalBps, toLeader, seeds } = confirmed;
  const place = setups.findIndex((setup) => setup.name === name);
  const shape = place === 0 ? 'best' : 'rival';
  return [
    String(place + 1),
    linkHtml(place, name),
    intervalsHtml(scale, [
      { value: chosen?.netBps ?? null, interval: chosen?.intervalBps ?? null, shape: 'left', line: 'upper' },
      { value: netBps, interval: intervalBps, shape, line: 'lower' },
    ]),
    bpsHtml(chosen?.netBps ?? null, chosen?.intervalBps ?? null),
    bpsHtml(netBps, intervalBps),
    differenceHtml(toLeader),
    grouped(seeds),
  ];
}

function differenceHtml(difference: SetupFigures['toLeader']): string {
  return difference === null ? '' : bpsHtml(difference.bps, difference.intervalBps);
}

/** A shape as in the plot, beside its meaning. */
function keyHtml(shape: Shape): string {
  return `<svg class="key" aria-hidden="true"><g class="${shape}">${shapeHtml(shape, '50%', '50%')}</g></svg>`;
}

function edgeScale(setups: readonly SetupFigures[]): Scale {
  const main = setups.filter(({ left }) => left === null).flatMap(valuesOf);
  return scaleAround([0, ...main], setups.flatMap(valuesOf), REACH);
}

function differenceScale(setups: readonly SetupFigures[]): Scale {
  const of = ({ toLeader }: SetupFigures): number[] => endsOf(toLeader);
  const main = setups.filter(({ left }) => left === null).flatMap(of);
  return scaleAround([0, ...main], setups.flatMap(of), main.length === 0 ? 0 : DIFFERENCE_REACH, MOST_TICKS);
}

function endsOf(difference: SetupFigures['toLeader']): number[] {
  return difference === null ? [] : [difference.bps, ...(difference.intervalBps ?? [])];
}

function valuesOf({ netBps, intervalBps }: EdgeFigures): number[] {
  return netBps === null ? [] : [netBps, ...(intervalBps ?? [])];
}
