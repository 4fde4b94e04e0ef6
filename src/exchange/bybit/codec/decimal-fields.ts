import { parseSteps, type Grid } from '../../../model/grid.ts';
import { ATOMS_SCALE, atoms, ppm, ticks, type Atoms, type Ppm, type Ticks } from '../../../model/units.ts';
import { parseDecimal, unitsAt, type Decimal } from '../../../util/decimal.ts';
import { numberIn, textIn } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import { excerptOf } from '../../../util/excerpt.ts';

/** An answer that cannot be read proves nothing about what it answers. */
export function unreadable(what: string): ExchangeError {
  return new ExchangeError('unavailable', 'unknown', `unreadable answer: ${what}`);
}

/** Hears of an amount that lies off the grid it is read on, with its name and as it was written. */
export type OffGrid = (what: string, text: string) => void;

/**
 * Whole steps of an amount that cannot be negative. Off the grid, which has changed since, it is rounded as asked for, and told.
 * Nothing written, as for the price of a market order, is 0.
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

/** An id of the exchange's: a number that JSON cannot hold exactly names another order. */
export function idIn(value: unknown): string {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? '' : textIn(value);
}

/** An instant of the exchange's, ms; undefined when there is none. */
export function instantIn(value: unknown): number | undefined {
  const at = numberIn(value);
  return at !== undefined && Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}

/** A price that need not lie on the grid, such as a mark price, to the nearest tick; undefined when there is none. */
export function nearestTicks(value: unknown, grid: Grid): Ticks | undefined {
  const steps = Math.round((numberIn(value) ?? 0) / grid.size);
  return steps > 0 && Number.isSafeInteger(steps) ? ticks(steps) : undefined;
}

/** What we have, never more than written. Nothing written is 0. */
export function balanceIn(value: unknown, what: string): Atoms {
  return atoms(unitsIn(value, ATOMS_SCALE, floorDivide, what));
}

/** What we pay, never less than written. Nothing written is 0. */
export function feeIn(value: unknown, what: string): Atoms {
  return atoms(unitsIn(value, ATOMS_SCALE, ceilDivide, what));
}

/** A rate as a ratio, rounded up; `''` is unreadable. */
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
