import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrderStore } from '../../../src/execution/order-store.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { fillOf, newOrder, reportOf } from '../../support/builders.ts';

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
