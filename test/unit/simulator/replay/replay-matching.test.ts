import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../../src/model/units.ts';
import { queueModelOf } from '../../../../src/simulator/replay/queue-models.ts';
import { defined } from '../../../../src/util/assert.ts';
import { recordedMarket } from './matchings.ts';

/** Bids 100 x 10, 99 x 20; asks 101 x 10, 102 x 20. */
function market() {
  const made = recordedMarket();
  made.snapshot(
    [
      [100, 10],
      [99, 20],
    ],
    [
      [101, 10],
      [102, 20],
    ],
  );
  return made;
}

describe('a taker in a recorded market', () => {
  it('walks the displayed levels at their prices and leaves the recorded book alone', () => {
    const { matching, order, fills } = market();
    expect(matching.submit(order('buy', 102, 15), 'IOC')).toBe('filled');
    expect(fills).toMatchObject([
      { price: 101, quantity: 10, isMaker: false },
      { price: 102, quantity: 5, isMaker: false },
    ]);
    expect(matching.book.asks.quantityAt(ticks(101))).toBe(10);
  });

  it('never gets the same displayed quantity twice, until the level changes', () => {
    const made = market();
    const first = made.order('buy', 101, 8);
    expect(made.matching.submit(first, 'IOC')).toBe('filled');
    const second = made.order('buy', 101, 8);
    expect(made.matching.submit(second, 'IOC')).toBe('expired');
    expect(made.takeFills(second)).toBe(2);
    made.change([[100, 11]], []);
    expect(made.matching.submit(made.order('buy', 101, 1), 'IOC')).toBe('expired');
    made.change([], [[101, 9]]);
    const third = made.order('buy', 101, 9);
    expect(made.matching.submit(third, 'IOC')).toBe('filled');
  });

  it('keeps its queue position at a level that a snapshot repeats unchanged', () => {
    const made = market();
    made.matching.submit(made.order('sell', 100, 10), 'IOC');
    made.snapshot([[100, 10]], [[101, 10]]);
    expect(made.matching.submit(made.order('sell', 100, 1), 'IOC')).toBe('expired');
  });

  it('is killed whole as FOK, and refused as PostOnly, by what is displayed', () => {
    const { matching, order, fills } = market();
    expect(matching.submit(order('buy', 102, 31), 'FOK')).toBe('killed');
    expect(matching.submit(order('buy', 101, 1), 'PostOnly')).toBe('wouldTake');
    expect(fills).toEqual([]);
    expect(matching.submit(order('buy', 102, 30), 'FOK')).toBe('filled');
    expect(matching.submit(order('buy', 101, 1), 'FOK')).toBe('killed');
  });

  it('rests with the remaining quantity, and trades at its own price with the next order shown there', () => {
    const made = market();
    const order = made.order('buy', 101, 15);
    expect(made.matching.submit(order, 'GTC')).toBe('resting');
    expect(made.takeFills(order)).toBe(10);
    made.change([], [[101, 3]]);
    expect(made.fills).toMatchObject([{ price: 101, quantity: 3, isMaker: true }]);
    made.change([], [[101, 3]]);
    expect(order.leaves).toBe(2);
  });
});

