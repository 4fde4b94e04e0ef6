import type { ConfigWarning } from '../../config/warnings.ts';
import { isResting } from '../../harness/measures/side-state.ts';
import { percent } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import { settingsText, type Attribution, type HeldBack, type SideShare } from './held-back.ts';

/** Shares below it are left out of the tables; the JSON has them all. */
const LEAST_SHARE = 0.001;
/** On a terminal, which also shows no more than this many. */
const LEAST_SHOWN = 0.01;
const MOST_SHOWN = 3;

/** Undefined when nothing kept a side from being quoted as wanted. */
export function heldBackTable({ heldBack }: Attribution): Table | undefined {
  const shown = heldBack.filter(({ share }) => share >= LEAST_SHARE);
  if (shown.length === 0) return undefined;
  return {
    title: 'What held it back: share of the time of both sides',
    head: ['time', 'effect', 'cause', 'setting', 'change to try'],
    rows: shown.map((cause) => [percent(cause.share), effectOf(cause), cause.what, settingsText(cause.settings), cause.change ?? '–']),
  };
}

/** The worst causes for a terminal, as pairs of label and text; none when nothing is worth a line. */
export function heldBackLines({ heldBack }: Attribution, most = MOST_SHOWN): readonly (readonly [string, string])[] {
  const worst = heldBack.filter(({ share }) => share >= LEAST_SHOWN).slice(0, most);
  return worst.flatMap((cause) => [
    [percent(cause.share), `${effectOf(cause)}: ${cause.what}`] as const,
    ...(cause.settings.length === 0 ? [] : [['', settingsText(cause.settings)] as const]),
    ...(cause.change === null ? [] : [['', `try: ${cause.change}`] as const]),
  ]);
}

function effectOf({ kind, code }: Pick<HeldBack, 'kind' | 'code'>): string {
  return isResting({ kind, code }) ? 'order not as wanted' : 'no order';
}

/** Undefined when no settings defeat each other. */
export function warningTable(warnings: readonly ConfigWarning[]): Table | undefined {
  if (warnings.length === 0) return undefined;
  return {
    title: 'Settings that defeat each other',
    head: ['what happens', 'change to try'],
    rows: warnings.map(({ text, change }) => [text, change]),
  };
}

const KINDS: Readonly<Record<SideShare['kind'], string>> = {
  quoted: 'quoted as wanted',
  reduced: 'quoted smaller and wider:',
  late: 'quoted, a change waits for',
  limited: 'quoted, a change denied by',
  ending: 'being canceled, held by',
  hold: 'held by',
  guard: 'stopped by',
  no_size: 'no size left:',
  denied: 'denied by',
  waiting: 'waits for',
  placing: 'order on its way',
  doubt: 'order in doubt',
};

/** How each side of each symbol spent its time. Undefined before anything was observed. */
export function sideTable({ sides }: Attribution): Table | undefined {
  const shown = sides.filter(({ share }) => share >= LEAST_SHARE);
  if (shown.length === 0) return undefined;
  return {
    title: 'Time by side',
    inShort: 'how long each side was quoted, and why not',
    head: ['symbol', 'side', 'state', 'time'],
    rows: shown.map(({ symbol, side, kind, code, share }) => [
      symbol,
      side === 'buy' ? 'bid' : 'ask',
      `${KINDS[kind]} ${code}`.trim(),
      percent(share),
    ]),
  };
}
