import type { Instrument } from '../../../model/instrument.ts';
import { add, compare, decimal, subtract, unitsAt, type Decimal } from '../../../util/decimal.ts';
import { unreadable } from './decimal-fields.ts';

const NOTHING = decimal('0');

/**
 * Converts positions to whole lots. A position off the lot grid (the lot size was once finer) is rounded away from zero. The added part is
 * remembered and added again later, so that an execution of one lot changes the result by exactly one lot.
 */
export class PositionLots {
  readonly #added = new Map<string, Decimal>();

  /** `size`: signed, long > 0. `isExact`: nothing was added. */
  lotsOf({ symbol, lot }: Pick<Instrument, 'symbol' | 'lot'>, size: Decimal): { readonly quantity: number; readonly isExact: boolean } {
    if (size.units === 0n) return this.#counted(symbol, 0n, NOTHING);
    const added = this.#added.get(symbol) ?? NOTHING;
    const known = wholeLots(add(size, added), lot.step);
    if (known !== undefined) return this.#counted(symbol, known, added);
    const away = awayFromZero(size, lot.step);
    return this.#counted(symbol, away, subtract({ units: away * lot.step.units, scale: lot.step.scale }, size));
  }

  #counted(symbol: string, quantity: bigint, added: Decimal): { quantity: number; isExact: boolean } {
    if (!Number.isSafeInteger(Number(quantity))) throw unreadable(`position of ${symbol} is out of range`);
    this.#added.set(symbol, added);
    return { quantity: Number(quantity), isExact: compare(added, NOTHING) === 0 };
  }
}

function wholeLots(size: Decimal, step: Decimal): bigint | undefined {
  const scale = Math.max(size.scale, step.scale);
  const [units, stepUnits] = [unitsAt(size, scale), unitsAt(step, scale)];
  return units % stepUnits === 0n ? units / stepUnits : undefined;
}

function awayFromZero(size: Decimal, step: Decimal): bigint {
  const scale = Math.max(size.scale, step.scale);
  const [units, stepUnits] = [unitsAt(size, scale), unitsAt(step, scale)];
  const whole = units / stepUnits;
  if (units % stepUnits === 0n) return whole;
  return units < 0n ? whole - 1n : whole + 1n;
}
