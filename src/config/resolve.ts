import { createHash } from 'node:crypto';
import { EXIT, MmbotError } from '../errors.ts';
import { at } from '../util/array.ts';
import { brokenOrders } from './cross-checks.ts';
import type { Value } from './field.ts';
import { KEYS, type Key, type Settings } from './fields.ts';
import { LAYERS, NOTHING, shown, type LayerName, type Reading } from './layers.ts';

/** What a layer offered for a key. */
export interface Candidate {
  readonly layer: LayerName;
  readonly source: string;
  readonly value: Value;
}

/** A key's value, and all that it won against, highest layer first. */
export interface ResolvedField extends Key {
  readonly winner: Candidate;
  readonly losers: readonly Candidate[];
}

export interface Resolution {
  readonly settings: Settings;
  /** Every key, in the order of the table. */
  readonly explain: readonly ResolvedField[];
  /** Of all keys and values: the same settings have the same hash, wherever they come from. */
  readonly hash: string;
}

/** The layers above the defaults; a missing one says nothing. */
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

/** Highest layer first, the default last; undefined when one of them is wrong, also if it would not win. */
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
  return new MmbotError({
    code: 'config_invalid',
    exitCode: EXIT.usage,
    message: [`${heading} in the configuration; nothing was started`, ...problems].join('\n  '),
    hint: 'mmbot config-explain lists every key; --why KEY tells what one accepts.',
  });
}

function settingsOf(fields: readonly ResolvedField[]): Settings {
  const sections: Record<string, Record<string, Value>> = {};
  for (const { section, name, winner } of fields) (sections[section] ??= {})[name] = winner.value;
  // The table gave every name and every reader, so the shape is the one that its type was taken from.
  return sections as unknown as Settings;
}

/** Of all keys and values. */
export function hashOf(settings: Settings): string {
  const sections: Readonly<Record<string, Readonly<Record<string, Value>>>> = settings;
  const lines = KEYS.map(({ key, section, name }) => `${key}=${sections[section]?.[name]}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 12);
}

/** One line for each key that is not at its default, for the start of a run. */
export function auditTrail(resolution: Resolution): readonly string[] {
  return resolution.explain
    .filter(({ winner }) => winner.layer !== 'default')
    .map(({ key, winner, losers }) => {
      const over = losers.map((loser) => (loser.layer === 'default' ? `default ${loser.value}` : `${loser.value} from ${loser.source}`));
      return `${key} = ${winner.value} from ${winner.source}, over ${over.join(', ')}`;
    });
}
