import type { Value } from '../../../statistics/search-space.ts';
import { escapeHtml } from '../../html/elements.ts';
import { tabsHtml } from '../../html/tabs.ts';
import { fixed, signed } from '../../text/format.ts';
import type { CampaignReport, SetupFigures } from '../campaign-report.ts';
import { baseOf, bpsText, standingOf, variedKeys } from '../words.ts';

/** Keys that can be chosen: those with the largest effect. */
const MOST_KEYS = 4;

/** Of a map with fewer cells that were tried, there is little to see. */
const LEAST_TRIED = 1 / 3;

interface TwoKeys {
  readonly down: string;
  readonly across: string;
  readonly rows: readonly Value[];
  readonly columns: readonly Value[];
  readonly cells: ReadonlyMap<string, SetupFigures>;
  /** What is the same in all cells. */
  readonly alike: string;
}

/** Net edge by the values of two keys, where at least two are varied: the two that matter most, and the other pairs in tabs. */
export function heatMapHtml(report: CampaignReport): string {
  const [best] = report.setups;
  const keys = keysByEffect(report).slice(0, MOST_KEYS);
  if (best === undefined || keys.length < 2) return '';
  const pairs = keys.flatMap((down, i) => keys.slice(i + 1).map((across) => [down, across] as const));
  const maps = pairs
    .map(([down, across]) => mapOf(report, best, down, across))
    .filter(({ rows, columns, cells }) => cells.size >= LEAST_TRIED * rows.length * columns.length);
  if (maps.length === 0) return '';
  const hasTabs = maps.length > 1;
  const tabs = maps.map(({ down, across }, index) => ({ title: `${down} × ${across}`, index }));
  const parts = maps.map((map, index) => `<div id="pair-${index}"${hasTabs ? ' class="tab"' : ''}>${mapHtml(report, map)}</div>`);
  return `<section><h2>Net edge by two settings</h2>${hasTabs ? tabsHtml('pair', 'settings of the map', tabs) : ''}${parts.join('\n')}</section>`;
}

/** The setups that differ from the best one in the two keys only. */
function mapOf({ setups }: CampaignReport, best: SetupFigures, down: string, across: string): TwoKeys {
  const others = variedKeys(setups).filter((key) => key !== down && key !== across);
  const alike = setups.filter((setup) => baseOf(setup) === baseOf(best) && others.every((key) => setup.varied[key] === best.varied[key]));
  return {
    down,
    across,
    rows: valuesOf(setups, down),
    columns: valuesOf(setups, across),
    cells: new Map(alike.map((setup) => [cellKey(setup.varied[down], setup.varied[across]), setup])),
    alike: [baseOf(best), ...others.map((key) => `${key} ${String(best.varied[key])}`)].join(', '),
  };
}

/** The largest effect first; of equal ones, in the order of the plan. */
export function keysByEffect({ setups, sensitivity }: CampaignReport): readonly string[] {
  const sizes = new Map(sensitivity.map(({ key, effects }) => [key, sizeOf(effects.map(({ bps }) => bps))]));
  return variedKeys(setups).toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}

function sizeOf(effects: readonly number[]): number {
  return effects.length === 0 ? 0 : Math.max(...effects) - Math.min(...effects);
}

function mapHtml(report: CampaignReport, { down, across, rows, columns, cells, alike }: TwoKeys): string {
  const most = Math.max(...[...cells.values()].map(({ netBps }) => Math.abs(netBps ?? 0)), 1e-9);
  const body = rows.map((row) => {
    const tds = columns.map((column) => cellHtml(report, cells.get(cellKey(row, column)), most));
    return `<tr><th scope="row">${escapeHtml(String(row))}</th>${tds.join('')}</tr>`;
  });
  const heads = columns.map((column) => `<th scope="col">${escapeHtml(String(column))}</th>`);
  const caption = `Net edge, bps, by ${down} and ${across}`;
  return `<div class="card map" style="--columns:${columns.length}" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><p class="sideways">more columns: scroll sideways →</p><table><caption>net edge, bps, with ${escapeHtml(alike)} as in the best setup</caption>
<thead><tr><th scope="col">${keyHtml(down)} ↓ <span>${keyHtml(across)} →</span></th>${heads.join('')}</tr></thead><tbody>
${body.join('\n')}</tbody></table>${colorsHtml(most)}</div>`;
}

function cellHtml(report: CampaignReport, setup: SetupFigures | undefined, most: number): string {
  if (setup === undefined) return '<td class="untried">not tried</td>';
  const { netBps, intervalBps, name } = setup;
  const { shape, text } = standingOf(report, setup);
  const share = Math.round((100 * Math.abs(netBps ?? 0)) / most);
  const side = (netBps ?? 0) < 0 ? 'under' : 'over';
  return `<td class="${side} ${shape}" style="--share:${share}%" title="${escapeHtml(`${name}: ${bpsText(netBps, intervalBps)}`)}"><b>${signed(netBps)}</b><small>${escapeHtml(text)}</small></td>`;
}

function colorsHtml(most: number): string {
  const steps = [-100, -50, 0, 50, 100].map(
    (share) => `<i class="${share < 0 ? 'under' : 'over'}" style="--share:${Math.abs(share)}%"></i>`,
  );
  return `<p class="colors" aria-hidden="true">${fixed(-most)} ${steps.join('')} ${signed(most)} bps</p>`;
}

/** It may be broken after its section. */
function keyHtml(key: string): string {
  return escapeHtml(key).replaceAll('.', '.<wbr>');
}

function cellKey(row: Value | undefined, column: Value | undefined): string {
  return JSON.stringify([row, column]);
}

/** In ascending order where they are numbers, else in the order of the setups' names. */
export function valuesOf(setups: readonly SetupFigures[], key: string): readonly Value[] {
  const values = [...new Set(setups.map(({ varied }) => varied[key]))].filter((value) => value !== undefined);
  return values.toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1));
}
