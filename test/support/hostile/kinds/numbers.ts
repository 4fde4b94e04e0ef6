import { objectIn, textIn, type JsonObject } from '../../../../src/util/json.ts';
import { randomInt } from '../../../../src/util/random.ts';
import type { Kind, Source, Tools } from '../kind.ts';
import { EXECUTIONS, HISTORY, list, oneRow, ORDERS, POSITIONS } from './rows.ts';

/** Numbers and fields that cannot be read, or read as something else. */
export const NUMBERS: readonly (readonly [string, string, (value: string) => unknown])[] = [
  ['numbers-exponent', 'numbers are written with an exponent', (value) => (Number(value) === 0 ? value : Number(value).toExponential())],
  ['numbers-nan', 'numbers are NaN', () => 'NaN'],
  ['numbers-infinite', 'numbers are Infinity', () => 'Infinity'],
  ['numbers-negative', 'numbers are negative', (value) => `-${value}`],
  ['numbers-huge', 'numbers are larger than any', () => '99999999999999999999999999999'],
  ['numbers-null', 'numbers are null', () => null],
  ['numbers-as-numbers', 'numbers are numbers, not text', (value) => Number(value)],
  ['numbers-spaced', 'numbers have blanks around them', (value) => ` ${value} `],
  ['numbers-hexadecimal', 'numbers are written as 0x10', () => '0x10'],
  ['numbers-comma', 'numbers have a comma for a point', (value) => value.replace('.', ',')],
  ['numbers-long', 'numbers have forty decimals', (value) => `${value}${value.includes('.') ? '' : '.'}${'0'.repeat(40)}`],
];
const NUMERIC = ['price', 'qty', 'cumExecQty', 'execPrice', 'execQty', 'execFee', 'size', 'avgPrice', 'walletBalance', 'totalEquity'];

/** One field of one row; what a stream says in a wrong way a list says rightly. */
export function damagedNumber(row: JsonObject, { random }: Tools, change: (value: string) => unknown): JsonObject {
  const names = NUMERIC.filter((name) => typeof row[name] === 'string' && row[name] !== '');
  const name = names[randomInt(random, Math.max(1, names.length))];
  return name === undefined ? row : { ...row, [name]: change(textIn(row[name])) };
}

/** A number that reads well and is another is a lie that no reader can see. */
const LIES = new Set(['numbers-huge']);
const ALL: readonly Source[] = ['orderList', 'executionList', 'positionList'];

export const DAMAGED_ROWS: readonly Kind[] = [
  ...NUMBERS.map(([name, does, change]) =>
    list(
      [...ORDERS, ...HISTORY, ...EXECUTIONS, ...POSITIONS, 'v5/account/wallet-balance'],
      name,
      `${does}, in one field of one row of a list`,
      oneRow((row, tools) => damagedNumber(row, tools, change)),
      {
        group: 'rows',
        rates: [0.03, 0.1, 0.3],
        ...(LIES.has(name) ? { blinds: ALL } : {}),
      },
    ),
  ),
  list(
    [...ORDERS, ...HISTORY, ...EXECUTIONS, ...POSITIONS],
    'field-missing',
    'one row of a list lacks one field',
    oneRow((row, { random }) => {
      const names = Object.keys(row);
      const name = names[randomInt(random, Math.max(1, names.length))];
      return Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
    }),
    { group: 'rows', rates: [0.03, 0.1, 0.3] },
  ),
  list(
    [...ORDERS, ...HISTORY, ...EXECUTIONS, ...POSITIONS],
    'field-object',
    'a field of a row is an object',
    oneRow((row, { random }) => {
      const names = Object.keys(row);
      const name = names[randomInt(random, Math.max(1, names.length))] ?? 'x';
      return { ...row, [name]: { value: row[name] } };
    }),
    { group: 'rows', rates: [0.03, 0.1, 0.3] },
  ),
  list(
    [...ORDERS, ...HISTORY, ...EXECUTIONS, ...POSITIONS],
    'list-object',
    'a list is an object',
    (answer) => ({ ...answer, result: { ...objectIn(answer['result']), list: { 0: {} } } }),
    { group: 'rows', rates: [0.03, 0.1, 0.3] },
  ),
  list(
    [...ORDERS, ...HISTORY, ...EXECUTIONS, ...POSITIONS],
    'list-missing',
    'a list is not there',
    (answer) => ({ ...answer, result: { category: 'linear' } }),
    { group: 'rows', rates: [0.03, 0.1, 0.3] },
  ),
];
