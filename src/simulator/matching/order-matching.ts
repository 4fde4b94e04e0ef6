import { Book } from '../../model/book.ts';
import type { Lots, Ticks } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';
import type { TimeInForce } from '../venue/requests.ts';
import type { BookOrder, Direction } from './book-order.ts';

/**
 * Result of a submitted order: `killed` is a FOK that could not fill, `expired` the rest of an IOC, `selfMatch` the rest of an
 * order that self-match prevention ended.
 */
export type Submission = 'resting' | 'filled' | 'expired' | 'killed' | 'wouldTake' | 'selfMatch';

export type MatchListener = (maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots) => void;

/** The matching of one market’s orders: what time in force and amends mean. Subclasses match against a book or a recording. */
export abstract class OrderMatching {
  readonly book = new Book();

  /** Grows with every change of the book. */
  abstract get sequence(): number;

  submit(order: BookOrder, timeInForce: TimeInForce): Submission {
    assert(order.leaves > 0 && order.queue === undefined, 'an order is submitted once, with a quantity');
    if (timeInForce === 'PostOnly' && this.wouldTake(order.direction, order.price)) return 'wouldTake';
    if (timeInForce === 'FOK' && !this.canFill(order)) return 'killed';
    if (this.match(order)) return 'selfMatch';
    if (order.leaves === 0) return 'filled';
    if (timeInForce === 'IOC' || timeInForce === 'FOK') return 'expired';
    this.rest(order);
    return 'resting';
  }

  /** Amends a resting order. A smaller quantity at the same price keeps its place; any other amend moves it to the back and may match. */
  amend(order: BookOrder, price: Ticks, leaves: Lots): Submission {
    if (price === order.price && leaves <= order.leaves) {
      this.shrink(order, leaves);
      return 'resting';
    }
    this.remove(order);
    order.price = price;
    order.leaves = leaves;
    return this.submit(order, 'GTC');
  }

  wouldTake(direction: Direction, price: Ticks): boolean {
    const best = (direction === 1 ? this.book.asks : this.book.bids).price(0);
    return best !== undefined && (price - best) * direction >= 0;
  }

  /** Removes a resting order from the book; `leaves` is unchanged. */
  abstract remove(order: BookOrder): void;

  /** Reduces a resting order, which keeps its place in the queue. */
  abstract shrink(order: BookOrder, leaves: Lots): void;

  /** The oldest order at a price; follow `behind` for the others. */
  abstract firstAt(direction: Direction, price: Ticks): BookOrder | undefined;

  /** Whether all of an incoming order can fill now. */
  protected abstract canFill(order: BookOrder): boolean;

  /** Matches an incoming order. True when self-match prevention ended it. */
  protected abstract match(taker: BookOrder): boolean;

  /** Puts an order that did not fill into the book. */
  protected abstract rest(order: BookOrder): void;
}
