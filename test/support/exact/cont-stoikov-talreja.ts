import { lots, ticks } from '../../../src/model/units.ts';
import { at } from '../../../src/util/array.ts';
import { assert } from '../../../src/util/assert.ts';
import { randomInt, type Random } from '../../../src/util/random.ts';
import { BookOrder, type Direction } from '../../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../../src/simulator/matching/matching-engine.ts';

/** Poisson rates of Cont, Stoikov and Talreja (2010) at the touches of a book one tick wide, for orders of one unit. */
export interface QueueRates {
  /** New limit orders of each touch: λ(1). */
  readonly limit: number;
  /** Market orders of each side: μ. */
  readonly market: number;
  /** Of each resting unit: θ(1). */
  readonly cancel: number;
}

/** Units at the best bid and at the best ask. */
export interface QueueSizes {
  readonly bid: number;
  readonly ask: number;
}

interface Run {
  readonly rates: QueueRates;
  readonly sizes: QueueSizes;
  readonly runs: number;
  readonly random: Random;
}

/** Share of the runs in which the mid goes up first: the ask queue empties before the bid queue. */
export function ratioOfMidUp({ rates, sizes, runs, random }: Run): number {
  const book = new QueueBook(rates, random);
  return ratioOf(runs, () => {
    book.start(sizes, false);
    while (!book.isOver) book.step();
    return book.count(-1) === 0;
  });
}

/** Share of the runs in which two orders of ours, the last of `sizes` in each queue, both trade before the mid moves. */
export function ratioOfBothFilled({ rates, sizes, runs, random }: Run): number {
  const book = new QueueBook(rates, random);
  return ratioOf(runs, () => {
    book.start(sizes, true);
    while (!book.isOver && !book.areOursFilled) book.step();
    return book.areOursFilled;
  });
}

const BID = ticks(1000);
const ASK = ticks(1001);
const ONE = lots(1);

/**
 * Both touches, as real orders in the queues of a matching engine: who is filled by a market order is the engine's decision.
 * What rests behind the touches cannot matter before the mid moves. Time is left out: the next event is all that counts.
 */
class QueueBook {
  readonly #rates: QueueRates;
  readonly #random: Random;
  readonly #engine = new MatchingEngine((maker) => this.#filled(maker));
  /** Resting orders of others, which may be canceled. */
  readonly #bids: BookOrder[] = [];
  readonly #asks: BookOrder[] = [];
  readonly #spare: BookOrder[] = [];
  readonly #ours = [new BookOrder(1, BID, ONE), new BookOrder(-1, ASK, ONE)] as const;
  readonly #taker = new BookOrder(1, ASK, ONE);

  constructor(rates: QueueRates, random: Random) {
    this.#rates = rates;
    this.#random = random;
  }

  /** `withOurs`: the last order of each queue is ours. */
  start({ bid, ask }: QueueSizes, withOurs: boolean): void {
    assert(bid >= 1 && ask >= 1, 'both queues start with an order');
    for (const order of this.#ours) if (order.queue !== undefined) this.#engine.remove(order);
    for (const others of [this.#bids, this.#asks]) while (others.length > 0) this.#cancel(others, others.length - 1);
    for (let i = withOurs ? 1 : 0; i < bid; i += 1) this.#join(1);
    for (let i = withOurs ? 1 : 0; i < ask; i += 1) this.#join(-1);
    if (withOurs) for (const order of this.#ours) this.#rest(order);
  }

  /** Of all orders at the touch. */
  count(direction: Direction): number {
    const [bid, ask] = this.#ours;
    const ours = direction === 1 ? bid : ask;
    return this.#othersOf(direction).length + (ours.queue === undefined ? 0 : 1);
  }

  /** The mid has moved. */
  get isOver(): boolean {
    return this.count(1) === 0 || this.count(-1) === 0;
  }

  get areOursFilled(): boolean {
    return this.#ours.every(({ leaves }) => leaves === 0);
  }

  step(): void {
    const { limit, market, cancel } = this.#rates;
    const canceled = cancel * (this.#bids.length + this.#asks.length);
    const draw = this.#random.uniform() * (2 * (limit + market) + canceled);
    if (draw < limit) this.#join(1);
    else if (draw < 2 * limit) this.#join(-1);
    else if (draw < 2 * limit + market) this.#take(1);
    else if (draw < 2 * (limit + market)) this.#take(-1);
    else this.#cancelAny();
  }

  #join(direction: Direction): void {
    const order = this.#spare.pop() ?? new BookOrder(direction, BID, ONE);
    order.direction = direction;
    order.price = direction === 1 ? BID : ASK;
    this.#othersOf(direction).push(order);
    this.#rest(order);
  }

  #rest(order: BookOrder): void {
    order.leaves = ONE;
    this.#engine.submit(order, 'GTC');
  }

  #take(direction: Direction): void {
    this.#taker.direction = direction;
    this.#taker.price = direction === 1 ? ASK : BID;
    this.#taker.leaves = ONE;
    this.#engine.submit(this.#taker, 'IOC');
  }

  #cancelAny(): void {
    const index = randomInt(this.#random, this.#bids.length + this.#asks.length);
    if (index < this.#bids.length) this.#cancel(this.#bids, index);
    else this.#cancel(this.#asks, index - this.#bids.length);
  }

  #cancel(others: BookOrder[], index: number): void {
    this.#engine.remove(at(others, index));
    this.#forget(others, index);
  }

  #filled(maker: BookOrder): void {
    const others = this.#othersOf(maker.direction);
    const index = others.indexOf(maker);
    if (index >= 0) this.#forget(others, index);
  }

  #forget(others: BookOrder[], index: number): void {
    const order = at(others, index);
    others[index] = at(others, others.length - 1);
    others.pop();
    this.#spare.push(order);
  }

  #othersOf(direction: Direction): BookOrder[] {
    return direction === 1 ? this.#bids : this.#asks;
  }
}

function ratioOf(runs: number, isSuccess: () => boolean): number {
  let successes = 0;
  for (let i = 0; i < runs; i += 1) if (isSuccess()) successes += 1;
  return successes / runs;
}
