import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { touchOf } from '../../../src/model/book.ts';
import { isLive, openQuantity, sign, transition, type NewOrder, type Order, type Side } from '../../../src/model/order.ts';
import { exactly } from '../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { check, type GateContext } from '../../../src/risk/gate.ts';
import { ACTIVE } from '../../../src/risk/trading-state.ts';
import { defined } from '../../../src/util/assert.ts';
import { BTC, bookOf, newOrder, openOrder } from '../../support/builders/builders.ts';

const { risk } = resolve({}).settings;
const TOUCH = defined(touchOf(bookOf([[599_999, 100]], [[600_001, 100]])), 'touch');

function context(terms: Partial<GateContext> = {}): GateContext {
  return {
    instrument: BTC,
    touch: TOUCH,
    markPrice: ticks(600_000),
    held: exactly(lots(0)),
    orders: [],
    trading: ACTIVE,
    ordersToday: 0,
    accountOpenOrders: 0,
    accountOpenNotional: atoms(0),
    limits: risk,
    ...terms,
  };
}

const reasonFor = (order: Partial<NewOrder>, terms: Partial<GateContext> = {}): string | undefined =>
  check([], [newOrder({ price: ticks(599_000), ...order })], context(terms)).denied[0]?.reason;

describe('risk gate', () => {
  test('approves a plain quote', () => {
    const result = check([], [newOrder({ price: ticks(599_000) })], context());
    expect(result.places).toHaveLength(1);
    expect(result.denied).toEqual([]);
  });

  test.each([
    [
      'min_notional',
      { quantity: lots(1), price: ticks(49) },
      { touch: defined(touchOf(bookOf([[50, 1]], [[52, 1]])), 'touch'), markPrice: ticks(50), limits: { ...risk, priceCollarBps: 1000 } },
    ],
    ['min_quantity', { quantity: lots(4) }, { instrument: { ...BTC, minQuantity: lots(5) } }],
    ['max_quantity', { quantity: lots(10) }, { instrument: { ...BTC, maxQuantity: lots(9) } }],
    ['order_notional', { quantity: lots(34) }, {}],
    ['price_collar', { price: ticks(590_000) }, {}],
    ['no_mark_price', {}, { markPrice: undefined }],
    ['no_mark_price', {}, { markPrice: ticks(0) }],
    ['crosses_book', { price: ticks(600_001) }, {}],
    ['crosses_book', { side: 'sell' as Side, price: ticks(599_999) }, {}],
    ['open_orders', {}, { accountOpenOrders: 50 }],
    ['open_notional', {}, { accountOpenNotional: atoms(99_999 * 1e8) }],
    ['orders_per_day', {}, { ordersToday: 200_000 }],
    ['frozen', {}, { trading: { mode: 'frozen' as const, reason: 'x', at: 0 } }],
    ['reducing_only', {}, { trading: { mode: 'reducing' as const, reason: 'x' } }],
    ['position', {}, { held: exactly(lots(330)) }],
    ['duplicate_order', { clientOrderId: 'mm-2' }, { orders: [openOrder({ price: ticks(599_000) })] }],
    ['own_cross', { price: ticks(599_500) }, { orders: [openOrder({ side: 'sell', price: ticks(599_400) })] }],
  ])('denies with %s', (reason, order, terms) => {
    expect(reasonFor(order, terms)).toBe(reason);
  });

  test('numbers that are none are denied, not thrown', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1.5]) {
      expect(reasonFor({ quantity: bad as never })).toBe('invalid_number');
      expect(reasonFor({ price: bad as never })).toBe('invalid_number');
    }
  });

  test('an order that only reduces the position passes every exposure limit', () => {
    const terms = {
      held: exactly(lots(400)),
      trading: { mode: 'reducing' as const, reason: 'x' },
      accountOpenNotional: atoms(99_999 * 1e8),
    };
    expect(reasonFor({ side: 'sell', price: ticks(600_500), quantity: lots(30) }, terms)).toBeUndefined();
    expect(reasonFor({ side: 'buy', quantity: lots(30) }, terms)).toBe('reducing_only');
  });

  test('orders approved together are counted together', () => {
    const orders = Array.from({ length: 12 }, (_, i) =>
      newOrder({ clientOrderId: `mm-${i}`, price: ticks(599_000 - i), quantity: lots(33) }),
    );
    const { places } = check([], orders, context());
    // 20,000 USD at 59,900 are 333.9 lots: ten orders of 33, not twelve.
    expect(places).toHaveLength(10);
  });

  test('no sequence of orders, fills and cancels gets the worst case over the limit', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('place' as const),
        side: fc.constantFrom<Side>('buy', 'sell'),
        quantity: fc.integer({ min: 1, max: 33 }),
      }),
      fc.record({ kind: fc.constantFrom('fill' as const, 'cancel' as const), index: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let orders: Order[] = [];
        let position = 0;
        steps.forEach((each, i) => {
          if (each.kind === 'place') {
            const price = ticks(each.side === 'buy' ? 599_000 : 601_000);
            const candidate = newOrder({ clientOrderId: `mm-${i}`, side: each.side, price, quantity: lots(each.quantity) });
            const { places } = check([], [candidate], context({ held: exactly(lots(position)), orders, accountOpenOrders: orders.length }));
            orders.push(...places.map((place) => openOrder(place)));
          } else {
            const target = orders[each.index % Math.max(1, orders.length)];
            if (target === undefined) return;
            if (each.kind === 'fill') position += sign(target.side) * openQuantity(target);
            orders = orders.filter((order) => order !== target);
          }
          // The oracle: plain sums, at the highest price in use.
          const open = (side: Side): number =>
            orders.filter((order) => order.side === side && isLive(order)).reduce((sum, order) => sum + order.quantity, 0);
          const worst = Math.max(Math.abs(position + open('buy')), Math.abs(position - open('sell')));
          expect(worst * 59_900 * 0.001).toBeLessThanOrEqual(risk.maxPositionUsd + 70);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([[], [{ type: 'cancelSent' }]] as const)(
    'an amend in doubt counts with its worse terms, also under a cancel: %j',
    (...later) => {
      const amending = transition(
        openOrder({ quantity: lots(300), price: ticks(599_000) }),
        { type: 'amendSent', terms: { price: ticks(599_000), quantity: lots(10) } },
        0,
      );
      const resting = later.reduce((order, event) => transition(order, event, 0), amending);
      expect(
        reasonFor({ clientOrderId: 'mm-2', quantity: lots(33) }, { orders: [resting], limits: { ...risk, maxOrderUsd: 20_000 } }),
      ).toBeUndefined();
      expect(
        reasonFor({ clientOrderId: 'mm-2', quantity: lots(40) }, { orders: [resting], limits: { ...risk, maxOrderUsd: 20_000 } }),
      ).toBe('position');
    },
  );
});
