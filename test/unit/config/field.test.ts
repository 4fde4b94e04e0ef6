import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { boolean, oneOf } from '../../../src/config/field.ts';
import { KEYS } from '../../../src/config/fields.ts';

/** Text that is no number to a strict reader, whatever a lenient one makes of it. */
const NOT_NUMBERS = [
  ['', ' ', '1e3', '1E3', '1e-1', ' 9 ', '9 ', '\t9', '9\n', '9,0', '1,000', '1_000', '0x10', '0b1', '0o7', '010', '+1', '.5', '5.', '--1'],
  [
    'NaN',
    'nan',
    '.nan',
    'Infinity',
    '-Infinity',
    '.inf',
    'null',
    '~',
    'true',
    'undefined',
    '-0',
    '-0.0',
    '1.2.3',
    '9bps',
    '9 bps',
    '$9',
    '9%',
  ],
  ['１２', '٣', '1\u00a0', '1\u0000', '1'.repeat(400), '0.'.padEnd(400, '1'), '-', "'9'", '1/2', '∞', '[object Object]'],
].flat();

/** The others are a choice of words. */
const NUMBERS = KEYS.filter(({ field }) => field.type !== 'boolean' && field.type !== 'oneOf' && field.type !== 'text');

test.each(NUMBERS.map(({ key, field }) => [key, field] as const))('%s refuses all that is no plain number', (_, field) => {
  expect(NOT_NUMBERS.filter((text) => field.read(text, false) !== undefined)).toEqual([]);
});

test.each(NUMBERS.map(({ key, field }) => [key, field] as const))(
  '%s accepts its range to the last step and nothing beyond',
  (_, field) => {
    const { minimum, maximum } = field.schema as { minimum: number; maximum: number };
    expect(field.read(String(minimum), false)).toBe(minimum);
    expect(field.read(String(maximum), false)).toBe(maximum);
    expect(field.read(String(maximum + 1), false)).toBeUndefined();
    expect(field.read(String(minimum - 1), false)).toBeUndefined();
    // A fraction inside the range is fine, except where only whole numbers are.
    expect(field.read(String(minimum + 0.5), false) === undefined).toBe(field.schema['type'] === 'integer');
    expect(field.read(String(field.default), false)).toBe(field.default);
    // In quotes it is text.
    expect(field.read(String(field.default), true)).toBeUndefined();
  },
);

test('every number on the grid of a field survives being written and read', () => {
  const cases = NUMBERS.map(({ field }) => {
    const { minimum, maximum } = field.schema as { minimum: number; maximum: number };
    const decimals = /in steps of 0\.(\d+)$/.exec(field.expected)?.[1]?.length ?? 0;
    const scale = 10 ** decimals;
    return fc
      .integer({ min: Math.ceil(minimum * scale), max: Math.floor(maximum * scale) })
      .map((steps) => ({ field, value: steps / scale }));
  });
  fc.assert(
    fc.property(fc.oneof(...cases), ({ field, value }) => {
      expect(field.read(String(value), false)).toBe(value);
    }),
    { numRuns: 5000 },
  );
});

test('for any text, only plain decimals pass, and nothing throws', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
  const passed = (key: (typeof KEYS)[number], text: string): boolean => key.field.read(text, false) !== undefined;
  fc.assert(
    fc.property(fc.constantFrom(...NUMBERS), anyText, (key, text) => !passed(key, text) || /^-?\d+(\.\d+)?$/.test(text)),
    { numRuns: 20_000 },
  );
  expect(KEYS.every((key) => passed(key, String(key.field.default)))).toBe(true);
});

test('more decimals than the grid has are refused, trailing zeros are not', () => {
  const spread = KEYS.find(({ key }) => key === 'quoting.baseSpreadBps')?.field;
  expect(spread?.read('0.85', false)).toBe(0.85);
  expect(spread?.read('0.8500', false)).toBe(0.85);
  expect(spread?.read('0.851', false)).toBeUndefined();
  expect(spread?.read('0.29', false)).toBe(0.29);
});

test('a boolean is exactly true or false, unquoted', () => {
  const field = boolean(true, 'Example.');
  expect(['true', 'false'].map((text) => field.read(text, false))).toEqual([true, false]);
  for (const text of ['yes', 'on', '1', 'True', '', ' true']) expect(field.read(text, false)).toBeUndefined();
  expect(field.read('true', true)).toBeUndefined();
});

test('a choice is exactly one of its words, quoted or not', () => {
  const field = oneOf(['rest', 'ws'], 'ws', 'Example.');
  expect(field.read('rest', true)).toBe('rest');
  expect(field.read('REST', false)).toBeUndefined();
  expect(field.expected).toBe('one of rest, ws');
});
