import { decimal, toNumber } from '../util/decimal.ts';
import type { JsonObject } from '../util/json.ts';

export type Value = number | boolean | string;

/** One setting: what it means, what it accepts, and how its text is read. */
export interface Field<V extends Value = Value> {
  readonly type: string;
  /** Empty for ratios and counts. */
  readonly unit: string;
  readonly default: V;
  /** One sentence. */
  readonly doc: string;
  /** A command-line flag of its own; only settings that users often change have one. */
  readonly flag: string | undefined;
  /** The accepted values as they appear in error messages: `0.1 to 500 bps in steps of 0.01`. */
  readonly expected: string;
  readonly schema: JsonObject;
  /** Of a number: how many its values may have. */
  readonly decimals?: number;
  /** Undefined unless `text` is valid. `quoted`: it is in quotes in a file, so it is text and not a number. */
  read(text: string, quoted: boolean): V | undefined;
}

interface NumberKind {
  readonly unit: string;
  /** Values are multiples of 10^-decimals, so that each has exactly one text. */
  readonly decimals: number;
}

const KINDS = {
  bps: { unit: 'bps', decimals: 2 },
  ratio: { unit: '', decimals: 4 },
  usd: { unit: 'USD', decimals: 2 },
  ms: { unit: 'ms', decimals: 0 },
  count: { unit: '', decimals: 0 },
  perSecond: { unit: '1/s', decimals: 0 },
  perMinute: { unit: '1/min', decimals: 0 },
  perBps: { unit: '1/bps', decimals: 4 },
  mbPerHour: { unit: 'MB/h', decimals: 2 },
} as const satisfies Record<string, NumberKind>;

type Range = readonly [min: number, max: number];

type NumberFieldOf = (value: number, range: Range, doc: string, extra?: { flag?: string; unit?: string }) => Field<number>;

export const bps = numberField('bps');
export const ratio = numberField('ratio');
export const usd = numberField('usd');
export const ms = numberField('ms');
export const count = numberField('count');
export const perSecond = numberField('perSecond');
export const perMinute = numberField('perMinute');
export const perBps = numberField('perBps');
export const mbPerHour = numberField('mbPerHour');

function numberField(type: keyof typeof KINDS): NumberFieldOf {
  const kind: NumberKind = KINDS[type];
  return (value, range, doc, { flag, unit = kind.unit } = {}) => ({
    type,
    unit,
    default: value,
    doc,
    flag,
    expected: [`${range[0]} to ${range[1]}`, unit, `in steps of ${(10 ** -kind.decimals).toFixed(kind.decimals)}`]
      .filter((part) => part !== '')
      .join(' '),
    decimals: kind.decimals,
    schema: { type: kind.decimals === 0 ? 'integer' : 'number', minimum: range[0], maximum: range[1] },
    read: (text, quoted) => (quoted ? undefined : readNumber(text, kind.decimals, range)),
  });
}

export function boolean(value: boolean, doc: string, flag?: string): Field<boolean> {
  return {
    type: 'boolean',
    unit: '',
    default: value,
    doc,
    flag,
    expected: 'true or false',
    schema: { type: 'boolean' },
    read: (text, quoted) => (quoted || (text !== 'true' && text !== 'false') ? undefined : text === 'true'),
  };
}

export function oneOf<const T extends string>(choices: readonly T[], value: NoInfer<T>, doc: string, flag?: string): Field<T> {
  return {
    type: 'oneOf',
    unit: '',
    default: value,
    doc,
    flag,
    expected: `one of ${choices.join(', ')}`,
    schema: { enum: choices },
    read: (text) => choices.find((choice) => choice === text),
  };
}

/** No sign but a minus, no exponent, no blanks, no leading zeros (`010` is 8 to some readers). */
const STRICT_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

function readNumber(text: string, decimals: number, [min, max]: Range): number | undefined {
  if (!STRICT_NUMBER.test(text)) return undefined;
  const written = text.split('.')[1] ?? '';
  if (written.replace(/0+$/, '').length > decimals) return undefined;
  const value = toNumber(decimal(text));
  // '-0' can only be a mistake.
  const negativeZero = value === 0 && text.startsWith('-');
  return negativeZero || value < min || value > max ? undefined : value;
}
