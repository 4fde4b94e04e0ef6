import { assert } from '../util/assert.ts';
import { notional } from './instrument.ts';
import { sign, type Fill, type Side } from './order.ts';
import { atoms, lots, tickLots, type Atoms, type Lots, type TickLots, type Ticks } from './units.ts';

/** A position computed from fills, by average cost. All exact: whole tick-lots and atoms. */
export interface Position {
  /** Long > 0. */
  readonly quantity: Lots;
  /** Cost of the open quantity, with the same sign. Divided by the quantity: the average entry price. */
  readonly cost: TickLots;
  /** Realized PnL, before fees. */
  readonly realized: TickLots;
  /** Fees paid so far; rebates reduce them. */
  readonly fees: Atoms;
  /** Funding paid so far; negative when received. */
  readonly funding: Atoms;
}

/**
 * The range in which the position may lie: the lowest and the highest value that a source has shown and none has disproved.
 * When all sources agree, both are the position.
 */
export interface Held {
  readonly low: Lots;
  readonly high: Lots;
}

/** The range when all sources agree on the position. */
export const exactly = (quantity: Lots): Held => ({ low: quantity, high: quantity });

/** The largest possible position in the direction of `side` (buy: long, sell: short); negative when it lies on the other side. */
export const toward = (side: Side, { low, high }: Held): number => (side === 'buy' ? high : 0 - low);

/** The end of the range that is farther from zero. */
export const farther = (held: Held): Lots => (toward('buy', held) >= toward('sell', held) ? held.high : held.low);

/** One funding settlement: paid for holding a position at that moment. */
export interface FundingPayment {
  /** Identifies the payment: one that arrives twice is applied once. */
  readonly paymentId: string;
  readonly symbol: string;
  /** Amount paid; negative when received. */
  readonly amount: Atoms;
  /** Exchange time, ms. */
  readonly at: number;
}

export const FLAT: Position = { quantity: lots(0), cost: tickLots(0), realized: tickLots(0), fees: atoms(0), funding: atoms(0) };

/** By average cost. A fill that flips the position closes all of it and opens the rest at the fill's price. */
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
    realized: tickLots(position.realized + proceeds - released),
    fees: atoms(position.fees + fill.fee),
    funding: position.funding,
  };
}

export function applyFunding(position: Position, { amount }: Pick<FundingPayment, 'amount'>): Position {
  return { ...position, funding: atoms(position.funding + amount) };
}

/** Unrealized PnL of the open quantity, marked at `price`. */
export function unrealized(position: Position, price: Ticks): TickLots {
  return tickLots(position.quantity * price - position.cost);
}

/** Average entry price in ticks; undefined when flat. For reports. */
export function averageEntry({ quantity, cost }: Position): number | undefined {
  return quantity === 0 ? undefined : cost / quantity;
}

/** The part of the cost that belongs to `closing` lots; rounded toward zero, so that the last lot releases all that is left. */
function releasedCost({ quantity, cost }: Position, closing: number): TickLots {
  if (closing === 0) return tickLots(0);
  return tickLots(Number((BigInt(cost) * BigInt(closing)) / BigInt(Math.abs(quantity))));
}
