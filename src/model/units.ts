import { assert } from '../util/assert.ts';

declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** A price, or a difference of prices, in whole price steps of its instrument. */
export type Ticks = Unit<'Ticks'>;
/** A quantity in whole quantity steps of its instrument; signed in positions (long > 0). */
export type Lots = Unit<'Lots'>;
/** Money of one instrument: ticks times lots. */
export type TickLots = Unit<'TickLots'>;
/** 0.01 basis points, the resolution of settings in bps. */
export type CentiBps = Unit<'CentiBps'>;
/** Money as 1e-8 of the settle coin: the smallest unit in which fees are charged. */
export type Atoms = Unit<'Atoms'>;
/** A fee rate in parts per million of the value; negative is a rebate. */
export type Ppm = Unit<'Ppm'>;

export const PPM_PER_BPS = 100;
export const ATOMS_SCALE = 8;
export const ATOMS_PER_COIN = 1e8;

export const ticks = (value: number): Ticks => whole(value, 'ticks') as Ticks;
export const lots = (value: number): Lots => whole(value, 'lots') as Lots;
export const tickLots = (value: number): TickLots => whole(value, 'tick-lots') as TickLots;
export const centiBps = (value: number): CentiBps => whole(value, 'centi-bps') as CentiBps;
export const atoms = (value: number): Atoms => whole(value, 'atoms') as Atoms;
export const ppm = (value: number): Ppm => whole(value, 'ppm') as Ppm;

function whole(value: number, what: string): number {
  // The message is built only on failure: this runs in hot loops.
  if (!Number.isSafeInteger(value)) assert(false, `${value} is not a whole number of ${what}`);
  return value === 0 ? 0 : value;
}
