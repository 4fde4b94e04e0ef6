import { counted } from '../../../util/counted.ts';
import type { Sensitivity } from '../../../statistics/sensitivity.ts';
import { escapeHtml } from '../../html/elements.ts';
import { axisHtml, intervalsHtml } from '../../html/intervals.ts';
import { richTableHtml } from '../../html/rich-table.ts';
import { scaleOf, type Scale } from '../../html/scale.ts';
import type { CampaignReport } from '../campaign-report.ts';
import { keysByEffect } from './heat-map.ts';
import { TITLES } from '../words.ts';
import { bpsHtml } from './cells.ts';

/** How much each varied key matters, the largest effect first. All keys have the same scale. */
export function sensitivityHtml(report: CampaignReport): string {
  const keys = keysByEffect(report);
  const known = report.sensitivity.toSorted((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
  if (known.length === 0) return '';
  const scale = scaleOf([0, ...known.flatMap(({ effects }) => effects.flatMap(({ bps, interval }) => [bps, ...(interval ?? [])]))], 4);
  return `<section><h2>${TITLES.effects}</h2><div class="effects">${known.map((each) => keyHtml(each, scale)).join('\n')}</div>
<p class="note">Net edge with each value, against the mean of all values of the setting; the other settings and the seeds are the same. Bars are 95 % intervals.</p></section>`;
}

function keyHtml({ key, effects, combinations, seeds }: Sensitivity, scale: Scale): string {
  const heading = `<h3>${escapeHtml(key)}</h3>`;
  if (effects.length === 0)
    return `<div>${heading}<p class="none">No combination of the other settings has runs with every value.</p></div>`;
  const rows = effects.map(({ value, bps, interval }) => {
    const known = interval ?? null;
    const isSure = known !== null && (known[0] > 0 || known[1] < 0);
    return [
      escapeHtml(String(value)),
      intervalsHtml(scale, [{ value: bps, interval: known, shape: isSure ? 'rival' : 'left' }]),
      bpsHtml(bps, known),
    ];
  });
  const columns = [
    { head: 'value', kind: 'name' },
    { head: 'effect, bps', kind: 'drawing', axis: axisHtml(scale) },
    { head: 'bps', kind: 'figure' },
  ] as const;
  const basis = `${counted(combinations, 'combination')} of the others, ${counted(seeds, 'seed')}`;
  return `<div>${heading}${richTableHtml({ columns, rows, caption: `What ${key} changes, bps`, className: 'forest' })}<p class="note">${basis}</p></div>`;
}
