import { assert } from '../util/assert.ts';
import { notional } from './instrument.ts';
import { sign, type Fill, type Side } from './order.ts';
import { atoms, lots, tickLots, type Atoms, type Lots, type TickLots, type Ticks } from './units.ts';

/** A position folded from fills, with average cost. All exact: whole tick-lots and atoms. */
export interface Position {
  /** Long > 0. */
  readonly quantity: Lots;
  /** What the open quantity cost: signed like it. Divided by it, the average entry price. */
  readonly cost: TickLots;
  /** Realised by closing, before fees. */
  readonly realised: TickLots;
  /** Paid so far; rebates reduce it. */
  readonly fees: Atoms;
  /** Paid so far for holding it; negative was received. */
  readonly funding: Atoms;
}

/**
 * What may be held: the least and the most that any source has shown and none has disproved. Both are the position where all
 * sources agree.
 */
export interface Held {
  readonly low: Lots;
  readonly high: Lots;
}

/** What is held where all sources agree. */
export const exactly = (quantity: Lots): Held => ({ low: quantity, high: quantity });

/** How much may be held on the side that `side` adds to; less than nothing when it is held on the other one. */
export const toward = (side: Side, { low, high }: Held): number => (side === 'buy' ? high : 0 - low);

/** The end that is farther from nothing. */
export const farther = (held: Held): Lots => (toward('buy', held) >= toward('sell', held) ? held.high : held.low);

/** One settlement of funding: what holding a position cost at a moment. */
export interface FundingPayment {
  /** Applied once, whatever arrives twice. */
  readonly paymentId: string;
  readonly symbol: string;
  /** Paid; negative was received. */
  readonly amount: Atoms;
  /** Exchange time, ms. */
  readonly at: number;
}

export const FLAT: Position = { quantity: lots(0), cost: tickLots(0), realised: tickLots(0), fees: atoms(0), funding: atoms(0) };

/** Average cost; a fill through zero closes all and opens the rest at its own price. */
export function applyFill(position: Position, fill: Pick<Fill, 'side' | 'price' | 'quantity' | 'fee'>): Position {
  assert(fill.quantity > 0, 'a fill has a positive quantity');
  const change = sign(fill.side) * fill.quantity;
  const closing = position.quantity * change < 0 ? Math.min(Math.abs(change), Math.abs(position.quantity)) : 0;
  const opening = fill.quantity - closing;
  const released = releasedCost(position, closing);
  const proceeds = notional(fill.price, lots(closing)) * Math.sign(position.quantity);
  return {
    quantity: lots(position.quantity + change),
    cost: tickLots(position.cost - released + sign(fill.side) * fill.price * opening),
    realised: tickLots(position.realised + proceeds - released),
    fees: atoms(position.fees + fill.fee),
    funding: position.funding,
  };
}

export function applyFunding(position: Position, { amount }: Pick<FundingPayment, 'amount'>): Position {
  return { ...position, funding: atoms(position.funding + amount) };
}

/** Of the open quantity, marked at `price`. */
export function unrealised(position: Position, price: Ticks): TickLots {
  return tickLots(position.quantity * price - position.cost);
}

/** Undefined when flat. For reports. */
export function averageEntry({ quantity, cost }: Position): number | undefined {
  return quantity === 0 ? undefined : cost / quantity;
}

/** The part of the cost that belongs to `closing` lots; rounded toward zero, so that the last lot releases all that is left. */
function releasedCost({ quantity, cost }: Position, closing: number): TickLots {
  if (closing === 0) return tickLots(0);
  return tickLots(Number((BigInt(cost) * BigInt(closing)) / BigInt(Math.abs(quantity))));
}
