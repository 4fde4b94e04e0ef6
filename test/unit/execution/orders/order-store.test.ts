import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import type { OrderReport } from '../../../../src/model/order.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../../src/model/units.ts';
import { fillOf, newOrder, positionOf, reportOf } from '../../../support/builders/builders.ts';

describe('order store', () => {
  test('a client order id is never used twice', () => {
    const store = new OrderStore();
    store.intend(newOrder(), 0);
    expect(() => store.intend(newOrder(), 1)).toThrow('was used before');
  });

  test('a fill that arrives before the ack, twice, and by two paths counts once', () => {
    const store = new OrderStore();
    const order = newOrder();
    store.intend(order, 0);
    expect(store.fill(fillOf(order, 'f1', 4), 1).isNew).toBe(true);
    expect(store.fill(fillOf(order, 'f1', 4), 2).isNew).toBe(false);
    store.apply(order.clientOrderId, { type: 'acknowledged', exchangeOrderId: 'x-mm-t-1' }, 3);
    expect(store.get(order.clientOrderId)?.filled).toBe(4);
    expect(store.position('BTCUSDT').quantity).toBe(4);
  });

  test('the list of live orders is the same object until one of them changes, and a list that was handed out never changes', () => {
    const store = new OrderStore();
    const order = newOrder();
    store.intend(order, 0);
    const pending = store.live(order.symbol);
    expect(store.live(order.symbol)).toBe(pending);
    store.report(reportOf(order), 1);
    const open = store.live(order.symbol);
    expect(open).not.toBe(pending);
    expect(open.map(({ state }) => state.tag)).toEqual(['open']);
    store.report(reportOf(order, { status: 'canceled' }), 2);
    expect(store.live(order.symbol)).toEqual([]);
    expect([pending.length, open.length]).toEqual([1, 1]);
  });

  test('any order of arrival of ack, rows and fills ends in the same order and position', () => {
    const order = newOrder({ quantity: lots(10) });
    const events: ((store: OrderStore) => void)[] = [
      (store) => store.apply(order.clientOrderId, { type: 'acknowledged', exchangeOrderId: 'x-mm-t-1' }, 1),
      (store) => store.report(reportOf(order), 1),
      (store) => store.report(reportOf(order, { filled: lots(4) }), 1),
      (store) => store.fill(fillOf(order, 'f1', 4, { fee: atoms(7) }), 1),
      (store) => store.fill(fillOf(order, 'f2', 6, { fee: atoms(9) }), 1),
      (store) => store.report(reportOf(order, { filled: lots(10), status: 'filled' }), 1),
      (store) => store.report(reportOf(order, { filled: lots(10), status: 'filled', reason: 'EC_OrigClOrdIDDoesNotExist' }), 1),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        const store = new OrderStore();
        store.intend(order, 0);
        for (const event of shuffled) event(store);
        expect(store.get(order.clientOrderId)).toMatchObject({ state: { tag: 'filled' }, filled: 10 });
        expect(store.position('BTCUSDT')).toMatchObject({ quantity: 10, cost: 6_000_000, fees: 16 });
        expect(store.live()).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('funding that comes by two paths is paid once, and leaves quantity and cost alone', () => {
    const store = new OrderStore();
    store.fill(fillOf(newOrder(), 'f1', 3), 0);
    const payment = { paymentId: 'p1', symbol: 'BTCUSDT', amount: atoms(-25), at: 1 };
    expect(store.funding(payment)).toMatchObject({ isNew: true, position: { quantity: 3, funding: -25 } });
    expect(store.funding(payment)).toMatchObject({ isNew: false, position: { quantity: 3, funding: -25 } });
    store.fill(fillOf(newOrder(), 'f2', 3), 2);
    expect(store.position('BTCUSDT')).toMatchObject({ quantity: 6, cost: 3_600_000, funding: -25 });
  });

  test('executions correct an order that was reported canceled', () => {
    const store = new OrderStore();
    const order = newOrder();
    store.intend(order, 0);
    store.report(reportOf(order, { status: 'canceled', reason: 'CancelByUser' }), 1);
    store.fill(fillOf(order, 'f1', 10), 2);
    expect(store.get(order.clientOrderId)?.state.tag).toBe('filled');
  });

  test('a foreign fill moves the position and no order', () => {
    const store = new OrderStore();
    const { order, position } = store.fill(fillOf(newOrder({ clientOrderId: 'manual' }), 'f1', 3), 0);
    expect(order).toBeUndefined();
    expect(position.quantity).toBe(3);
  });

  test('knows an order by the exchange’s id when a fill has no id of ours', () => {
    const store = new OrderStore();
    const order = newOrder();
    store.intend(order, 0);
    store.report(reportOf(order), 1);
    store.fill(fillOf(order, 'f1', 4, { clientOrderId: '' }), 2);
    expect(store.get(order.clientOrderId)?.filled).toBe(4);
  });

  test('forgets the oldest of what is closed, never what is live, and the oldest fills', () => {
    const store = new OrderStore();
    const place = (clientOrderId: string): void => void store.intend(newOrder({ clientOrderId }), 0);
    place('live');
    for (let i = 0; i < 45_000; i += 1) {
      place(`closed-${i}`);
      store.apply(`closed-${i}`, { type: 'refused', reason: 'no' }, 0);
    }
    expect([store.get('closed-0'), store.get('live')?.state.tag, store.get('closed-44999')?.state.tag]).toEqual([
      undefined,
      'pending',
      'rejected',
    ]);
    const order = newOrder({ clientOrderId: 'live' });
    for (let i = 0; i <= 100_000; i += 1) store.knowFill(`fill-${i}`);
    expect(store.fill(fillOf(order, 'fill-100000', 1), 0).isNew).toBe(false);
    expect(store.fill(fillOf(order, 'fill-1', 1), 0).isNew).toBe(false);
    expect(store.fill(fillOf(order, 'fill-0', 1), 0).isNew).toBe(true);
  });

  test('what stopped being live is no longer listed, but still known', () => {
    const store = new OrderStore();
    const order = newOrder({ price: ticks(1) });
    store.intend(order, 0);
    expect(store.live('BTCUSDT')).toHaveLength(1);
    store.apply(order.clientOrderId, { type: 'refused', reason: 'rejected' }, 1);
    expect(store.live('BTCUSDT')).toEqual([]);
    expect(store.get(order.clientOrderId)?.state).toEqual({ tag: 'rejected', reason: 'rejected' });
  });
});

describe('what may be held', () => {
  const SYMBOL = 'BTCUSDT';

  function storeWith(...orders: ReturnType<typeof newOrder>[]): OrderStore {
    const store = new OrderStore();
    for (const order of orders) {
      store.intend(order, 0);
      store.report(reportOf(order), 0);
    }
    return store;
  }
  const heldIn = (store: OrderStore): readonly number[] => [store.held(SYMBOL).low, store.held(SYMBOL).high];
  const BUY = newOrder({ clientOrderId: 'mm-b', quantity: lots(10) });
  const SELL = newOrder({ clientOrderId: 'mm-s', side: 'sell', quantity: lots(10) });

  test('is the position while all sources agree', () => {
    const store = storeWith(BUY);
    store.report(reportOf(BUY, { filled: lots(4) }), 1);
    store.fill(fillOf(BUY, 'f1', 4, { sequence: 7 }), 1);
    store.hear(positionOf(4, { sequence: 7 }));
    expect([heldIn(store), store.differs(SYMBOL)]).toEqual([[4, 4], false]);
  });

  test.each<[string, Partial<OrderReport>, number]>([
    ['a row that shows it partly filled', { filled: lots(4) }, 4],
    ['one that shows it filled', { filled: lots(10), status: 'filled' }, 10],
    ['one that says filled and not how much', { status: 'filled' }, 10],
    ['one that shows it canceled after a part', { filled: lots(3), status: 'canceled' }, 3],
  ])('counts what no execution has shown yet: %s', (_, terms, missing) => {
    const store = storeWith(BUY, SELL);
    store.report(reportOf(BUY, terms), 1);
    expect(heldIn(store)).toEqual([0, missing]);
    store.report(reportOf(SELL, terms), 1);
    expect(heldIn(store)).toEqual([-missing, missing]);
    store.fill(fillOf(BUY, 'f1', missing), 2);
    store.fill(fillOf(SELL, 'f2', missing), 2);
    expect([heldIn(store), store.differs(SYMBOL)]).toEqual([[0, 0], false]);
  });

  test('counts what the exchange says of the position and no execution has shown', () => {
    const store = storeWith(BUY);
    store.fill(fillOf(BUY, 'f1', 2, { sequence: 7 }), 1);
    store.hear(positionOf(5, { sequence: 8 }));
    expect(heldIn(store)).toEqual([2, 5]);
    // An execution newer than the reported position is added to it.
    store.fill(fillOf(BUY, 'f3', 1, { sequence: 9 }), 1);
    expect(heldIn(store)).toEqual([3, 6]);
    store.fill(fillOf(BUY, 'f2', 3, { sequence: 8 }), 1);
    expect(heldIn(store)).toEqual([6, 6]);
  });

  test('is not moved by a word on the position that is older than the last one', () => {
    const store = storeWith(BUY);
    store.fill(fillOf(BUY, 'f1', 2, { sequence: 7 }), 1);
    store.hear(positionOf(2, { sequence: 7 }));
    store.hear(positionOf(-9, { sequence: 6 }));
    expect(heldIn(store)).toEqual([2, 2]);
  });

  test('tells an old word on the position from a new one by time where there is no sequence, and believes none without both', () => {
    const store = storeWith(BUY);
    store.fill(fillOf(BUY, 'f1', 2, { at: 100 }), 1);
    store.hear(positionOf(9));
    expect(heldIn(store)).toEqual([2, 2]);
    store.hear(positionOf(0, { updatedAt: 50 }));
    expect(heldIn(store)).toEqual([2, 2]);
    store.hear(positionOf(3, { updatedAt: 120 }));
    expect(heldIn(store)).toEqual([2, 3]);
  });

  test('counts one execution once, whichever sources show it and in whatever order', () => {
    const events: ((store: OrderStore) => void)[] = [
      (store) => store.report(reportOf(BUY, { filled: lots(4), updatedAt: 1 }), 1),
      (store) => store.fill(fillOf(BUY, 'f1', 4, { sequence: 7 }), 1),
      (store) => store.hear(positionOf(4, { sequence: 7 })),
      (store) => store.report(reportOf(BUY, { filled: lots(10), status: 'filled', updatedAt: 2 }), 1),
      (store) => store.fill(fillOf(BUY, 'f2', 6, { sequence: 8, clientOrderId: '' }), 1),
      (store) => store.hear(positionOf(10, { sequence: 8 })),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: 1 }), (shown) => {
        const store = new OrderStore();
        store.intend(BUY, 0);
        for (const event of shown) event(store);
        const { low, high } = store.held(SYMBOL);
        const open = store.live(SYMBOL).reduce((sum, order) => sum + order.quantity - order.filled, 0);
        expect(low).toBeGreaterThanOrEqual(0);
        // Everything that was or may have been executed counts.
        expect(high + open).toBeGreaterThanOrEqual(10);
        if (shown.length < events.length) return;
        expect([low, high, open]).toEqual([10, 10, 0]);
      }),
      { numRuns: 1000 },
    );
  });

  test('an execution that arrives before its order is known counts for the order as soon as it is', () => {
    const store = new OrderStore();
    store.intend(BUY, 0);
    store.fill(fillOf(BUY, 'f1', 4, { clientOrderId: '' }), 1);
    expect([store.get('mm-b')?.filled, heldIn(store)]).toEqual([0, [4, 4]]);
    store.report(reportOf(BUY, { filled: lots(4) }), 2);
    expect([store.get('mm-b')?.filled, heldIn(store)]).toEqual([4, [4, 4]]);
  });

  test('a position that it starts from has the executions up to it in it, and no other', () => {
    const store = new OrderStore();
    store.fill(fillOf(newOrder({ clientOrderId: 'old' }), 'f1', 5, { sequence: 7 }), 1);
    store.fill(fillOf(newOrder({ clientOrderId: 'old' }), 'f3', 2, { sequence: 9 }), 1);
    store.startFrom(SYMBOL, { ...FLAT, quantity: lots(50) }, positionOf(50, { sequence: 8 }));
    expect(store.position(SYMBOL).quantity).toBe(52);
    expect(store.fill(fillOf(newOrder({ clientOrderId: 'old' }), 'f2', 3, { sequence: 8 }), 2).isNew).toBe(false);
    expect(store.position(SYMBOL).quantity).toBe(52);
    expect([store.heldLately(SYMBOL, lots(0), 2), store.heldLately(SYMBOL, lots(7), 2)]).toEqual([false, false]);
  });
});

test.each([
  ['rests', false],
  ['has ended after that', true],
])('an order that was taken for never accepted and %s is no trouble when many others have ended', (_, hasEnded) => {
  const store = new OrderStore();
  const order = newOrder({ clientOrderId: 'mm-t-late' });
  store.intend(order, 0);
  store.apply(order.clientOrderId, { type: 'neverAccepted' }, 0);
  store.report(reportOf(order, { updatedAt: 1 }), 1);
  if (hasEnded) store.report(reportOf(order, { status: 'canceled', updatedAt: 2 }), 2);
  for (let i = 0; i < 45_000; i += 1) {
    store.intend(newOrder({ clientOrderId: `mm-t-${i}` }), 3);
    store.apply(`mm-t-${i}`, { type: 'refused', reason: 'rejected' }, 3);
  }
  expect(store.live().map(({ clientOrderId }) => clientOrderId)).toEqual(hasEnded ? [] : ['mm-t-late']);
  expect(store.get('mm-t-late') === undefined).toBe(hasEnded);
});
