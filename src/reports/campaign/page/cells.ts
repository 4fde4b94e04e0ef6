import type { Interval } from '../../../statistics/sample.ts';
import { escapeHtml } from '../../html/elements.ts';
import { nameHtml } from '../../html/rich-table.ts';
import { signed } from '../../text/format.ts';
import { bracketed } from '../words.ts';

/** Path of the report of a run; undefined when it was not kept. */
export type PageOf = (id: string) => string | undefined;

/** `+0.42 [0.11, 0.73]`, the interval in small letters. */
export function bpsHtml(bps: number | null, interval: Interval | null): string {
  return `${signed(bps)}${bps === null || interval === null ? '' : ` <small>${bracketed(interval)}</small>`}`;
}

/** To the runs of the setup. */
export function linkHtml(place: number, name: string): string {
  return `<a href="#runs-${place + 1}">${nameHtml(name)}</a>`;
}

/** One click selects it. */
export function commandHtml(command: string): string {
  return `<code>${escapeHtml(command)}</code>`;
}

export function seedHtml(seed: string, page: string | undefined): string {
  return page === undefined ? escapeHtml(seed) : `<a href="${escapeHtml(page)}">${escapeHtml(seed)}</a>`;
}
