import { KEYS, type Key } from './fields.ts';

/** Names of settings: those of all symbols, `quoting.levels`, and those of one, `ETHUSDT:quoting.levels`. */

/** By name; a `Map`, so that `__proto__` is an unknown key like any other. */
const COMMON: ReadonlyMap<string, Key> = new Map(KEYS.map((key) => [key.key, key]));

/** Sections of which a symbol may have values of its own. */
export const SYMBOL_SECTIONS: readonly string[] = ['quoting', 'risk'];
/** Settings of these that count over all symbols, or of which a run has one. */
const ONE_FOR_ALL = new Set(
  ['maxOpenOrders', 'maxOpenNotionalUsd', 'maxDailyLossUsd', 'maxOrdersPerDay', 'deliveryHoldMs', 'deliveryFreezeMs', 'edgeMarkoutMs'].map(
    (name) => `risk.${name}`,
  ),
);
/** The settings of which a symbol may have values of its own, in the order of the table. */
export const SYMBOL_KEYS: readonly Key[] = KEYS.filter(({ key, section }) => SYMBOL_SECTIONS.includes(section) && !ONE_FOR_ALL.has(key));

/** Dated contracts and options have several parts: `BTCUSDT-26DEC26`, `BTC-26DEC26-100000-C`. */
const SYMBOL = /^(?=.{2,40}$)[A-Z0-9]{2,30}(-[A-Z0-9]{1,20}){0,4}$/;
export const SYMBOL_PATTERN = SYMBOL.source;

export function isSymbolName(text: string): boolean {
  return SYMBOL.test(text);
}

/** `ETHUSDT:quoting.levels` */
export function keyOfSymbol(symbol: string, { key, ...rest }: Key): Key {
  return { ...rest, key: `${symbol}:${key}`, env: undefined };
}

/** The symbol of `ETHUSDT:quoting.levels`, and the key that all symbols share; the symbol is undefined for a key of all. */
export function partsOf(name: string): { readonly symbol: string | undefined; readonly common: string } {
  const end = name.indexOf(':');
  const symbol = name.slice(0, Math.max(0, end));
  return isSymbolName(symbol) ? { symbol, common: name.slice(end + 1) } : { symbol: undefined, common: name };
}

/** A key of all symbols by its name; undefined when there is none. */
export function commonKey(name: string): Key | undefined {
  return COMMON.get(name);
}

/** The key with this name; undefined when there is none, or when a symbol cannot have a value of its own of it. */
export function keyNamed(name: string): Key | undefined {
  const { symbol, common } = partsOf(name);
  const key = COMMON.get(common);
  if (symbol === undefined || key === undefined) return key;
  return SYMBOL_KEYS.includes(key) ? keyOfSymbol(symbol, key) : undefined;
}

/** Whether a key counts in a run of these symbols. */
export function countsFor(name: string, symbols: readonly string[]): boolean {
  const { symbol } = partsOf(name);
  return symbol === undefined || symbols.includes(symbol);
}
