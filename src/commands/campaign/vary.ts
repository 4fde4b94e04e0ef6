import { InvalidArgumentError } from 'commander';
import { keyNamed } from '../../config/keys.ts';
import { shown, unknownKey } from '../../config/layers.ts';
import { usageError } from '../../errors.ts';
import type { Ppm } from '../../model/units.ts';
import { evenValues, type Axis, type Value } from '../../statistics/search-space.ts';
import { MOST_DIMENSIONS } from '../../statistics/sobol.ts';
import { FEE_KEYS, feeText, isFeeKey } from '../options/fee-options.ts';
import type { VaryInput } from './input.ts';

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)\/(\d+)$/;
/** Of one key: more is a typing error. */
const MOST_VALUES = 1000;

/** Parser for commander of a repeatable option: `KEY=a,b,c` or `KEY=from..to/steps`. */
export function parseVary(text: string, earlier: readonly VaryInput[] = []): readonly VaryInput[] {
  const end = text.indexOf('=');
  if (end <= 0) throw new InvalidArgumentError(`Expected KEY=a,b,c or KEY=FROM..TO/STEPS, was ${shown(text)}.`);
  const key = text.slice(0, end);
  return [...earlier, { key, texts: textsIn(text.slice(end + 1), key), source: `--vary ${shown(text)}` }];
}

/** The values of `a,b,c`, or those of `from..to/steps`, as exact as the key takes them. Throws InvalidArgumentError. */
export function textsIn(text: string, key: string): readonly string[] {
  const [, from, to, steps] = RANGE.exec(text) ?? [];
  if (from === undefined && text.includes('..'))
    throw new InvalidArgumentError(`Expected a range as FROM..TO/STEPS, such as 2..10/5, was ${shown(text)}.`);
  if (from === undefined) return text.split(',').map((word) => word.trim());
  const count = Number(steps);
  if (count < 2 || count > MOST_VALUES)
    throw new InvalidArgumentError(`Expected from 2 to ${MOST_VALUES} steps after the slash, was ${shown(text)}.`);
  const decimals = keyNamed(key)?.field.decimals;
  const rounded = (value: number): string => String(decimals === undefined ? value : Number(value.toFixed(decimals)));
  // The ends are what was asked for, and refused when the setting cannot have them.
  const values = evenValues(Number(from), Number(to), count).map((value, i) =>
    i === 0 || i === count - 1 ? String(value) : rounded(value),
  );
  return [...new Set(values)];
}

/** The varied keys with their values as the settings read them. Throws a usage error with every problem. */
export function axesOf(inputs: readonly VaryInput[]): Axis[] {
  const problems: string[] = [];
  const axes = inputs.map((input, i): Axis => {
    const twice = inputs.slice(0, i).find(({ key }) => key === input.key);
    if (twice !== undefined) problems.push(`${input.key}: expected once (from ${twice.source} and ${input.source})`);
    return { key: input.key, values: valuesOf(input, problems) };
  });
  if (inputs.length > MOST_DIMENSIONS) problems.push(`expected at most ${MOST_DIMENSIONS} keys, were ${inputs.length}`);
  if (problems.length === 0) return axes;
  const heading = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw usageError([`${heading} in what is to be varied; nothing was started`, ...problems].join('\n  '), {
    code: 'vary_invalid',
    hint: 'mmbot config-explain lists every key; --why KEY shows what a key accepts.',
  });
}

function valuesOf({ key, texts, source }: VaryInput, problems: string[]): Value[] {
  const read = readerOf(key);
  if (read === undefined) {
    problems.push(unknownKey(key, source));
    return [];
  }
  const values = new Set<Value>();
  for (const text of texts) {
    const value = read(text);
    if (typeof value === 'object') problems.push(`${key}: ${value.problem} (from ${source})`);
    else if (values.has(value)) problems.push(`${key}: expected each value once, was ${shown(text)} twice (from ${source})`);
    else values.add(value);
  }
  return [...values];
}

type Reader = (text: string) => Value | { readonly problem: string };

/** Of a setting or a fee; undefined when the key is neither. */
function readerOf(key: string): Reader | undefined {
  if (isFeeKey(key)) return feeReader(FEE_KEYS[key]);
  const field = keyNamed(key)?.field;
  return field && ((text) => field.read(text, false) ?? { problem: `expected ${field.expected}, was ${shown(text)}` });
}

/** The same fee has one text. */
function feeReader(parse: (text: string) => Ppm): Reader {
  return (text) => {
    try {
      return feeText(parse(text));
    } catch (error) {
      if (error instanceof InvalidArgumentError) return { problem: error.message };
      throw error;
    }
  };
}
