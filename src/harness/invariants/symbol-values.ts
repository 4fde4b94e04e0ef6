import type { Settings } from '../../config/fields.ts';

/** What `pick` takes from the settings of all symbols, and of those with settings of their own. */
export function ofEverySymbol(settings: Settings, pick: (settings: Settings) => number): number[] {
  return [...new Set([settings, ...(settings.bySymbol?.values() ?? [])].map(pick))];
}

/** `4`, or `4 or 2` */
export function valueText(settings: Settings, pick: (settings: Settings) => number): string {
  return ofEverySymbol(settings, pick).join(' or ');
}
