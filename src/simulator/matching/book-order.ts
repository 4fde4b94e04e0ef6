import type { Lots, Ticks } from '../../model/units.ts';
import type { SelfMatch } from '../venue/requests.ts';

/** +1 buys, -1 sells. */
export type Direction = 1 | -1;

export function opposite(direction: Direction): Direction {
  return direction === 1 ? -1 : 1;
}

/** Owner of the orders that are nobody's in particular. */
const NOBODY = -1;

/** An order as the book sees it. The submitter owns the object and may reuse it once it has left the book. */
export class BookOrder {
  direction: Direction;
  price: Ticks;
  /** Quantity that is not filled yet. */
  leaves: Lots;
  owner = NOBODY;
  /** Applies to an incoming order only, not once it rests. */
  selfMatch: SelfMatch = 'None';
  /** Set while the order rests. */
  queue: Queue | undefined = undefined;
  ahead: BookOrder | undefined = undefined;
  behind: BookOrder | undefined = undefined;

  constructor(direction: Direction, price: Ticks, leaves: Lots) {
    this.direction = direction;
    this.price = price;
    this.leaves = leaves;
  }
}

/** The orders at one price, oldest first. */
export interface Queue {
  price: Ticks;
  first: BookOrder | undefined;
  last: BookOrder | undefined;
  quantity: number;
}
