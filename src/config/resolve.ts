import { createHash } from 'node:crypto';
import { usageError, type MmbotError } from '../errors.ts';
import { at } from '../util/array.ts';
import { brokenOrders } from './cross-checks.ts';
import type { Value } from './field.ts';
import { KEYS, type Key, type Settings } from './fields.ts';
import { keyNamed, keyOfSymbol, partsOf, SYMBOL_KEYS } from './keys.ts';
import { LAYERS, NOTHING, shown, type LayerName, type Reading } from './layers.ts';

/** The value that a layer sets for a key. */
export interface Candidate {
  readonly layer: LayerName;
  readonly source: string;
  readonly value: Value;
}

/** The value of a key, and the values that it overrides, highest layer first. */
export interface ResolvedField extends Key {
  readonly winner: Candidate;
  readonly losers: readonly Candidate[];
}

export interface Resolution {
  readonly settings: Settings;
  /** Every key, in the order of the table; then those of single symbols. */
  readonly explain: readonly ResolvedField[];
  /** Hash of all keys and values: equal settings have the same hash, wherever the values come from. */
  readonly hash: string;
}

const DEFAULT = { layer: 'default', source: 'default' } as const;

/** The layers above the defaults; a missing layer sets nothing. */
export type Layers = { readonly [L in Exclude<LayerName, 'default'>]?: Reading };

/**
 * Merges the layers: the highest wins. Throws one error with every problem of every layer. `traded`: settings of other symbols need not fit
 * together; undefined: all have to.
 */
export function resolve(layers: Layers, traded?: readonly string[]): Resolution {
  const problems: string[] = [];
  const explain: ResolvedField[] = [];
  for (const layer of LAYERS) if (layer !== 'default') problems.push(...(layers[layer] ?? NOTHING).problems);
  for (const key of KEYS) {
    const candidates = candidatesFor(key, layers, problems);
    if (candidates !== undefined) explain.push(resolved(key, [...candidates, { ...DEFAULT, value: key.field.default }]));
  }
  const symbols = symbolsIn(layers).map((symbol) => ({ symbol, own: ownFields(symbol, { layers, explain, problems }) }));
  const broken = brokenOrders(valuesOf(explain));
  const counted = symbols.filter(({ symbol }) => traded?.includes(symbol) !== false);
  problems.push(...broken, ...counted.flatMap(({ symbol, own }) => brokenOf(symbol, merged(explain, own), broken)));
  if (problems.length > 0) throw refusal(problems);
  const common = valuesIn(explain);
  const deviating = symbols.filter(({ own }) => own.some(({ key, winner }) => winner.value !== valueOf(explain, partsOf(key).common)));
  const bySymbol = new Map(deviating.map(({ symbol, own }) => [symbol, valuesIn(merged(explain, own))]));
  const settings = bySymbol.size === 0 ? common : { ...common, bySymbol };
  return { settings, explain: [...explain, ...symbols.flatMap(({ own }) => own)], hash: hashOf(settings) };
}

function resolved(key: Key, candidates: readonly Candidate[]): ResolvedField {
  return { ...key, winner: at(candidates, 0), losers: candidates.slice(1) };
}

/** Symbols that any layer names, in alphabetical order. */
function symbolsIn(layers: Layers): string[] {
  const names = Object.values(layers).flatMap(({ entries }) => entries.flatMap(({ key }) => partsOf(key).symbol ?? []));
  return [...new Set(names)].sort();
}

/** What a layer sets for one symbol wins over what the same layer sets for all, and over lower layers. */
function ownFields(symbol: string, { layers, explain, problems }: Found): ResolvedField[] {
  return SYMBOL_KEYS.flatMap((key) => {
    const own = candidatesFor(keyOfSymbol(symbol, key), layers, problems) ?? [];
    const common = explain.find((field) => field.key === key.key);
    if (own.length === 0 || common === undefined) return [];
    const all = [...own, common.winner, ...common.losers];
    return [
      resolved(
        keyOfSymbol(symbol, key),
        all.toSorted((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer)),
      ),
    ];
  });
}

