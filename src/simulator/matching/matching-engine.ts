import { Book, type BookSide } from '../../model/book.ts';
import { lots, type Lots, type Ticks } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';
import type { SelfMatch, TimeInForce } from '../venue.ts';

/** +1 buys, -1 sells. */
export type Direction = 1 | -1;

/** Owner of the orders that are nobody's in particular. */
const NOBODY = -1;

/** An order as the book sees it. Whoever submits it owns the object and may use it again once it is out of the book. */
export class BookOrder {
  direction: Direction;
  price: Ticks;
  /** Not filled yet. */
  leaves: Lots;
  owner = NOBODY;
  /** Of an incoming order: once it rests, it is void. */
  selfMatch: SelfMatch = 'None';
  /** Set while it rests. */
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
 * What became of a submitted order: `killed` is a FOK that could not fill, `expired` what an IOC left over, `selfMatch` what
 * self-match prevention left over.
 */
export type Submission = 'resting' | 'filled' | 'expired' | 'killed' | 'wouldTake' | 'selfMatch';

export type MatchListener = (maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots) => void;

/** Two orders of one owner met and did not trade. The maker is out of the book, unless only the taker is canceled. */
export type SelfMatchListener = (maker: BookOrder, taker: BookOrder) => void;

/** What a market asks of whatever matches its orders: this engine, or a recording with a queue model. */
export type OrderMatching = Pick<MatchingEngine, 'book' | 'sequence' | 'submit' | 'remove' | 'shrink' | 'amend' | 'wouldTake' | 'firstAt'>;

const NO_LEAVES = lots(0);

/**
 * One instrument's book under price-time priority. The aggregated book is also its index of prices: there is no second
 * structure to keep in step. The listener may cancel or shrink resting orders while an order matches.
 */
export class MatchingEngine {
  readonly book = new Book();
  readonly #bids = new Map<number, Queue>();
  readonly #asks = new Map<number, Queue>();
  /** Empty ones, to be used again: levels come and go all the time. */
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

  /** Takes a resting order out of the book; `leaves` stays as it was. */
  remove(order: BookOrder): void {
    const queue = order.queue;
    assert(queue !== undefined, 'only a resting order can be removed');
    queue.quantity -= order.leaves;
    this.#unlink(order, queue);
    this.#publish(order.direction, queue);
  }

  /** Less of a resting order, in its place. */
  shrink(order: BookOrder, leaves: Lots): void {
    const queue = order.queue;
    assert(queue !== undefined && leaves > 0 && leaves <= order.leaves, 'a resting order shrinks to a smaller quantity');
    queue.quantity += leaves - order.leaves;
    order.leaves = leaves;
    this.#publish(order.direction, queue);
  }

  /** New terms for a resting order. Less at the same price keeps its place; anything else goes to the back, and may match. */
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

  /** The oldest order at a price; follow `behind` for the rest. */
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

  /** Own orders in the way are no liquidity: they are canceled, or they end the order. */
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

  /** Brings the aggregated book in step with a queue that changed. */
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