describe('a resting order in a recorded market', () => {
  it('fills wholly when a trade goes through its price', () => {
    const made = market();
    const order = made.order('buy', 100, 50);
    made.matching.submit(order, 'PostOnly');
    made.trade('sell', 99, 1);
    expect(made.fills).toMatchObject([{ price: 100, quantity: 50, isMaker: true }]);
  });

  it('shares the excess of a trade with the other orders at its price, oldest first', () => {
    const made = market();
    const [first, second] = [made.order('sell', 101, 3), made.order('sell', 101, 3)];
    for (const order of [first, second]) made.matching.submit(order, 'PostOnly');
    made.trade('buy', 101, 14);
    expect([made.takeFills(first), made.takeFills(second)]).toEqual([3, 1]);
  });

  it('keeps its place when it shrinks, and loses it when it grows or moves', () => {
    const made = market();
    const order = made.order('buy', 100, 5);
    made.matching.submit(order, 'GTC');
    made.trade('sell', 100, 10);
    expect(made.matching.amend(order, ticks(100), lots(4))).toBe('resting');
    made.trade('sell', 100, 1);
    expect(made.takeFills(order)).toBe(1);
    made.matching.amend(order, ticks(100), lots(5));
    made.trade('sell', 100, 10);
    expect(made.takeFills(order)).toBe(0);
    made.matching.amend(order, ticks(99), lots(5));
    made.trade('sell', 99, 20);
    expect(made.takeFills(order)).toBe(0);
  });

  it('knows nothing of the queue beyond the depth of the recording until its level comes in sight', () => {
    const made = recordedMarket();
    made.snapshot([[100, 10]], [[101, 10]], 1);
    const order = made.order('buy', 98, 5);
    made.matching.submit(order, 'GTC');
    made.trade('sell', 98, 100);
    expect(made.takeFills(order)).toBe(0);
    made.change(
      [
        [100, 0],
        [98, 7],
      ],
      [],
      1,
    );
    made.trade('sell', 98, 8);
    expect(made.takeFills(order)).toBe(1);
  });

  it('stays where it is in the queue when its level drops out of the depth, which is not the end of the level', () => {
    const made = recordedMarket();
    made.snapshot([[100, 10]], [[102, 10]], 1);
    const order = made.order('buy', 100, 5);
    made.matching.submit(order, 'GTC');
    made.change(
      [
        [101, 1],
        [100, 0],
      ],
      [],
      1,
    );
    made.trade('sell', 100, 9);
    expect(made.takeFills(order)).toBe(0);
  });

  it('leaves the market when it is canceled, and another client cannot meet it', () => {
    const made = market();
    const own = made.order('buy', 100, 5);
    made.matching.submit(own, 'GTC');
    expect(made.matching.submit(made.order('sell', 100, 12), 'IOC')).toBe('expired');
    expect(made.takeFills(own)).toBe(0);
    made.matching.remove(own);
    made.trade('sell', 90, 1000);
    expect(made.takeFills(own)).toBe(0);
  });

  it('may be canceled by what the fill of another one sets off', () => {
    const made = market();
    const [first, second] = [made.order('buy', 100, 5), made.order('buy', 100, 5)];
    made.matching.submit(first, 'GTC');
    made.matching.submit(second, 'GTC');
    const push = made.fills.push.bind(made.fills);
    made.fills.push = (...fill) => {
      made.matching.remove(second);
      return push(...fill);
    };
    made.trade('sell', 100, 30);
    expect(made.takeFills(first)).toBe(5);
    expect(made.takeFills(second)).toBe(0);
  });

  it('fills as soon under every model when nobody is ahead', () => {
    for (const name of ['trade', 'risk-averse', 'probability', 'probability:log', 'probability:power3-v3']) {
      const made = recordedMarket(defined(queueModelOf(name), name));
      made.snapshot([[99, 10]], [[102, 10]]);
      const order = made.order('buy', 100, 5);
      made.matching.submit(order, 'GTC');
      made.trade('sell', 100, 3);
      expect(made.takeFills(order)).toBe(3);
    }
  });

  it.each([
    '',
    'trades',
    'probability:',
    'probability:power',
    'probability:power0',
    'probability:log3',
    'trade:log',
    'power2',
    'risk_averse',
  ])('has no queue model named %j', (name) => expect(queueModelOf(name)).toBeUndefined());
});

describe('for all recorded markets', () => {
  const price = fc.integer({ min: 95, max: 106 });
  const quantity = fc.integer({ min: 1, max: 40 });
  const side = fc.constantFrom('buy' as const, 'sell' as const);
  const step = fc.oneof(
    fc.record({ type: fc.constant('trade' as const), side, price, quantity }),
    fc.record({ type: fc.constant('level' as const), side, price, quantity: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ type: fc.constant('place' as const), side, price, quantity, tif: fc.constantFrom('GTC' as const, 'IOC' as const) }),
  );

  it.each(['trade', 'risk-averse', 'probability:power2', 'probability:log'])(
    'no client gets more than its order, nor all together more at a price than a trade had (%s)',
    (name) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const made = recordedMarket(defined(queueModelOf(name), name));
          made.snapshot([[99, 10]], [[102, 10]]);
          const placed = new Map<object, number>();
          for (const each of steps) {
            const { bids, asks } = made.matching.book;
            if (each.type === 'place') {
              const order = made.order(each.side, each.price, each.quantity);
              placed.set(order, each.quantity);
              made.matching.submit(order, each.tif);
            } else if (each.type === 'trade') {
              const before = made.fills.length;
              made.trade(each.side, each.price, each.quantity);
              const here = made.fills.slice(before).filter((fill) => fill.price === each.price);
              expect(here.reduce((sum, fill) => sum + fill.quantity, 0)).toBeLessThanOrEqual(each.quantity);
            } else if (
              each.side === 'buy'
                ? each.price < (asks.length > 0 ? (asks.price(0) ?? 0) : 999)
                : each.price > (bids.length > 0 ? (bids.price(0) ?? 0) : 0)
            )
              made.change(
                each.side === 'buy' ? [[each.price, each.quantity]] : [],
                each.side === 'sell' ? [[each.price, each.quantity]] : [],
              );
          }
          for (const [order, asked] of placed) {
            const own = made.fills.filter((fill) => fill.order === order);
            const filled = own.reduce((sum, fill) => sum + fill.quantity, 0);
            if (own[0] !== undefined) expect(filled + own[0].order.leaves).toBe(asked);
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
