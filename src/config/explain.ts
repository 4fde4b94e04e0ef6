import { usageError, type MmbotError } from '../errors.ts';
import type { JsonObject } from '../util/json.ts';
import { KEYS } from './fields.ts';
import { commonKey, keyNamed, partsOf, SYMBOL_KEYS } from './keys.ts';
import { shown, unknownKey } from './layers.ts';
import type { Candidate, ResolvedField, Resolution } from './resolve.ts';
import { didYouMean } from './suggest.ts';

/** The fields that match any of `patterns` (keys, or globs with `*`); all fields without a pattern. Throws MmbotError (exit 2) when a pattern matches none. */
export function select(fields: readonly ResolvedField[], patterns: readonly string[]): readonly ResolvedField[] {
  const inherited = patterns.flatMap((pattern) => inheritedField(fields, pattern) ?? []);
  const all = [...fields, ...inherited];
  for (const pattern of patterns) {
    if (!all.some((field) => isMeant(field, pattern))) throw noSuchKey(pattern);
  }
  return patterns.length === 0 ? fields : all.filter((field) => patterns.some((pattern) => isMeant(field, pattern)));
}

/** A pattern without a symbol means the values of single symbols too. */
function isMeant({ key }: ResolvedField, pattern: string): boolean {
  return matches(key, pattern) || matches(partsOf(key).common, pattern);
}

/** What a symbol without a value of its own has: that of all symbols. */
function inheritedField(fields: readonly ResolvedField[], name: string): ResolvedField | undefined {
  const key = keyNamed(name);
  if (key === undefined || fields.some((field) => field.key === name)) return undefined;
  const common = fields.find((field) => field.key === partsOf(name).common);
  return common && { ...common, ...key };
}

function matches(key: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[^A-Za-z0-9]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(key);
}

function noSuchKey(pattern: string): MmbotError {
  const { symbol, common } = partsOf(pattern);
  if (symbol !== undefined && commonKey(common) !== undefined)
    return usageError(unknownKey(pattern, 'the command line'), {
      code: 'unknown_key',
      hint: `mmbot config-explain --why ${common} shows it.`,
    });
  const known = symbol === undefined ? KEYS : SYMBOL_KEYS;
  const suggestion = didYouMean(
    pattern,
    known.map(({ key }) => (symbol === undefined ? key : `${symbol}:${key}`)),
  );
  return usageError(`${shown(pattern).slice(1, -1)}: expected a key or a glob that matches one${suggestion} (from the command line)`, {
    code: 'unknown_key',
    hint: 'mmbot config-explain lists every key.',
  });
}

/** Whether a layer above the default sets the key, even to the default value. */
export function isSet({ winner }: ResolvedField): boolean {
  return winner.layer !== 'default';
}

/** A value with its unit, for people. */
export function withUnit({ field }: ResolvedField, { value }: Candidate): string {
  return field.unit === '' ? String(value) : `${value} ${field.unit}`;
}

export interface Difference {
  readonly ours: ResolvedField;
  readonly theirs: ResolvedField;
}

/** Keys that match `patterns` and whose values differ; of a symbol also where only one side has a value of its own. Throws like `select`. */
export function differences(
  ours: readonly ResolvedField[],
  theirs: readonly ResolvedField[],
  patterns: readonly string[] = [],
): readonly Difference[] {
  const keys = [...new Set(select([...ours, ...theirs], patterns).map(({ key }) => key))];
  return keys.flatMap((key) => {
    const [mine, other] = [ours, theirs].map((fields) => fields.find((field) => field.key === key) ?? inheritedField(fields, key));
    return mine === undefined || other === undefined || other.winner.value === mine.winner.value ? [] : [{ ours: mine, theirs: other }];
  });
}

/** One key for JSON: all that `--why` shows. */
export function fieldDocument(resolved: ResolvedField): JsonObject {
  const { key, env, field, winner, losers } = resolved;
  return {
    key,
    ...candidateDocument(winner),
    unit: field.unit,
    type: field.type,
    default: field.default,
    overridden: losers.map(candidateDocument),
    expected: field.expected,
    description: field.doc,
    env: env ?? null,
    flag: env === undefined ? null : (field.flag ?? null),
  };
}

function candidateDocument({ layer, source, value }: Candidate): JsonObject {
  return { value, layer, source };
}

export function differenceDocument({ ours, theirs }: Difference): JsonObject {
  return { key: ours.key, unit: ours.field.unit, ours: candidateDocument(ours.winner), theirs: candidateDocument(theirs.winner) };
}

/** The head of every JSON document of this command. */
export function documentHead(resolution: Resolution): JsonObject {
  return { schemaVersion: 1, command: 'config-explain', ok: true, configHash: resolution.hash };
}
