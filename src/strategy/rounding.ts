import type { Grid } from '../model/grid.ts';
import type { Instrument } from '../model/instrument.ts';
import { ATOMS_PER_COIN, lots, tickLots, ticks, type Lots, type TickLots, type Ticks } from '../model/units.ts';
import { assert } from '../util/assert.ts';

/**
 * Rounds float estimates to values that can be sent as orders. A bid is rounded down, an ask up, a quantity down. Prices are
 * given in ticks, quantities in coins.
 */

/** An estimate this close to a whole step counts as that step: `0.29 / 0.01` is 28.999999999999996. */
const NOISE = 1e-9;

export function bidTicks(estimate: number): Ticks {
  return ticks(Math.floor(denoised(estimate)));
}

export function askTicks(estimate: number): Ticks {
  return ticks(Math.ceil(denoised(estimate)));
}

/** Quantity in coins, never more than the estimate. */
export function floorLots(quantity: number, lot: Grid): Lots {
  return lots(Math.max(0, Math.floor(denoised(quantity / lot.size))));
}

/** A limit given in settle coin, rounded down; limits beyond the largest safe integer become that integer. */
export function floorTickLots(usd: number, { atomsPerTickLot }: Pick<Instrument, 'atomsPerTickLot'>): TickLots {
  return tickLots(Math.min(Number.MAX_SAFE_INTEGER, Math.floor(denoised((usd * ATOMS_PER_COIN) / atomsPerTickLot))));
}

function denoised(estimate: number): number {
  // The message is built only on failure: this runs in hot loops.
  if (!Number.isFinite(estimate)) assert(false, `${estimate} cannot be rounded to a price or quantity`);
  const nearest = Math.round(estimate);
  return Math.abs(estimate - nearest) <= NOISE * Math.max(1, Math.abs(nearest)) ? nearest : estimate;
}
