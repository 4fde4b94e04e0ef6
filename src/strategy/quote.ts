import type { Side } from '../model/order.ts';
import type { Lots, Ticks } from '../model/units.ts';

/** An order we want to rest, before it has an id. Always post-only. */
export interface Quote {
  readonly side: Side;
  /** 0 is nearest to fair value. */
  readonly level: number;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** The price before the move for a better place in the queue; equal to `price` when there was no move. */
  readonly plainPrice: Ticks;
}
