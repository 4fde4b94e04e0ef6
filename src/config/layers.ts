import { KEYS } from './fields.ts';
import { commonKey, keyNamed, partsOf, SYMBOL_KEYS, SYMBOL_SECTIONS } from './keys.ts';
import { excerpt } from '../util/excerpt.ts';
import { didYouMean } from './suggest.ts';

/** Highest first. */
export const LAYERS = ['cli', 'env', 'overrides', 'profile', 'default'] as const;
export type LayerName = (typeof LAYERS)[number];

/** A value that one source sets for one key. */
export interface Entry {
  readonly key: string;
  /** The value as written. */
  readonly text: string;
  /** In quotes in a file. */
  readonly quoted: boolean;
  /** Place of the value: `profiles/s1.yaml:12:18`, `env MM_RISK_MAX_POSITION_USD`, `--max-position-usd`, `--set #2`. */
  readonly source: string;
}

/** The contents of one layer: the keys are known ones, the values are not validated yet. */
export interface Reading {
  readonly entries: readonly Entry[];
  /** Each a complete message: `KEY: expected ..., was ... (from SOURCE)`. */
  readonly problems: readonly string[];
}

export const NOTHING: Reading = { entries: [], problems: [] };

const ENV_PREFIX = 'MM_';
/** The consent to trade with real money, and secrets: no settings. */
const RESERVED_ENV: readonly string[] = [
  'MM_LIVE_ENABLE',
  'MM_METRICS_TOKEN',
  'MM_REDIS_URL',
  'MM_REDIS_PASSWORD',
  'MM_REDIS_PASSWORD_FILE',
];

/** Does not show the value, which may be a secret in the wrong place. `sections`: the sections that may stand there instead of a key. */
export function unknownKey(key: string, source: string, sections: readonly string[] = []): string {
  const { symbol, common } = partsOf(key);
  if (symbol !== undefined && commonKey(common) !== undefined)
    return `${key}: expected a setting of which a symbol may have its own value; ${common} is the same for all (from ${source})`;
  const names = symbol === undefined ? KEYS.map((known) => known.key) : SYMBOL_KEYS.map((known) => `${symbol}:${known.key}`);
  const places = symbol === undefined ? sections : SYMBOL_SECTIONS.map((section) => `${symbol}:${section}`);
  return `${key}: expected a known key${didYouMean(key, [...places, ...names])} (from ${source})`;
}

export function readEnv(env: Readonly<Record<string, string | undefined>>): Reading {
  const entries: Entry[] = [];
  const problems: string[] = [];
  for (const [name, text] of Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith(ENV_PREFIX) || RESERVED_ENV.includes(name) || text === undefined) continue;
    const known = KEYS.find((key) => key.env === name);
    if (known !== undefined) entries.push({ key: known.key, text, quoted: false, source: `env ${name}` });
    else {
      const names = [...KEYS.flatMap(({ env: known }) => known ?? []), ...RESERVED_ENV];
      problems.push(`${name}: expected a known variable${didYouMean(name, names)} (from env ${name})`);
    }
  }
  return { entries, problems };
}

/** `KEY=VALUE`, and where it comes from. */
export interface Assignment {
  readonly assignment: string;
  readonly source: string;
}

/** Settings from the command line: `--set` arguments and flags of settings, with every repetition. */
export interface Typed {
  readonly assignments: readonly string[];
  /** Assignments that were not typed as `--set`. */
  readonly others?: readonly Assignment[];
  readonly flags: readonly { readonly key: string; readonly flag: string; readonly text: string }[];
}

export function readTyped({ assignments, others = [], flags }: Typed): Reading {
  const entries: Entry[] = flags.map(({ key, flag, text }) => ({ key, text, quoted: false, source: flag }));
  const problems: string[] = [];
  const typed = assignments.map((assignment, index): Assignment => ({ assignment, source: `--set #${index + 1}` }));
  for (const { assignment, source } of [...typed, ...others]) {
    const end = assignment.indexOf('=');
    const key = assignment.slice(0, Math.max(end, 0));
    if (end <= 0) problems.push(`--set: expected KEY=VALUE, was ${shown(assignment)} (from ${source})`);
    else if (keyNamed(key) === undefined) problems.push(unknownKey(key, source));
    else entries.push({ key, text: assignment.slice(end + 1), quoted: false, source });
  }
  return { entries, problems };
}

/** Text for a message: on one line, and shortened. */
export function shown(text: string): string {
  const oneLine = text.replace(/[^\x20-\x7e\xa0-\u024f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `'${excerpt(oneLine, 60)}'`;
}
