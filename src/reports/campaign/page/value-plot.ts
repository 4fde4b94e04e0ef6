import type { Interval } from '../../../statistics/sample.ts';
import type { Value } from '../../../statistics/search-space.ts';
import { drawingHtml, lineHtml } from '../../html/drawing.ts';
import { escapeHtml } from '../../html/elements.ts';
import { pointed, shapeHtml } from '../../html/intervals.ts';
import { placeOn, scaleAround, type Scale } from '../../html/scale.ts';
import type { CampaignReport, SetupFigures } from '../campaign-report.ts';
import { valuesOf } from './heat-map.ts';
import { baseOf, bpsText, standingOf, variedKeys } from '../words.ts';
import { bpsHtml, linkHtml } from './cells.ts';

/** Lines beyond this number are in the tables only. */
const MOST_LINES = 6;
/** Names of values that fit side by side on a phone. */
const MOST_TEXTS = 8;
/** Points of several lines at the same value, px beside each other. */
const APART = 7;

/** Net edge by the values of the only varied key, a line for each profile, or other part of the name. */
export function valuePlotHtml(report: CampaignReport): string {
  const { setups } = report;
  const [key, ...others] = variedKeys(setups);
  if (key === undefined || others.length > 0) return '';
  const values = valuesOf(setups, key);
  const bases = [...new Set(setups.map(baseOf))].slice(0, MOST_LINES);
  const scale = scaleOfSetups(setups);
  const placeOf = (value: Value | undefined): number =>
    Number(((100 * (values.findIndex((each) => each === value) + 0.5)) / values.length).toFixed(2));
  const every = Math.ceil(values.length / MOST_TEXTS);
  const lines = bases.map((base, i) => {
    const own = values.flatMap((value) => setups.filter((setup) => baseOf(setup) === base && setup.varied[key] === value));
    return lineOf(report, own, (setup) => placeOf(setup.varied[key]), scale, i, (i - (bases.length - 1) / 2) * APART);
  });
  return `<section><h2>Net edge by ${escapeHtml(key)}</h2>${drawingHtml({
    title: 'Net edge',
    unit: 'bps of turnover, 95 % intervals',
    description: `Net edge by ${key}, the same figures as in the table beside it`,
    height: 260,
    x: values.flatMap((value, i) => (i % every === 0 ? [{ place: placeOf(value), text: String(value) }] : [])),
    xLabel: key,
    y: scale,
    body: lines.join('\n'),
    data: {
      caption: `Net edge by ${key}`,
      columns: [
        { head: 'setup', kind: 'name' },
        { head: key, kind: 'figure' },
        { head: 'net, bps', kind: 'figure' },
      ],
      rows: setups.map((setup, i) => [
        linkHtml(i, setup.name),
        escapeHtml(String(setup.varied[key])),
        bpsHtml(setup.netBps, setup.intervalBps),
      ]),
    },
    legend: bases.length > 1 ? legendHtml(bases) : '',
  })}</section>`;
}

function scaleOfSetups(setups: readonly SetupFigures[]): Scale {
  const points = setups.flatMap(({ netBps }) => (netBps === null ? [] : [netBps]));
  const ends = setups.flatMap(({ intervalBps }) => [...(intervalBps ?? [])]);
  return scaleAround([0, ...points], ends, 1);
}

function lineOf(
  report: CampaignReport,
  setups: readonly SetupFigures[],
  placeOf: (setup: SetupFigures) => number,
  scale: Scale,
  index: number,
  shift: number,
): string {
  const points = setups.flatMap((setup) => {
    const { netBps } = setup;
    return netBps === null ? [] : [{ setup, at: [placeOf(setup), heightOn(scale, netBps)] as const }];
  });
  const joints = points.slice(1).map(({ at }, i) => lineHtml('joint', points[i]?.at ?? at, at));
  const marks = points.map(({ setup, at: [x, y] }) => {
    const { name, netBps, intervalBps } = setup;
    const { shape, text } = standingOf(report, setup);
    const bar = intervalBps === null ? '' : barHtml(scale, x, intervalBps);
    const tip = `${name}: ${bpsText(netBps, intervalBps)}, ${text}`;
    return `<g class="point ${shape}">${bar}${shapeHtml(shape, `${x}%`, `${y}%`)}<circle class="hit" cx="${x}%" cy="${y}%" r="12"/><text class="tip" x="100%" y="-8">${escapeHtml(tip)}</text></g>`;
  });
  return `<g class="series series-${index}" transform="translate(${shift} 0)">${joints.join('')}${marks.join('')}</g>`;
}

/** With a point at an end that the drawing cuts off. */
function barHtml(scale: Scale, x: number, [low, high]: Interval): string {
  const ends = [
    placeOn(scale, low) < 0 ? pointed(`${x}%`, '100%', 'M-4-7L0 0L4-7') : '',
    placeOn(scale, high) > 100 ? pointed(`${x}%`, '0%', 'M-4 7L0 0L4 7') : '',
  ];
  return lineHtml('bar', [x, heightOn(scale, low)], [x, heightOn(scale, high)]) + ends.join('');
}

/** Of the part that the drawing shows. */
function heightOn(scale: Scale, value: number): number {
  return Number((100 - Math.min(100, Math.max(0, placeOn(scale, value)))).toFixed(1));
}

function legendHtml(bases: readonly string[]): string {
  const items = bases.map(
    (base, i) =>
      `<li><svg class="sample" aria-hidden="true"><g class="series series-${i}"><line class="joint" x2="100%" y1="50%" y2="50%"/></g></svg> ${escapeHtml(base)}</li>`,
  );
  return `<ul class="samples" aria-label="lines of the plot">${items.join('')}</ul>`;
}
