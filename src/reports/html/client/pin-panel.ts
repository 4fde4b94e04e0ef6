import { unpack } from '../packed.ts';
import type { Decision, PlotData } from '../plots.ts';
import type { Chart } from './chart.ts';
import { button, element } from './dom.ts';
import { isFill } from './overlays.ts';
import type { Pin } from './pin.ts';
import { figureText, preciseText, utcText } from './text.ts';
import { indexAt } from './values.ts';
import type { Zoom } from './zoom.ts';

const MOST_FILLS = 5;
/** Fills further away than this share of the visible part are not near. */
const NEAR = 1 / 40;
/** A click hits a decision as far away as this share: a few pixels. */
const HIT = 1 / 200;

export interface PinParts {
  readonly data: PlotData;
  readonly zoom: Zoom;
  readonly pin: Pin;
  /** The plots that are drawn. */
  readonly charts: readonly Chart[];
}

/** What the report says of the pinned instant. */
export function showPin(place: HTMLElement, { data, zoom, pin, charts }: PinParts): void {
  const { atMs } = pin;
  place.hidden = atMs === undefined;
  if (atMs === undefined) return place.replaceChildren();
  const visible = charts.filter(({ plot, u }) => plot.axis === 'time' && u.root.offsetParent !== null);
  const { instants, marks } = data;
  const reachMs = HIT * (zoom.span.max - zoom.span.min);
  const active = marks.filter(({ fromMs, toMs, kind }) => kind !== 'decision' && fromMs <= atMs && atMs <= toMs).map(({ text }) => text);
  const decisions = instants.decisions.filter(({ fromMs, toMs }) => fromMs - reachMs <= atMs && atMs <= toMs + reachMs);
  place.replaceChildren(
    heading(atMs, instants.startedAt, pin),
    ...(instants.explain === undefined ? [] : command(`${instants.explain} ${preciseText(atMs)}`, instants.note)),
    ...decisions.flatMap(decisionWords),
    list('incidents', active),
    list('fills near it', fillsNear(visible, atMs)),
    ...visible.flatMap((chart) => valuesAt(chart, atMs)),
  );
  return undefined;
}

function heading(atMs: number, startedAt: string, pin: Pin): HTMLElement {
  const close = button('close', () => pin.clear(), '×');
  close.ariaLabel = 'Unpin';
  return element('p', 'when', element('strong', '', preciseText(atMs)), element('small', '', utcText(startedAt, atMs)), close);
}

function valuesAt({ plot, u }: Chart, atMs: number): HTMLElement[] {
  const index = indexAt(u.data[0], atMs);
  const values = plot.lines.flatMap(({ label, shape, digits, group }, i) => {
    const value = u.data[i + 1]?.[index];
    return isFill(shape) || group !== undefined || typeof value !== 'number' ? [] : [`${label} ${figureText(value, digits)}`];
  });
  return values.length === 0 ? [] : [list(plot.title, values)];
}

function fillsNear(charts: readonly Chart[], atMs: number): string[] {
  const found = charts.flatMap(({ plot, u }) =>
    plot.lines.flatMap(({ label, shape, digits, y }) => {
      if (!isFill(shape)) return [];
      const { min = 0, max = 0 } = u.scales['x'] ?? {};
      const reachMs = Math.max(2000, (max - min) * NEAR);
      return unpack(y).flatMap((price, i) => {
        const fromMs = (u.data[0][i] ?? 0) - atMs;
        return price === null || Math.abs(fromMs) > reachMs ? [] : [{ fromMs, text: `${label} at ${figureText(price, digits)}` }];
      });
    }),
  );
  const nearest = found.sort((a, b) => Math.abs(a.fromMs) - Math.abs(b.fromMs)).slice(0, MOST_FILLS);
  return nearest.sort((a, b) => a.fromMs - b.fromMs).map(({ fromMs, text }) => `${text}, ${offsetText(fromMs)}`);
}

function offsetText(ms: number): string {
  const seconds = figureText(Math.abs(ms) / 1000, 1);
  return ms === 0 ? 'then' : `${seconds} s ${ms < 0 ? 'before' : 'after'}`;
}

function list(title: string, items: readonly string[]): HTMLElement {
  const place = element('dl', '', element('dt', '', title), ...items.map((item) => element('dd', '', item)));
  place.hidden = items.length === 0;
  return place;
}

function decisionWords({ words }: Decision): HTMLElement[] {
  return words.map(([label, text]) => list(label, [text]));
}

function command(text: string, note: string | undefined): HTMLElement[] {
  const code = element('code', '', text);
  const copy = button('copy', () => copyText(text, code, copy), 'Copy');
  return [
    element('p', 'hint', 'Prints the decision at this instant:'),
    element('div', 'command', code, copy),
    ...(note === undefined ? [] : [element('p', 'hint', note)]),
  ];
}

/** Where a page may not reach the clipboard, the command is selected. */
function copyText(text: string, code: HTMLElement, copy: HTMLElement): void {
  const selectIt = (): void => getSelection()?.selectAllChildren(code);
  if (!isSecureContext) return selectIt();
  navigator.clipboard.writeText(text).then(() => (copy.textContent = 'Copied'), selectIt);
}
