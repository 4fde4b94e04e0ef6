import type { BookSide } from '../../model/book.ts';
import { lots, type Lots, type Ticks } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';
import { opposite, type BookOrder, type Direction, type Queue } from './book-order.ts';
import { OrderMatching, type MatchListener } from './order-matching.ts';

/** Two orders of one owner met and did not trade. The maker has left the book, unless only the taker is canceled. */
export type SelfMatchListener = (maker: BookOrder, taker: BookOrder) => void;

const NO_LEAVES = lots(0);

/**
 * One instrument’s order book with price-time priority. The aggregated book also serves as the index of prices, so that no second
 * structure must be kept in sync. The listener may cancel or shrink resting orders while an order matches. Own code, because every result
 * depends on it and it must follow Bybit's rules to the lot; two independent engines agree with it on recorded orders (test/fixtures/golden).
 */
export class MatchingEngine extends OrderMatching {
  readonly #bids = new Map<number, Queue>();
  readonly #asks = new Map<number, Queue>();
  /** Empty queues for reuse, because levels come and go all the time. */
  readonly #spare: Queue[] = [];
  readonly #onMatch: MatchListener;
  readonly #onSelfMatch: SelfMatchListener | undefined;
  #sequence = 0;

  constructor(onMatch: MatchListener, onSelfMatch?: SelfMatchListener) {
    super();
    this.#onMatch = onMatch;
    this.#onSelfMatch = onSelfMatch;
  }

  override get sequence(): number {
    return this.#sequence;
  }

  override remove(order: BookOrder): void {
    const queue = order.queue;
    assert(queue !== undefined, 'only a resting order can be removed');
    queue.quantity -= order.leaves;
    this.#unlink(order, queue);
    this.#publish(order.direction, queue);
  }

  override shrink(order: BookOrder, leaves: Lots): void {
    const queue = order.queue;
    assert(queue !== undefined && leaves > 0 && leaves <= order.leaves, 'a resting order shrinks to a smaller quantity');
    queue.quantity += leaves - order.leaves;
    order.leaves = leaves;
    this.#publish(order.direction, queue);
  }

  override firstAt(direction: Direction, price: Ticks): BookOrder | undefined {
    return this.#queuesOf(direction).get(price)?.first;
  }

  protected override match(taker: BookOrder): boolean {
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

  protected override canFill(order: BookOrder): boolean {
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

  protected override rest(order: BookOrder): void {
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
