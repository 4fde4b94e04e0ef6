import { usageError, type MmbotError } from '../errors.ts';
import type { JsonObject } from '../util/json.ts';
import { KEYS } from './fields.ts';
import { keyNamed, partsOf } from './keys.ts';
import { shown } from './layers.ts';
import type { Candidate, ResolvedField, Resolution } from './resolve.ts';
import { didYouMean } from './suggest.ts';

/** The fields that match any of `patterns` (keys, or globs with `*`); all fields without a pattern. Throws MmbotError (exit 2) when a pattern matches none. */
export function select(fields: readonly ResolvedField[], patterns: readonly string[]): readonly ResolvedField[] {
  const found = patterns.map((pattern) => orCommon(fields, pattern));
  for (const [i, pattern] of found.entries()) {
    if (!fields.some(({ key }) => matches(key, pattern))) throw noSuchKey(patterns[i] ?? pattern);
  }
  return patterns.length === 0 ? fields : fields.filter(({ key }) => found.some((pattern) => matches(key, pattern)));
}

/** A symbol without a value of its own has that of all symbols. */
function orCommon(fields: readonly ResolvedField[], pattern: string): string {
  const isOwn = keyNamed(pattern) === undefined || fields.some(({ key }) => key === pattern);
  return isOwn ? pattern : partsOf(pattern).common;
}

function matches(key: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[^A-Za-z0-9]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(key);
}

function noSuchKey(pattern: string): MmbotError {
  const suggestion = didYouMean(
    pattern,
    KEYS.map(({ key }) => key),
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

/** Keys whose values differ. */
export function differences(ours: readonly ResolvedField[], theirs: readonly ResolvedField[]): readonly Difference[] {
  return ours.flatMap((field) => {
    const other = theirs.find(({ key }) => key === field.key);
    return other === undefined || other.winner.value === field.winner.value ? [] : [{ ours: field, theirs: other }];
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
