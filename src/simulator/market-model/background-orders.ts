import { lots, ticks, type Lots, type Ticks } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import { randomInt, type Random } from '../../util/random.ts';
import { BookOrder, type Direction } from '../matching/book-order.ts';
import type { OrderMatching } from '../matching/order-matching.ts';

/** An order of the background flow; it returns to its pool when it leaves the book. */
export class BackgroundOrder extends BookOrder {
  readonly #pool: BackgroundOrders;
  /** Its index in the pool while it rests. */
  slot = 0;

  constructor(pool: BackgroundOrders) {
    super(1, ticks(1), lots(0));
    this.#pool = pool;
  }

  /** To be called when it was filled. */
  release(): void {
    this.#pool.release(this);
  }
}

/** The resting orders of the background flow in one book. The objects are reused, so that it creates no garbage. */
export class BackgroundOrders {
  readonly #engine: OrderMatching;
  readonly #random: Random;
  readonly #bids: BackgroundOrder[] = [];
  readonly #asks: BackgroundOrder[] = [];
  readonly #spare: BackgroundOrder[] = [];

  constructor(engine: OrderMatching, random: Random) {
    this.#engine = engine;
    this.#random = random;
  }

  count(direction: Direction): number {
    return this.#restingOf(direction).length;
  }

  /** `price` must not cross. */
  place(direction: Direction, price: Ticks, quantity: Lots): void {
    const order = this.#spare.pop() ?? new BackgroundOrder(this);
    order.direction = direction;
    order.price = price;
    order.leaves = quantity;
    order.slot = this.#restingOf(direction).push(order) - 1;
    if (this.#engine.submit(order, 'PostOnly') !== 'resting') this.release(order);
  }

  cancelAny(direction: Direction): void {
    const resting = this.#restingOf(direction);
    const order = resting[randomInt(this.#random, resting.length)];
    if (order !== undefined) this.#cancel(order);
  }

  /** Cancels all of these orders at a price. */
  cancelAt(direction: Direction, price: Ticks): void {
    let order = this.#engine.firstAt(direction, price);
    while (order !== undefined) {
      const { behind } = order;
      if (order instanceof BackgroundOrder) this.#cancel(order);
      order = behind;
    }
  }

  release(order: BackgroundOrder): void {
    const resting = this.#restingOf(order.direction);
    const last = at(resting, resting.length - 1);
    resting[order.slot] = last;
    last.slot = order.slot;
    resting.pop();
    this.#spare.push(order);
  }

  #cancel(order: BackgroundOrder): void {
    this.#engine.remove(order);
    this.release(order);
  }

  #restingOf(direction: Direction): BackgroundOrder[] {
    return direction === 1 ? this.#bids : this.#asks;
  }
}
