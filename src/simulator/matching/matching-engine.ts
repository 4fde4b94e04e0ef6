import { Book, type BookSide } from '../../model/book.ts';
import { lots, type Lots, type Ticks } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';
import type { SelfMatch, TimeInForce } from '../venue.ts';

/** +1 buys, -1 sells. */
export type Direction = 1 | -1;

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
interface Queue {
  price: Ticks;
  first: BookOrder | undefined;
  last: BookOrder | undefined;
  quantity: number;
}

/**
 * Result of a submitted order: `killed` is a FOK that could not fill, `expired` the rest of an IOC, `selfMatch` the rest of an
 * order that self-match prevention ended.
 */
export type Submission = 'resting' | 'filled' | 'expired' | 'killed' | 'wouldTake' | 'selfMatch';

export type MatchListener = (maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots) => void;

/** Two orders of one owner met and did not trade. The maker has left the book, unless only the taker is canceled. */
export type SelfMatchListener = (maker: BookOrder, taker: BookOrder) => void;

/** The matching of a market’s orders: by this engine, or against recorded data with a queue model. */
export type OrderMatching = Pick<MatchingEngine, 'book' | 'sequence' | 'submit' | 'remove' | 'shrink' | 'amend' | 'wouldTake' | 'firstAt'>;

const NO_LEAVES = lots(0);

/**
 * One instrument’s order book with price-time priority. The aggregated book also serves as the index of prices, so that no second
 * structure must be kept in sync. The listener may cancel or shrink resting orders while an order matches. Own code, because every result
 * depends on it and it must follow Bybit's rules to the lot; two independent engines agree with it on recorded orders (test/fixtures/golden).
 */
export class MatchingEngine {
  readonly book = new Book();
  readonly #bids = new Map<number, Queue>();
  readonly #asks = new Map<number, Queue>();
  /** Empty queues for reuse, because levels come and go all the time. */
  readonly #spare: Queue[] = [];
  readonly #onMatch: MatchListener;
  readonly #onSelfMatch: SelfMatchListener | undefined;
  #sequence = 0;

  constructor(onMatch: MatchListener, onSelfMatch?: SelfMatchListener) {
    this.#onMatch = onMatch;
    this.#onSelfMatch = onSelfMatch;
  }

  /** Grows with every change of the book. */
  get sequence(): number {
    return this.#sequence;
  }

  submit(order: BookOrder, timeInForce: TimeInForce): Submission {
    assert(order.leaves > 0 && order.queue === undefined, 'an order is submitted once, with a quantity');
    if (timeInForce === 'PostOnly' && this.wouldTake(order.direction, order.price)) return 'wouldTake';
    if (timeInForce === 'FOK' && !this.#canFill(order)) return 'killed';
    if (this.#match(order)) return 'selfMatch';
    if (order.leaves === 0) return 'filled';
    if (timeInForce === 'IOC' || timeInForce === 'FOK') return 'expired';
    this.#append(order);
    return 'resting';
  }

  /** Removes a resting order from the book; `leaves` is unchanged. */
  remove(order: BookOrder): void {
    const queue = order.queue;
    assert(queue !== undefined, 'only a resting order can be removed');
    queue.quantity -= order.leaves;
    this.#unlink(order, queue);
    this.#publish(order.direction, queue);
  }

  /** Reduces a resting order, which keeps its place in the queue. */
  shrink(order: BookOrder, leaves: Lots): void {
    const queue = order.queue;
    assert(queue !== undefined && leaves > 0 && leaves <= order.leaves, 'a resting order shrinks to a smaller quantity');
    queue.quantity += leaves - order.leaves;
    order.leaves = leaves;
    this.#publish(order.direction, queue);
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
    const best = this.#sideOf(opposite(direction)).price(0);
    return best !== undefined && (price - best) * direction >= 0;
  }

  /** The oldest order at a price; follow `behind` for the others. */
  firstAt(direction: Direction, price: Ticks): BookOrder | undefined {
    return this.#queuesOf(direction).get(price)?.first;
  }

  /** True when self-match prevention ended the taker. */
  #match(taker: BookOrder): boolean {
    const prevents = taker.selfMatch !== 'None';
    const makers = opposite(taker.direction);
    const side = this.#sideOf(makers);
    const queues = this.#queuesOf(makers);
    while (taker.leaves > 0) {
      const price = side.price(0);
      if (price === undefined || (taker.price - price) * taker.direction < 0) return false;
      const queue = queues.get(price);
      const maker = queue?.first;
      assert(queue !== undefined && maker !== undefined, 'every level has an order');
      if (prevents && maker.owner === taker.owner) {
        if (this.#prevent(maker, taker)) return true;
        continue;
      }
      const quantity = taker.leaves < maker.leaves ? taker.leaves : maker.leaves;
      taker.leaves = lots(taker.leaves - quantity);
      maker.leaves = lots(maker.leaves - quantity);
      queue.quantity -= quantity;
      if (maker.leaves === 0) this.#unlink(maker, queue);
      this.#publish(makers, queue);
      this.#onMatch(maker, taker, price, quantity);
    }
    return false;
  }

  /** True when the taker is canceled. */
  #prevent(maker: BookOrder, taker: BookOrder): boolean {
    const { selfMatch } = taker;
    if (selfMatch !== 'CancelTaker') this.remove(maker);
    this.#onSelfMatch?.(maker, taker);
    return selfMatch !== 'CancelMaker';
  }

  #canFill(order: BookOrder): boolean {
    if (order.selfMatch !== 'None') return this.#canFillFromOthers(order);
    const side = this.#sideOf(opposite(order.direction));
    let missing: number = order.leaves;
    for (let i = 0; i < side.length && missing > 0; i += 1) {
      const price = side.price(i);
      if (price === undefined || (order.price - price) * order.direction < 0) return false;
      missing -= side.quantity(i) ?? NO_LEAVES;
    }
    return missing <= 0;
  }

