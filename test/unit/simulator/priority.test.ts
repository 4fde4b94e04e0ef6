import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/model/units.ts';
import { BookOrder } from '../../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../../src/simulator/matching/matching-engine.ts';
import type { SelfMatch, TimeInForce } from '../../../src/simulator/venue/requests.ts';
import { NaiveBook, type NaiveOrder } from './naive-book.ts';

const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      side: fc.constantFrom(1 as const, -1 as const),
      owner: fc.nat(2),
      price,
      quantity,
      timeInForce: fc.constantFrom<TimeInForce>('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'PostOnly'),
      selfMatch: fc.constantFrom<SelfMatch>('None', 'None', 'CancelMaker', 'CancelTaker', 'CancelBoth'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('amend' as const), pick: fc.nat(), price, quantity }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat() }) },
);

/** The same commands to the engine and to the naive book, with what both said about it. */
class Twins {
  readonly naive = new NaiveBook();
  readonly trades: unknown[] = [];
  readonly prevented: unknown[] = [];
  readonly outcomes: unknown[] = [];
  readonly naiveOutcomes: unknown[] = [];
  readonly engine: MatchingEngine;
  readonly #orders: BookOrder[] = [];

  constructor() {
    this.engine = new MatchingEngine(
      (maker, taker, at, size) => this.trades.push([this.#idOf(taker), this.#idOf(maker), at, size]),
      (maker, taker) => this.prevented.push([this.#idOf(taker), this.#idOf(maker)]),
    );
  }

  run(each: typeof command extends fc.Arbitrary<infer T> ? T : never): void {
    if (each.kind === 'place') return this.#place(each);
    const picked = this.naive.resting[each.pick % Math.max(1, this.naive.resting.length)];
    const order = picked === undefined ? undefined : this.#orders[picked.id];
    if (picked === undefined || order === undefined) return;
    if (each.kind === 'cancel') {
      this.naive.cancel(picked);
      this.engine.remove(order);
    } else {
      this.naive.amend(picked, each.price, each.quantity);
      this.engine.amend(order, ticks(each.price), lots(each.quantity));
    }
  }

  /** Price, order ids with what is left, best and oldest first. */
  queues(side: 1 | -1): unknown[] {
    const { bids, asks } = this.engine.book;
    const levels = side === 1 ? bids : asks;
    return Array.from({ length: levels.length }, (_, index) => {
      const at = levels.price(index) ?? ticks(0);
      const queue: unknown[] = [];
      for (let order = this.engine.firstAt(side, at); order !== undefined; order = order.behind)
        queue.push([this.#idOf(order), order.leaves]);
      return [at, levels.quantity(index), queue];
    });
  }

  naiveQueues(side: 1 | -1): unknown[] {
    const resting = this.naive.resting.filter((order) => order.side === side);
    const prices = [...new Set(resting.map((order) => order.price))].sort((a, b) => (b - a) * side);
    return prices.map((at) => {
      const level = resting.filter((order) => order.price === at);
      return [at, level.reduce((sum, { leaves }) => sum + leaves, 0), level.map(({ id, leaves }) => [id, leaves])];
    });
  }

  #place({
    side,
    owner,
    price: at,
    quantity: size,
    timeInForce,
    selfMatch,
  }: Extract<Parameters<Twins['run']>[0], { kind: 'place' }>): void {
    const id = this.#orders.length;
    const naive: NaiveOrder = { id, owner, side, price: at, leaves: size };
    const order = new BookOrder(side, ticks(at), lots(size));
    order.owner = owner;
    order.selfMatch = selfMatch;
    this.#orders.push(order);
    const outcome = this.engine.submit(order, timeInForce);
    this.outcomes.push([outcome, order.leaves]);
    this.naiveOutcomes.push([this.naive.place(naive, timeInForce, selfMatch), naive.leaves]);
  }

  #idOf(order: BookOrder): number {
    return this.#orders.indexOf(order);
  }
}

describe('price-time priority', () => {
  it('is that of a naive book, trade by trade and queue by queue, with self-match prevention', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120, size: 'max' }), (commands) => {
        const twins = new Twins();
        for (const each of commands) {
          twins.run(each);
          expect(twins.engine.book.isCrossed).toBe(false);
        }
        expect(twins.outcomes).toEqual(twins.naiveOutcomes);
        expect(twins.trades).toEqual(twins.naive.trades);
        expect(twins.prevented).toEqual(twins.naive.prevented);
        for (const side of [1, -1] as const) expect(twins.queues(side)).toEqual(twins.naiveQueues(side));
      }),
      { numRuns: 200 },
    );
  });
});
