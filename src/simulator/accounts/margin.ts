import type { Side } from '../../model/order.ts';
import { atoms, type Atoms, type Ppm } from '../../model/units.ts';
import { scaledUp } from './arithmetic.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { Holding } from './holding.ts';

const MILLION = 1_000_000;

/** Margin of the position alone, at the mark price. */
export function positionMargin(holding: Holding, market: EmbeddedMarket): Atoms {
  return marginOf(Math.abs(holding.quantity) * market.markPrice, holding, market);
}

/**
 * Margin of the position and all resting orders: that of the largest exposure if all buys, all sells or
 * no orders are filled. `added`: the value of an order to be placed.
 */
export function totalMargin(holding: Holding, market: EmbeddedMarket, added?: { readonly side: Side; readonly value: number }): Atoms {
  const position = holding.quantity * market.markPrice;
  const buys = holding.resting.buy + (added?.side === 'buy' ? added.value : 0);
  const sells = holding.resting.sell + (added?.side === 'sell' ? added.value : 0);
  return marginOf(Math.max(Math.abs(position), position + buys, sells - position), holding, market);
}

export function maintenanceMargin(holding: Pick<Holding, 'quantity'>, market: EmbeddedMarket): Atoms {
  return shareOf(Math.abs(holding.quantity) * market.markPrice, market.preset.maintenanceMargin, market);
}

/** Rounded up, to the account’s disadvantage, for rebates too. */
export function feeOf(value: number, rate: Ppm, market: EmbeddedMarket): Atoms {
  return shareOf(value, rate, market);
}

/** `value`: tick-lots. */
function shareOf(value: number, share: Ppm, { instrument }: EmbeddedMarket): Atoms {
  return atLargest(scaledUp(value, instrument.atomsPerTickLot * share, MILLION));
}

/** Leverage has two decimals. */
function marginOf(value: number, { leverage }: Holding, { instrument }: EmbeddedMarket): Atoms {
  return atLargest(scaledUp(value, instrument.atomsPerTickLot * 100, Math.round(leverage * 100)));
}

/** Caps amounts beyond the safe integers: a client may ask for them, but can never afford them. */
function atLargest(amount: number): Atoms {
  return atoms(Math.min(amount, Number.MAX_SAFE_INTEGER));
}
