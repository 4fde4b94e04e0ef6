import { escapeHtml } from './elements.ts';
import { trendHtml, type Trend } from './trend.ts';

/** The result of a run on one screen, before anything is scrolled. */
export interface Headline {
  /** The result in a few words; undefined where the figures say all of it. */
  readonly lead?: string | undefined;
  readonly tiles: readonly Tile[];
  /** What decided that the run failed. */
  readonly failed: readonly Failed[];
  /** What would help, in a sentence each. */
  readonly causes?: readonly Cause[];
  /** The most telling figure over time; undefined without samples. */
  readonly trend: Trend | undefined;
}

export interface Cause {
  readonly name: string;
  readonly text: string;
  /** What to try, shown where there is room; undefined when nothing would help. */
  readonly change: string | undefined;
}

/** One figure. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  /** What it means, in lines of a few words. */
  readonly notes: readonly string[];
  readonly mood?: 'good' | 'bad' | undefined;
}

export interface Failed {
  readonly name: string;
  readonly measured: string;
  /** Empty for an invariant. */
  readonly allowed: string;
}

const MOST_FAILED = 5;

/** `sentence`: the reason for the verdict, where no gate failed. */
export function headlineHtml({ lead, tiles, failed, causes = [], trend }: Headline, sentence: string): string {
  return [
    lead === undefined ? '' : `<p class="lead">${escapeHtml(lead)}</p>`,
    failed.length === 0 && sentence !== '' ? `<p class="why">${escapeHtml(sentence)}</p>` : failedHtml(failed, sentence),
    `<dl class="tiles">${tiles.map(tileHtml).join('')}</dl>`,
    causes.length === 0 ? '' : `<dl class="causes">${causes.map(causeHtml).join('')}</dl>`,
    trend === undefined ? '' : trendHtml(trend),
  ].join('\n');
}

function failedHtml(failed: readonly Failed[], sentence: string): string {
  if (failed.length === 0) return '';
  const more = failed.length - MOST_FAILED;
  const rest = more > 0 ? `<li>${more} more, in the tables below</li>` : '';
  const rows = failed
    .slice(0, MOST_FAILED)
    .map(
      ({ name, measured, allowed }) =>
        `<li><strong>${escapeHtml(name)}</strong> <span class="bad">${escapeHtml(measured)}</span>${allowed === '' ? '' : ` <span class="allowed">allowed ${escapeHtml(allowed)}</span>`}</li>`,
    );
  const note = sentence === '' ? '' : `<p class="why">${escapeHtml(sentence)}</p>`;
  return `<ul class="failed" aria-label="failed">${rows.join('')}${rest}</ul>${note}`;
}

function causeHtml({ name, text, change }: Cause): string {
  const tried = change === undefined ? '' : `<span class="try">; try: ${escapeHtml(change)}</span>`;
  return `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}${tried}</dd></div>`;
}

function tileHtml({ label, value, unit, notes, mood }: Tile): string {
  const figure = `<b${mood === undefined ? '' : ` class="${mood}"`}>${escapeHtml(value)}</b>${unit === '' ? '' : ` <small>${escapeHtml(unit)}</small>`}`;
  return `<div><dt>${escapeHtml(label)}</dt><dd>${figure}${notes.map((note) => `<span>${escapeHtml(note)}</span>`).join('')}</dd></div>`;
}
