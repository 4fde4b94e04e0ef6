import type uPlot from 'uplot';
import type { PlotData, PlotGroup } from '../plots.ts';
import { createChart } from './chart.ts';
import { timeText } from './text.ts';
import { onThemeChange } from './theme.ts';
import { Zoom } from './zoom.ts';

/** Draws the plots of a page. The figures are in the HTML itself and do not need this script. */
function start(data: PlotData): void {
  const zoom = new Zoom(data.endMs);
  const charts = new Map<HTMLElement, uPlot>();
  const drawVisible = (): void => {
    for (const [g, group] of data.groups.entries()) drawGroup(g, group);
  };
  const drawGroup = (g: number, group: PlotGroup): void => {
    for (const [p, plot] of group.plots.entries()) {
      const host = document.getElementById(`plot-${g}-${p}`);
      if (host === null || host.clientWidth === 0 || charts.has(host)) continue;
      charts.set(host, createChart({ plot, data, zoom, host, onHover: (atMs) => showHover(data, zoom, atMs) }));
      widths.observe(host);
    }
  };
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const chart = target instanceof HTMLElement ? charts.get(target) : undefined;
      if (chart !== undefined && target.clientWidth > 0 && target.clientWidth !== chart.width)
        chart.setSize({ width: target.clientWidth, height: chart.height });
    }
  });
  zoom.onChange(() => {
    for (const [host, chart] of charts) if (host.dataset['axis'] === 'time') chart.setScale('x', { ...zoom.span });
    showHover(data, zoom, undefined);
  });
  onThemeChange(() => {
    for (const chart of charts.values()) chart.redraw(false, true);
  });
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
  });
  listenToTabs(drawVisible);
  listenToZoom(zoom);
  drawVisible();
  showHover(data, zoom, undefined);
}

function listenToTabs(onChange: () => void): void {
  for (const tab of document.querySelectorAll('input[name="group"]')) tab.addEventListener('change', onChange);
}

function listenToZoom(zoom: Zoom): void {
  const actions: Readonly<Record<string, () => void>> = {
    in: () => zoom.scale(0.5),
    out: () => zoom.scale(2),
    back: () => zoom.move(-0.5),
    on: () => zoom.move(0.5),
    all: () => zoom.showAll(),
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-zoom]'))
    button.addEventListener('click', () => actions[button.dataset['zoom'] ?? '']?.());
  const keys: Readonly<Record<string, string>> = {
    '+': 'in',
    '=': 'in',
    '-': 'out',
    ArrowLeft: 'back',
    ArrowRight: 'on',
    '0': 'all',
    Escape: 'all',
  };
  document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    const isTyping = target instanceof HTMLInputElement;
    if (!isTyping && !ctrlKey && !metaKey && !altKey) actions[keys[key] ?? '']?.();
  });
  for (const plot of document.querySelectorAll('[data-axis="time"]')) plot.addEventListener('dblclick', () => zoom.showAll());
}

/** Shows the time under the pointer and the incidents at that time; without a pointer, the visible part of the run. */
function showHover({ marks, endMs }: PlotData, zoom: Zoom, atMs: number | undefined): void {
  const place = document.getElementById('hover');
  if (place === null) return;
  const { min, max } = zoom.span;
  const reachMs = (max - min) / 300;
  const near = marks.filter(({ fromMs, toMs }) => atMs !== undefined && atMs >= fromMs - reachMs && atMs <= toMs + reachMs);
  const shown = zoom.isWhole ? `0:00:00 to ${timeText(endMs)}` : `${timeText(min)} to ${timeText(max)} of ${timeText(endMs)}`;
  place.textContent = atMs === undefined ? shown : [timeText(atMs), ...near.map(({ text }) => text)].join(' · ');
}

const element = document.getElementById('plots');
if (element !== null) {
  const data: PlotData = JSON.parse(element.textContent ?? '');
  start(data);
}
