import type { Gate } from '../../harness/measures/gates.ts';
import { figure, limitOf } from '../soak/soak-rows.ts';
import { sparkline, type Trace } from './sparkline.ts';

/** Styles of the one-screen views. */
export interface ViewPaint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Columns of a label. */
export const LABEL = 13;

export function row(label: string, text: string, { dim }: ViewPaint): string {
  return `${dim(label.padEnd(LABEL))}${text}`;
}

/** Columns of a view: one less than the terminal has, and no more than are easy to read. */
export function viewWidth(columns: number): number {
  return Math.min(columns, 120) - 1;
}

/** The text of a row with a plot from the start to `endMs` behind it, if there is room. */
export function plotted(text: string, trace: () => Trace, endMs: number, width: number): string {
  const room = Math.min(40, width - LABEL - text.length - 2);
  return room < 8 ? text : `${text}  ${sparkline(trace(), endMs, room)}`;
}

/** A progress bar of `width` columns, including the text at its end. */
export function progressBar(share: number, words: string, width: number, { dim }: ViewPaint): string {
  const bar = Math.max(10, width - words.length - 3);
  const done = Math.round(share * bar);
  return `${'█'.repeat(done)}${dim('░'.repeat(bar - done))}  ${words}`;
}

/** Names the first failing gate, because it may be a reason to stop the run. */
export function gatesText(gates: readonly Gate[], { good, bad }: ViewPaint): string {
  const count = (status: Gate['status']): number => gates.filter((gate) => gate.status === status).length;
  const [worst] = gates.filter(({ status }) => status === 'fail');
  const open = count('too_few_samples');
  return [
    good(`${count('pass')} pass`),
    ...(open === 0 ? [] : [`${open} too few samples`]),
    ...(worst === undefined ? [] : [bad(`${count('fail')} FAIL: ${worst.name} ${figure(worst, worst.value)}, ${limitOf(worst)}`)]),
  ].join(' · ');
}
