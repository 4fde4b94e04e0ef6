import { settingsFor, type Settings } from '../../config/fields.ts';
import type { RunContext } from './invariant.ts';

/** What `pick` takes from the settings of the traded symbols, each value once. */
export function ofTraded(
  { settings, instruments }: Pick<RunContext, 'settings' | 'instruments'>,
  pick: (settings: Settings) => number,
): number[] {
  return [...new Set([...instruments.keys()].map((symbol) => pick(settingsFor(settings, symbol))))];
}

/** `4`, or `4 or 2` */
export function valueText(context: Pick<RunContext, 'settings' | 'instruments'>, pick: (settings: Settings) => number): string {
  return ofTraded(context, pick).join(' or ');
}
