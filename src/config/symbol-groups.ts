import { settingsFor, type Settings } from './fields.ts';
import { keyNamed } from './keys.ts';

/** Symbols that are traded with the same settings. */
export interface SymbolGroup {
  /** At least one, unless no symbol is known. */
  readonly symbols: readonly string[];
  readonly settings: Settings;
  /** Whether other symbols of the run have other settings, so that a text has to say of which symbols it speaks. */
  readonly isOneOfSeveral: boolean;
  /** Whether it is one symbol with settings of its own. */
  readonly isOwn: boolean;
}

/** The traded symbols by their settings. Without symbols: one group, with the settings of all. */
export function groupsOf(settings: Settings, traded: readonly string[]): SymbolGroup[] {
  const bySettings = new Map<Settings, string[]>();
  for (const symbol of traded) {
    const own = settingsFor(settings, symbol);
    const symbols = bySettings.get(own);
    if (symbols === undefined) bySettings.set(own, [symbol]);
    else symbols.push(symbol);
  }
  if (bySettings.size === 0) bySettings.set(settings, []);
  return [...bySettings].map(([own, symbols]) => ({
    symbols,
    settings: own,
    isOneOfSeveral: bySettings.size > 1,
    isOwn: own !== settings,
  }));
}

/** `ETHUSDT: text` where other symbols have other settings. */
export function aboutGroup({ symbols, isOneOfSeveral }: SymbolGroup, text: string): string {
  return isOneOfSeveral ? `${symbols.join(', ')}: ${text}` : text;
}

/** The same advice with the keys of the group's own symbols: `--set ETHUSDT:quoting.levels=2` wins over its own value, and changes no other symbol. */
export function adviceFor({ symbols: [first, ...rest], isOneOfSeveral, isOwn }: SymbolGroup, text: string): string {
  if (first === undefined || !(isOneOfSeveral || isOwn)) return text;
  const own = text.replaceAll(/\b(?:quoting|risk)\.\w+/g, (key) => (keyNamed(`${first}:${key}`) === undefined ? key : `${first}:${key}`));
  return own === text || rest.length === 0 ? own : `${own}; likewise for ${rest.join(', ')}`;
}
