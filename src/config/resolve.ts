import { createHash } from 'node:crypto';
import { usageError, type MmbotError } from '../errors.ts';
import { at } from '../util/array.ts';
import { brokenOrders } from './cross-checks.ts';
import type { Value } from './field.ts';
import { KEYS, type Key, type Settings } from './fields.ts';
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
  /** Every key, in the order of the table. */
  readonly explain: readonly ResolvedField[];
  /** Hash of all keys and values: equal settings have the same hash, wherever the values come from. */
  readonly hash: string;
}

/** The layers above the defaults; a missing layer sets nothing. */
export type Layers = { readonly [L in Exclude<LayerName, 'default'>]?: Reading };

/** Merges the layers: the highest wins. Throws one error with every problem of every layer. */
export function resolve(layers: Layers): Resolution {
  const problems: string[] = [];
  const explain: ResolvedField[] = [];
  for (const layer of LAYERS) if (layer !== 'default') problems.push(...(layers[layer] ?? NOTHING).problems);
  for (const key of KEYS) {
    const candidates = candidatesFor(key, layers, problems);
    if (candidates !== undefined) explain.push({ ...key, winner: at(candidates, 0), losers: candidates.slice(1) });
  }
  problems.push(...brokenOrders(new Map(explain.map(({ key, winner }) => [key, winner]))));
  if (problems.length > 0) throw refusal(problems);
  const settings = settingsOf(explain);
  return { settings, explain, hash: hashOf(settings) };
}

/** Highest layer first, the default last; undefined when any of them is invalid, even one that is overridden. */
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
  candidates.push({ layer: 'default', source: 'default', value: field.default });
  return sound ? candidates : undefined;
}

function refusal(problems: readonly string[]): MmbotError {
  const heading = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return usageError([`${heading} in the configuration; nothing was started`, ...problems].join('\n  '), {
    code: 'config_invalid',
    hint: 'mmbot config-explain lists every key; --why KEY shows what a key accepts.',
  });
}

function settingsOf(fields: readonly ResolvedField[]): Settings {
  const sections: Record<string, Record<string, Value>> = {};
  for (const { section, name, winner } of fields) (sections[section] ??= {})[name] = winner.value;
  // Names and values come from the table that the type is derived from, so the shape is right.
  return sections as unknown as Settings;
}

/** The same for equal settings, wherever the values come from. */
export function hashOf(settings: Settings): string {
  const sections: Readonly<Record<string, Readonly<Record<string, Value>>>> = settings;
  const lines = KEYS.map(({ key, section, name }) => `${key}=${sections[section]?.[name]}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 12);
}
