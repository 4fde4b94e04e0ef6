import { assert } from './assert.ts';

/** An exact decimal number: `units` times ten to the power of minus `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Longest accepted text. No amount is longer, and parsing a hundred thousand digits takes seconds. */
const LONGEST = 64;
const ZERO = 48;
const POINT = 46;

/** Reads plain decimal text (`-12.340`); undefined for anything else, exponents, blanks and signs like `+` included. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = text.length > LONGEST ? null : DECIMAL.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  return { units: BigInt(`${match[1]}${match[2]}${fraction}`), scale: fraction.length };
}

/** Parses decimal text that is written in the source or was already validated. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  assert(value !== undefined, `'${text}' is not a decimal number`);
  return value;
}

export function decimalOf(units: bigint | number, scale: number): Decimal {
  return { units: BigInt(units), scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { units: -b.units, scale: b.scale });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const difference = unitsAt(a, scale) - unitsAt(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `value` in units of 10^-scale; asserts that no digit is lost. */
export function unitsAt(value: Decimal, scale: number): bigint {
  if (scale === value.scale) return value.units;
  if (scale > value.scale) return value.units * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  if (value.units % divisor !== 0n) assert(false, `${toText(value)} has more than ${scale} decimals`);
  return value.units / divisor;
}

/** Without trailing zeros: `0.1`, `-3`, `0`. */
export function toText({ units, scale }: Decimal): string {
  return unitsText(units, scale);
}

/** `toText` of whole `units` of 10^-scale. A number takes a fraction of the time of a bigint. */
export function unitsText(units: bigint | number, scale: number): string {
  const text = fixedUnitsText(units, scale);
  if (scale === 0) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end -= 1;
  return text.slice(0, text.charCodeAt(end - 1) === POINT ? end - 1 : end);
}

/** Whole `units` of 10^-scale, with exactly `scale` decimals. */
export function fixedUnitsText(units: bigint | number, scale: number): string {
  if (units < 0) return `-${fixedUnitsText(-units, scale)}`;
  const digits = Number.isSafeInteger(units) ? String(units) : BigInt(units).toString();
  if (scale === 0) return digits;
  const cut = digits.length - scale;
  return cut > 0 ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : `0.${digits.padStart(scale, '0')}`;
}

/** As a float, for reports and estimates only. */
export function toNumber(value: Decimal): number {
  return Number(toText(value));
}
