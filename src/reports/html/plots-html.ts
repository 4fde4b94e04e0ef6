import { escapeHtml } from './elements.ts';
import { tabsHtml } from './tabs.ts';
import type { Plot, PlotData, PlotGroup } from './plots.ts';

const KEYS: readonly (readonly [what: string, how: string])[] = [
  ['drag over a plot', 'show that part in all plots; Back in the browser undoes it'],
  ['+ − ← →', 'show less or more time, earlier or later'],
  ['0, double click', 'show the whole run'],
  ['click, Shift ← →', 'pin an instant, or move it: its values, and the command that prints the decision'],
  ['Esc', 'unpin, then show the whole run'],
];

const BUTTONS = [
  ['back', '←', 'Earlier'],
  ['on', '→', 'Later'],
  ['out', '−', 'Show more time'],
  ['in', '+', 'Show less time'],
  ['all', 'all', 'Show all of the run'],
] as const;

/** The placeholders of the plots; the page’s script draws into them. */
export function plotsHtml({ groups }: PlotData): string {
  const tabs = groups.flatMap(({ title, isTab }, index) => (isTab ? [{ title, index }] : []));
  const hasTabs = tabs.length > 1;
  const buttons = BUTTONS.map(
    ([action, text, title]) => `<button type="button" data-zoom="${action}" title="${title}" aria-label="${title}">${text}</button>`,
  );
  const keys = KEYS.map(([what, how]) => `<dt>${escapeHtml(what)}</dt><dd>${escapeHtml(how)}</dd>`).join('');
  return [
    `<div class="zoom">${hasTabs ? tabsHtml('group', 'symbol', tabs) : ''}<span id="hover"></span>${buttons.join('')}`,
    `<details class="keys"><summary>keys</summary><dl>${keys}</dl></details></div>`,
    '<noscript><p class="none">The plots need JavaScript. The tables contain every figure that was judged.</p></noscript>',
    ...groups.map((group, index) => groupHtml(group, index, hasTabs)),
    '<aside id="pin" aria-label="pinned instant" aria-live="polite" tabindex="0" hidden></aside>',
  ].join('\n');
}

function groupHtml({ title, isTab, plots }: PlotGroup, index: number, hasTabs: boolean): string {
  const figures = plots.map((plot, p) => figureHtml(plot, `plot-${index}-${p}`)).join('\n');
  return `<section id="group-${index}"${isTab && hasTabs ? ' class="tab"' : ''}><h2>${escapeHtml(title)}</h2><div class="plots">${figures}</div></section>`;
}

/** The table is filled by the script when it is opened. */
function figureHtml({ title, unit, axis, width, x }: Plot, id: string): string {
  const name = escapeHtml(title);
  const place =
    x.steps.length === 0
      ? '<p class="none">nothing was measured</p>'
      : `<div class="canvas" id="${id}" data-axis="${axis}" role="img" aria-label="${name}"></div>
<details class="data"><summary>data<span class="hidden"> of ${name}</span></summary><div tabindex="0" role="region" aria-label="data of ${name}"></div></details>`;
  return `<figure class="plot ${width}"><figcaption>${name}<small>${escapeHtml(unit)}</small></figcaption>${place}</figure>`;
}
