import type { Side } from '../../model/order.ts';
import { atoms, lots, tickLots, type Atoms, type Lots, type TickLots, type Ticks } from '../../model/units.ts';
import { scaledTowardZero } from './arithmetic.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import type { StopKind } from '../venue/orders.ts';

/** The part of a holding that one execution closed. */
export interface Closing {
  readonly quantity: Lots;
  /** Before fees. */
  readonly realized: TickLots;
}

/**
 * One account’s position in one symbol, with average cost. The part of the cost that a closing execution releases is
 * rounded toward zero to whole tick-lots, so that the last lot releases the rest.
 */
export class Holding {
  quantity = lots(0);
  /** Signed like the quantity. */
  cost = tickLots(0);
  realized = tickLots(0);
  fees = atoms(0);
  /** Funding paid for the position; negative if received. */
  funding = atoms(0);
  leverage = 10;
  /** Value of the resting orders of each side. */
  readonly resting: Record<Side, number> = { buy: 0, sell: 0 };
  /** Stops of the whole position that wait for their trigger price. */
  readonly stops = new Map<StopKind, ClientOrder>();
  createdAt = 0;
  updatedAt = 0;
  /** Public sequence number of the last execution; -1 before the first. */
  sequence = -1;

  trade(side: Side, price: Ticks, quantity: Lots, fee: Atoms): Closing {
    const held = Math.abs(this.quantity);
    const reduces = side === 'buy' ? this.quantity < 0 : this.quantity > 0;
    const closed = reduces ? Math.min(quantity, held) : 0;
    const realized = closed === 0 ? 0 : this.#close(closed, held, price);
    if (side === 'buy') this.#open(quantity - closed, price);
    else this.#open(closed - quantity, price);
    this.realized = tickLots(this.realized + realized);
    this.fees = atoms(this.fees + fee);
    return { quantity: lots(closed), realized: tickLots(realized) };
  }

  unrealized(mark: Ticks): TickLots {
    return tickLots(this.quantity * mark - this.cost);
  }

  /** Closes `closed` of `held` lots; proceeds beyond their share of the cost are realized. */
  #close(closed: number, held: number, price: Ticks): number {
    const released = scaledTowardZero(this.cost, closed, held);
    const direction = Math.sign(this.quantity);
    this.quantity = lots(this.quantity - direction * closed);
    this.cost = tickLots(this.cost - released);
    return direction * closed * price - released;
  }

  /** `change`: signed. */
  #open(change: number, price: Ticks): void {
    this.quantity = lots(this.quantity + change);
    this.cost = tickLots(this.cost + change * price);
  }
}
