import type { PlotData, PlotGroup } from '../plots.ts';
import { keepInAddress } from './address.ts';
import { createChart, type Chart } from './chart.ts';
import { listenToTable } from './data-table.ts';
import { listenToKeys } from './keys.ts';
import { Pin } from './pin.ts';
import { showPin } from './pin-panel.ts';
import { timeText } from './text.ts';
import { onThemeChange } from './theme.ts';
import { Zoom } from './zoom.ts';

/** Draws the plots of a page. The figures are in the HTML itself and do not need this script. */
function start(data: PlotData): void {
  const [zoom, pin] = [new Zoom(data.endMs), new Pin(data.endMs)];
  const charts = new Map<HTMLElement, Chart>();
  const panel = document.getElementById('pin');
  const showPanel = (): void => (panel === null ? undefined : showPin(panel, { data, zoom, pin, charts: [...charts.values()] }));
  const drawGroup = (g: number, group: PlotGroup): void => {
    for (const [p, plot] of group.plots.entries()) {
      const host = document.getElementById(`plot-${g}-${p}`);
      if (host === null || host.clientWidth === 0 || charts.has(host)) continue;
      charts.set(host, createChart({ plot, data, zoom, pin, host, onHover: (atMs) => showHover(data, zoom, atMs) }));
      const folded = host.parentElement?.querySelector('details');
      if (folded instanceof HTMLDetailsElement) listenToTable(plot, zoom, folded);
      widths.observe(host);
    }
  };
  const drawVisible = (): void => {
    for (const [g, group] of data.groups.entries()) drawGroup(g, group);
    showPanel();
  };
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const chart = target instanceof HTMLElement ? charts.get(target)?.u : undefined;
      if (chart !== undefined && target.clientWidth > 0 && target.clientWidth !== chart.width)
        chart.setSize({ width: target.clientWidth, height: chart.height });
    }
  });
  zoom.onChange(() => {
    for (const { plot, u, legend } of charts.values()) {
      if (plot.axis !== 'time') continue;
      u.setScale('x', { ...zoom.span });
      legend.show(u);
    }
    showHover(data, zoom, undefined);
  });
  const redraw = (): void => {
    for (const { u } of charts.values()) u.redraw(false, true);
  };
  pin.onChange(() => {
    redraw();
    for (const { u, legend } of charts.values()) legend.show(u);
    showPanel();
  });
  onThemeChange(redraw);
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>('details:not(.data)')) folded.open = true;
  });
  for (const tab of document.querySelectorAll('input[name="group"]')) tab.addEventListener('change', drawVisible);
  listenToKeys(zoom, pin);
  keepInAddress(zoom, pin);
  drawVisible();
  showHover(data, zoom, undefined);
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
