import { parseSteps, type Grid } from '../../../model/grid.ts';
import { ATOMS_SCALE, atoms, ppm, ticks, type Atoms, type Ppm, type Ticks } from '../../../model/units.ts';
import { parseDecimal, unitsAt, type Decimal } from '../../../util/decimal.ts';
import { numberIn, textIn } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import { excerptOf } from '../../../util/excerpt.ts';

/** The error for an unreadable response, which proves nothing about the outcome of the request. */
export function unreadable(what: string): ExchangeError {
  return new ExchangeError('unavailable', 'unknown', `unreadable answer: ${what}`);
}

/** Called for an amount that does not lie on the grid, with its field name and original text. */
export type OffGrid = (what: string, text: string) => void;

/**
 * Whole steps of a non-negative amount. An amount off the grid, which may have changed since, is rounded as given and reported. An
 * empty text, such as the price of a market order, is 0.
 */
export function stepsIn(value: unknown, grid: Grid, what: string, rounding: 'down' | 'nearest' | 'up', onOffGrid: OffGrid): number {
  const text = textIn(value);
  if (text === '') return 0;
  const exact = parseSteps(text, grid);
  const amount = exact === undefined ? parseDecimal(text) : undefined;
  const steps = amount === undefined ? exact : roundedSteps(amount, grid, rounding);
  if (steps === undefined || !(steps >= 0 && Number.isSafeInteger(steps))) throw unreadable(`${what} is ${shown(value)}`);
  if (exact === undefined) onOffGrid(what, text);
  return steps;
}

function roundedSteps(decimal: Decimal, { step }: Grid, rounding: 'down' | 'nearest' | 'up'): number {
  const scale = Math.max(decimal.scale, step.scale);
  const [units, stepUnits] = [unitsAt(decimal, scale), unitsAt(step, scale)];
  if (rounding === 'nearest') return Number(floorDivide(2n * units + stepUnits, 2n * stepUnits));
  return Number((rounding === 'up' ? ceilDivide : floorDivide)(units, stepUnits));
}

/** Reads an id. A number beyond the safe integers is not usable: parsing may have changed it to the id of another order. */
export function idIn(value: unknown): string {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? '' : textIn(value);
}

/** Reads an exchange time, ms; undefined when there is none. */
export function instantIn(value: unknown): number | undefined {
  const at = numberIn(value);
  return at !== undefined && Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}

/** Reads a price that need not lie on the grid, such as a mark price, as the nearest tick; undefined when there is none. */
export function nearestTicks(value: unknown, grid: Grid): Ticks | undefined {
  const steps = Math.round((numberIn(value) ?? 0) / grid.size);
  return steps > 0 && Number.isSafeInteger(steps) ? ticks(steps) : undefined;
}

/** Reads a balance, rounded down; an empty text is 0. */
export function balanceIn(value: unknown, what: string): Atoms {
  return atoms(unitsIn(value, ATOMS_SCALE, floorDivide, what));
}

/** Reads a fee, rounded up; an empty text is 0. */
export function feeIn(value: unknown, what: string): Atoms {
  return atoms(unitsIn(value, ATOMS_SCALE, ceilDivide, what));
}

/** Reads a rate given as a ratio, rounded up; an empty text is unreadable. */
export function rateIn(value: unknown, what: string): Ppm {
  if (textIn(value) === '') throw unreadable(`${what} is missing`);
  return ppm(unitsIn(value, 6, ceilDivide, what));
}

function unitsIn(value: unknown, scale: number, divide: (a: bigint, b: bigint) => bigint, what: string): number {
  const text = textIn(value);
  if (text === '') return 0;
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw unreadable(`${what} is ${shown(value)}`);
  if (decimal.scale <= scale) return safe(decimal.units * 10n ** BigInt(scale - decimal.scale), value, what);
  return safe(divide(decimal.units, 10n ** BigInt(decimal.scale - scale)), value, what);
}

function safe(units: bigint, value: unknown, what: string): number {
  const number = Number(units);
  if (!Number.isSafeInteger(number)) throw unreadable(`${what} is ${shown(value)}`);
  return number;
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n;
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return -floorDivide(-a, b);
}

function shown(value: unknown): string {
  return excerptOf(value, 60);
}
