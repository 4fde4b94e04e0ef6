import { escapeHtml } from './elements.ts';
import type { Plot, PlotData, PlotGroup } from './plots.ts';

const HINT =
  'Drag over a plot to zoom all of them, double-click or 0 to see the whole run; + − and the arrow keys do the same. Click a name in a legend to hide its line.';

const BUTTONS = [
  ['back', '←', 'Earlier'],
  ['on', '→', 'Later'],
  ['out', '−', 'Show more time'],
  ['in', '+', 'Show less time'],
  ['all', 'all', 'Show the whole run'],
] as const;

/** The placeholders of the plots; the page’s script draws into them. */
export function plotsHtml({ groups }: PlotData): string {
  const tabs = groups.flatMap(({ title, isTab }, index) => (isTab ? [{ title, index }] : []));
  const hasTabs = tabs.length > 1;
  const buttons = BUTTONS.map(
    ([action, text, title]) => `<button type="button" data-zoom="${action}" title="${title}" aria-label="${title}">${text}</button>`,
  );
  return [
    `<div class="zoom">${hasTabs ? tabsHtml(tabs) : ''}<span id="hover"></span>${buttons.join('')}</div><p class="hint">${HINT}</p>`,
    '<noscript><p class="none">The plots need JavaScript. The tables contain every figure that was judged.</p></noscript>',
    ...groups.map((group, index) => groupHtml(group, index, hasTabs)),
  ].join('\n');
}

function tabsHtml(tabs: readonly { readonly title: string; readonly index: number }[]): string {
  const first = tabs[0]?.index;
  const style = tabs.map(({ index }) => `body:has(#tab-${index}:checked) #group-${index}{display:block}`).join('');
  const labels = tabs.map(
    ({ title, index }) =>
      `<label><input type="radio" name="group" id="tab-${index}"${index === first ? ' checked' : ''}>${escapeHtml(title)}</label>`,
  );
  return `<style>.tab{display:none}${style}</style><fieldset class="tabs" aria-label="symbol">${labels.join('')}</fieldset>`;
}

function groupHtml({ title, isTab, plots }: PlotGroup, index: number, hasTabs: boolean): string {
  const figures = plots.map((plot, p) => figureHtml(plot, `plot-${index}-${p}`)).join('\n');
  return `<section id="group-${index}"${isTab && hasTabs ? ' class="tab"' : ''}><h2>${escapeHtml(title)}</h2><div class="plots">${figures}</div></section>`;
}

function figureHtml({ title, unit, axis, width, x }: Plot, id: string): string {
  const place =
    x.steps.length === 0
      ? '<p class="none">nothing was measured</p>'
      : `<div class="canvas" id="${id}" data-axis="${axis}" role="img" aria-label="${escapeHtml(title)}"></div>`;
  return `<figure class="plot ${width}"><figcaption>${escapeHtml(title)}<small>${escapeHtml(unit)}</small></figcaption>${place}</figure>`;
}
