import { drawingHtml, lineHtml, type AxisText } from '../../html/drawing.ts';
import { escapeHtml } from '../../html/elements.ts';
import { shapeHtml } from '../../html/intervals.ts';
import { placeLabels, type LabelPlace } from '../../html/labels.ts';
import { placeOn, scaleOf, type Scale } from '../../html/scale.ts';
import { fixed, grouped } from '../../text/format.ts';
import type { CampaignReport, SetupFigures } from '../campaign-report.ts';
import { bpsText, shortNameParts, shortNames, standingOf } from '../words.ts';
import { bpsHtml, linkHtml } from './cells.ts';

const HEIGHT = 320;
const MOST_LETTERS = 28;
const SAMPLES = 32;

interface Point {
  readonly setup: SetupFigures;
  readonly place: number;
  readonly x: number;
  readonly y: number;
  readonly isOnFront: boolean;
}

/** What each setup earns against the risk that it takes for it; those on the front are joined and named. */
export function frontHtml(report: CampaignReport): string {
  const { setups, front } = report;
  const known = setups.flatMap(({ netBps, inventorySdUsd }) =>
    netBps === null || inventorySdUsd === null ? [] : [{ netBps, inventorySdUsd }],
  );
  if (known.length < 2) return '';
  const [across, up] = [scaleOf(known.map(({ inventorySdUsd }) => inventorySdUsd)), scaleOf(known.map(({ netBps }) => netBps))];
  const points = setups.flatMap((setup, place): Point[] => {
    const { netBps, inventorySdUsd, name } = setup;
    if (netBps === null || inventorySdUsd === null) return [];
    return [
      {
        setup,
        place,
        x: placeOn(across, inventorySdUsd),
        y: Number((100 - placeOn(up, netBps)).toFixed(1)),
        isOnFront: front.includes(name),
      },
    ];
  });
  const onFront = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.x - b.x);
  const joints = onFront.slice(1).map(({ x, y }, i) => lineHtml('joint', [onFront[i]?.x ?? x, onFront[i]?.y ?? y], [x, y]));
  const labels = labelsOf(points, report);
  const parts = shortNameParts(report);
  return `<section><h2>Net edge against inventory risk</h2>${drawingHtml({
    title: 'Net edge',
    unit: `bps of turnover${parts === '' ? '' : `; labels: ${parts}`}`,
    description: `Net edge by inventory risk of ${grouped(points.length)} setups; ${grouped(onFront.length)} are on the front: ${onFront.map(({ setup }) => setup.name).join(', ')}`,
    height: HEIGHT,
    x: ticksOf(across),
    xLabel: 'standard deviation of the inventory, USDT',
    y: up,
    // The first are drawn last, on top.
    body: `${joints.join('')}${points
      .map((point, i) => pointHtml(report, point, labels[i]))
      .toReversed()
      .join('\n')}`,
    data: dataOf(points),
  })}<p class="note">A setup is on the line when no other one earns at least as much with less risk.</p></section>`;
}

/** The best ones choose their places first. */
function labelsOf(points: readonly Point[], report: CampaignReport): { readonly text: string; readonly place: LabelPlace | undefined }[] {
  const names = shortNames(report);
  const texts = points.map(({ setup, isOnFront }) => (isOnFront ? cut(names.get(setup.name) ?? setup.name) : ''));
  const places = placeLabels(
    points.map(({ x, y }, i) => ({ x, y, label: texts[i] ?? '' })),
    alongFront(points),
    HEIGHT,
  );
  return texts.map((text, i) => ({ text, place: places[i] }));
}

/** Points on the line, which labels must not cover. */
function alongFront(points: readonly Point[]): { readonly x: number; readonly y: number }[] {
  const front = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.x - b.x);
  return front.slice(1).flatMap((to, i) => {
    const from = front[i] ?? to;
    return Array.from({ length: SAMPLES }, (_, k) => ({
      x: from.x + ((to.x - from.x) * k) / SAMPLES,
      y: from.y + ((to.y - from.y) * k) / SAMPLES,
    }));
  });
}

function cut(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS - 1)}…`;
}

function pointHtml(report: CampaignReport, point: Point, label: ReturnType<typeof labelsOf>[number] | undefined): string {
  const { setup, x, y, isOnFront } = point;
  const { shape, text } = standingOf(report, setup);
  const { name, netBps, intervalBps, inventorySdUsd } = setup;
  const tip = `${name}: ${bpsText(netBps, intervalBps)}, ${fixed(inventorySdUsd, 0)} USDT, ${text}`;
  const { place, text: labelText = '' } = label ?? {};
  const labelHtml =
    place === undefined
      ? ''
      : `<text class="label${place.isNarrow ? '' : ' wide-only'}" x="${x}%" y="${y}%" dx="${place.dx}" dy="${place.dy}" text-anchor="${place.anchor}">${escapeHtml(labelText)}</text>`;
  return `<g class="point ${shape}${isOnFront ? ' front' : ''}">${shapeHtml(shape, `${x}%`, `${y}%`)}${labelHtml}<circle class="hit" cx="${x}%" cy="${y}%" r="12"/><text class="tip" x="100%" y="-8">${escapeHtml(tip)}</text></g>`;
}

function ticksOf(scale: Scale): AxisText[] {
  return scale.ticks.map((tick) => ({ place: placeOn(scale, tick), text: fixed(tick, scale.digits) }));
}

function dataOf(points: readonly Point[]): Parameters<typeof drawingHtml>[0]['data'] {
  return {
    caption: 'Net edge and inventory risk of each setup',
    columns: [
      { head: 'setup', kind: 'name' },
      { head: 'net, bps', kind: 'figure' },
      { head: 'inventory sd, USDT', kind: 'figure' },
      { head: 'on the front', kind: 'text' },
    ],
    rows: points.map(({ setup, place, isOnFront }) => [
      linkHtml(place, setup.name),
      bpsHtml(setup.netBps, setup.intervalBps),
      fixed(setup.inventorySdUsd, 0),
      isOnFront ? 'yes' : '',
    ]),
  };
}