  /** Own orders do not count as liquidity: self-match prevention cancels them or ends the order. */
  #canFillFromOthers(order: BookOrder): boolean {
    const makers = opposite(order.direction);
    const side = this.#sideOf(makers);
    let missing: number = order.leaves;
    for (let i = 0; i < side.length; i += 1) {
      const price = side.price(i);
      if (price === undefined || (order.price - price) * order.direction < 0) return false;
      for (let maker = this.firstAt(makers, price); maker !== undefined; maker = maker.behind) {
        if (maker.owner !== order.owner) missing -= maker.leaves;
        else if (order.selfMatch !== 'CancelMaker') return false;
        if (missing <= 0) return true;
      }
    }
    return false;
  }

  #append(order: BookOrder): void {
    const queues = this.#queuesOf(order.direction);
    let queue = queues.get(order.price);
    if (queue === undefined) {
      queue = this.#spare.pop() ?? { price: order.price, first: undefined, last: undefined, quantity: 0 };
      queue.price = order.price;
      queues.set(order.price, queue);
    }
    order.selfMatch = 'None';
    order.queue = queue;
    order.ahead = queue.last;
    if (queue.last === undefined) queue.first = order;
    else queue.last.behind = order;
    queue.last = order;
    queue.quantity += order.leaves;
    this.#publish(order.direction, queue);
  }

  #unlink(order: BookOrder, queue: Queue): void {
    const { ahead, behind } = order;
    if (ahead === undefined) queue.first = behind;
    else ahead.behind = behind;
    if (behind === undefined) queue.last = ahead;
    else behind.ahead = ahead;
    order.queue = undefined;
    order.ahead = undefined;
    order.behind = undefined;
  }

  /** Updates the aggregated book after a change of a queue. */
  #publish(direction: Direction, queue: Queue): void {
    this.#sequence += 1;
    this.#sideOf(direction).set(queue.price, lots(queue.quantity));
    if (queue.first !== undefined) return;
    this.#queuesOf(direction).delete(queue.price);
    this.#spare.push(queue);
  }

  #sideOf(direction: Direction): BookSide {
    return direction === 1 ? this.book.bids : this.book.asks;
  }

  #queuesOf(direction: Direction): Map<number, Queue> {
    return direction === 1 ? this.#bids : this.#asks;
  }
}

function opposite(direction: Direction): Direction {
  return direction === 1 ? -1 : 1;
}