/** What is wrong with the settings of one symbol and not with those of all. */
function brokenOf(symbol: string, fields: readonly ResolvedField[], known: readonly string[]): string[] {
  const ofSymbol = (problem: string): string =>
    problem.replaceAll(/\b(?:quoting|risk)\.\w+(?=:| \()/g, (key) =>
      keyNamed(`${symbol}:${key}`) === undefined ? key : `${symbol}:${key}`,
    );
  return brokenOrders(valuesOf(fields)).flatMap((problem) => (known.includes(problem) ? [] : [ofSymbol(problem)]));
}

interface Found {
  readonly layers: Layers;
  /** Of all symbols. */
  readonly explain: readonly ResolvedField[];
  readonly problems: string[];
}

/** The fields of a symbol: its own, and the common ones. */
function merged(explain: readonly ResolvedField[], own: readonly ResolvedField[]): ResolvedField[] {
  const byKey = new Map(own.map((field) => [partsOf(field.key).common, field]));
  return explain.map((field) => ({ ...field, winner: byKey.get(field.key)?.winner ?? field.winner }));
}

function valuesOf(fields: readonly ResolvedField[]): ReadonlyMap<string, Candidate> {
  return new Map(fields.map(({ key, winner }) => [key, winner]));
}

function valueOf(fields: readonly ResolvedField[], key: string): Value | undefined {
  return fields.find((field) => field.key === key)?.winner.value;
}

/** Highest layer first, without the default; undefined when any of them is invalid, even one that is overridden. */
function candidatesFor({ key, field }: Key, layers: Layers, problems: string[]): Candidate[] | undefined {
  const candidates: Candidate[] = [];
  let sound = true;
  for (const layer of LAYERS) {
    if (layer === 'default') continue;
    const entries = (layers[layer] ?? NOTHING).entries.filter((entry) => entry.key === key);
    for (const { text, quoted, source } of entries) {
      const value = field.read(text, quoted);
      if (value !== undefined) candidates.push({ layer, source, value });
      else {
        sound = false;
        problems.push(`${key}: expected ${field.expected}, was ${quoted ? 'the text ' : ''}${shown(text)} (from ${source})`);
      }
    }
    if (entries.length > 1) {
      sound = false;
      const [first, second] = [at(entries, 0), at(entries, 1)];
      problems.push(
        `${key}: expected once, was ${shown(first.text)} and ${shown(second.text)} (from ${first.source} and ${second.source})`,
      );
    }
  }
  return sound ? candidates : undefined;
}

function refusal(problems: readonly string[]): MmbotError {
  const heading = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return usageError([`${heading} in the configuration; nothing was started`, ...problems].join('\n  '), {
    code: 'config_invalid',
    hint: 'mmbot config-explain lists every key; --why KEY shows what a key accepts.',
  });
}

function valuesIn(fields: readonly ResolvedField[]): Settings {
  const sections: Record<string, Record<string, Value>> = {};
  for (const { section, name, winner } of fields) (sections[section] ??= {})[name] = winner.value;
  // Names and values come from the table that the type is derived from, so the shape is right.
  return sections as unknown as Settings;
}

/** The same for equal settings, wherever the values come from. */
export function hashOf({ bySymbol = new Map(), ...common }: Settings): string {
  const usual = linesOf(common);
  const own = [...bySymbol].flatMap(([symbol, settings]) =>
    linesOf(settings).flatMap((line) => (usual.includes(line) ? [] : [`${symbol}:${line}`])),
  );
  const lines = [...usual, ...own].sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 12);
}

/** `KEY=VALUE` of every key, with a line break. */
function linesOf(sections: Readonly<Record<string, Readonly<Record<string, Value>>>>): string[] {
  return KEYS.map(({ key, section, name }) => `${key}=${sections[section]?.[name]}\n`);
}
