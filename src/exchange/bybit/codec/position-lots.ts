import type { Instrument } from '../../../model/instrument.ts';
import { add, compare, decimal, subtract, unitsAt, type Decimal } from '../../../util/decimal.ts';
import { unreadable } from './decimal-fields.ts';

const NOTHING = decimal('0');

/**
 * Positions in whole lots. One that lies off the lot grid, which was finer once, counts as the next lot away from zero; what was
 * added to it stays added, so that an execution of a lot changes the count by a lot.
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
    if (!Number.isSafeInteger(Number(quantity))) throw unreadable(`position of ${symbol} is out of all proportion`);
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
