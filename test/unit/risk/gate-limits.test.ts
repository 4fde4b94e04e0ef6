import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { touchOf } from '../../../src/model/book.ts';
import { transition, type Amend, type NewOrder, type Order } from '../../../src/model/order.ts';
import { exactly } from '../../../src/model/position.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { check, type GateContext, type GateResult } from '../../../src/risk/gate.ts';
import { ACTIVE } from '../../../src/risk/trading-state.ts';
import { defined } from '../../../src/util/assert.ts';
import { BTC, bookOf, newOrder, openOrder } from '../../support/builders/builders.ts';

/** Each limit exactly at its value, and one step beyond it. A lot at this price is worth 59.90 USD, ten are 599. */
const PRICE = ticks(599_000);
const TEN = lots(10);
const usd = (value: number) => atoms(Math.round(value * 1e8));
const { risk } = resolve({}).settings;
const TOUCH = defined(touchOf(bookOf([[599_999, 100]], [[600_001, 100]])), 'touch');

function context(terms: Partial<GateContext>, limits: Partial<GateContext['limits']>): GateContext {
  const quiet = { trading: ACTIVE, ordersToday: 0, accountOpenOrders: 0, accountOpenNotional: atoms(0) };
  const market = { instrument: BTC, touch: TOUCH, markPrice: ticks(600_000), held: exactly(lots(0)), orders: [] };
  return { ...quiet, ...market, ...terms, limits: { ...risk, ...limits } };
}

interface Case {
  readonly orders?: readonly Partial<NewOrder>[];
  readonly amends?: readonly Amend[];
  readonly terms?: Partial<GateContext>;
  readonly limits?: Partial<GateContext['limits']>;
}

function judge({ orders = [], amends = [], terms = {}, limits = {} }: Case): GateResult {
  const places = orders.map((order, i) => newOrder({ clientOrderId: `mm-${i}`, price: PRICE, quantity: TEN, ...order }));
  return check(amends, places, context(terms, limits));
}

const reasons = (each: Case): string[] => judge(each).denied.map(({ reason }) => reason);

const amendTo = (order: Order, quantity: number): Amend => ({
  symbol: order.symbol,
  clientOrderId: order.clientOrderId,
  price: order.price,
  quantity: lots(quantity),
});

const CHEAP = {
  touch: defined(touchOf(bookOf([[50, 1]], [[52, 1]])), 'touch'),
  markPrice: ticks(50),
};

describe('a limit holds at its value and denies one step beyond', () => {
  test.each<[string, Case, Case]>([
    [
      'max_quantity',
      { orders: [{}], terms: { instrument: { ...BTC, maxQuantity: lots(10) } } },
      { orders: [{}], terms: { instrument: { ...BTC, maxQuantity: lots(9) } } },
    ],
    [
      'min_notional',
      { orders: [{ price: ticks(50), quantity: lots(1000) }], terms: CHEAP, limits: { priceCollarBps: 1000 } },
      { orders: [{ price: ticks(50), quantity: lots(999) }], terms: CHEAP, limits: { priceCollarBps: 1000 } },
    ],
    ['order_notional', { orders: [{}], limits: { maxOrderUsd: 599 } }, { orders: [{}], limits: { maxOrderUsd: 598.99 } }],
    [
      'price_collar',
      { orders: [{ price: ticks(599_400) }], limits: { priceCollarBps: 10 } },
      { orders: [{ price: ticks(599_399) }], limits: { priceCollarBps: 10 } },
    ],
    [
      'position',
      { orders: [{}], limits: { maxPositionUsd: 599, maxOrderUsd: 10_000 } },
      { orders: [{}], limits: { maxPositionUsd: 598.99, maxOrderUsd: 10_000 } },
    ],
    [
      'open_notional',
      { orders: [{}], terms: { accountOpenNotional: usd(401) }, limits: { maxOpenNotionalUsd: 1000 } },
      { orders: [{}], terms: { accountOpenNotional: atoms(usd(401) + 1) }, limits: { maxOpenNotionalUsd: 1000 } },
    ],
    [
      'open_orders',
      { orders: [{}], terms: { accountOpenOrders: 49 }, limits: { maxOpenOrders: 50 } },
      { orders: [{}], terms: { accountOpenOrders: 50 }, limits: { maxOpenOrders: 50 } },
    ],
    [
      'orders_per_day',
      { orders: [{}], terms: { ordersToday: 99 }, limits: { maxOrdersPerDay: 100 } },
      { orders: [{}], terms: { ordersToday: 100 }, limits: { maxOrdersPerDay: 100 } },
    ],
  ])('%s', (reason, within, beyond) => {
    expect(reasons(within)).toEqual([]);
    expect(reasons(beyond)).toEqual([reason]);
  });

  test('a price near our mid but far from the mark is outside the collar, and the other way round', () => {
    const near = { orders: [{ price: PRICE }], limits: { priceCollarBps: 50 } };
    expect(reasons({ ...near, terms: { markPrice: ticks(605_000) } })).toEqual(['price_collar']);
    const away = defined(touchOf(bookOf([[604_999, 100]], [[605_001, 100]])), 'touch');
    expect(reasons({ ...near, terms: { markPrice: PRICE, touch: away } })).toEqual(['price_collar']);
  });
});

describe('our own orders of the other side', () => {
  const near = (side: 'buy' | 'sell', price: number, own: number): string[] => {
    const other = openOrder({ clientOrderId: 'mm-o', side: side === 'buy' ? 'sell' : 'buy', price: ticks(own) });
    return reasons({ orders: [{ side, price: ticks(price) }], terms: { orders: [other] } });
  };

  test('are neither met nor passed', () => {
    expect([599_401, 599_400, 599_399].map((own) => near('buy', 599_400, own))).toEqual([[], ['own_cross'], ['own_cross']]);
    expect([600_099, 600_100, 600_101].map((own) => near('sell', 600_100, own))).toEqual([[], ['own_cross'], ['own_cross']]);
  });
});

describe('what is approved first counts for what comes after it', () => {
  const two = [{}, { price: ticks(598_900) }];

  test.each<[string, Case]>([
    ['open_orders', { orders: two, terms: { accountOpenOrders: 49 }, limits: { maxOpenOrders: 50 } }],
    ['orders_per_day', { orders: two, terms: { ordersToday: 99 }, limits: { maxOrdersPerDay: 100 } }],
    ['open_notional', { orders: two, limits: { maxOpenNotionalUsd: 1000 } }],
    ['duplicate_order', { orders: [{}, {}] }],
    [
      'own_cross',
      {
        orders: [{ side: 'sell', price: ticks(600_100) }, { price: ticks(600_100) }],
        terms: { touch: { ...TOUCH, ask: { ...TOUCH.ask, price: ticks(600_200) } } },
      },
    ],
  ])('%s', (reason, each) => {
    const { places, denied } = judge(each);
    expect([places.length, denied.map((denial) => denial.reason)]).toEqual([1, [reason]]);
  });
});

describe('amends', () => {
  const resting = openOrder({ clientOrderId: 'mm-r', price: PRICE, quantity: TEN });

  test('of an order that is not ours are denied and named', () => {
    const amend = { ...amendTo(resting, 12), clientOrderId: 'mm-nobody' };
    expect(judge({ amends: [amend] }).denied).toEqual([{ order: amend, reason: 'unknown_order' }]);
  });

  test('of an order that is closed are denied too', () => {
    const closed = transition(resting, { type: 'executed', filled: TEN }, 0);
    const amend = amendTo(closed, 12);
    expect(judge({ amends: [amend], terms: { orders: [closed] } }).denied).toEqual([{ order: amend, reason: 'unknown_order' }]);
  });

  test('change the order that they name, and nothing else', () => {
    const other = openOrder({ clientOrderId: 'mm-o', side: 'sell', price: ticks(600_100) });
    const amend = { ...amendTo(resting, 12), price: ticks(599_100) };
    expect(judge({ amends: [amend], terms: { orders: [other, resting] } })).toEqual({
      amends: [{ ...amend, grid: { tick: '0.1', lot: '0.001' } }],
      places: [],
      denied: [],
    });
  });

  test('are judged by what may still fill', () => {
    const filled = { ...resting, quantity: lots(30), filled: lots(20) };
    const to35 = { amends: [amendTo(filled, 35)] };
    expect(reasons({ ...to35, terms: { orders: [filled], instrument: { ...BTC, maxQuantity: lots(15) } } })).toEqual([]);
    expect(judge({ ...to35, terms: { orders: [filled], instrument: { ...BTC, maxQuantity: lots(14) } } }).denied).toEqual([
      { order: amendTo(filled, 35), reason: 'max_quantity' },
    ]);
  });

  test.each([
    ['of a whole order', resting, 20],
    ['of one that is filled in part', { ...resting, quantity: lots(30), filled: lots(20) }, 40],
  ])('add to the open notional what they grow by: %s', (_, order, quantity) => {
    const grown = { amends: [amendTo(order, quantity)], terms: { orders: [order], accountOpenNotional: usd(599) } };
    expect(reasons({ ...grown, limits: { maxOpenNotionalUsd: 1198 } })).toEqual([]);
    expect(reasons({ ...grown, limits: { maxOpenNotionalUsd: 1197.99 } })).toEqual(['open_notional']);
    const next = { ...grown, orders: [{ price: ticks(598_900) }], limits: { maxOpenNotionalUsd: 1700 } };
    expect(reasons(next)).toEqual(['open_notional']);
  });

  test('place no order: neither their number nor their twin is in the way', () => {
    const terms = { orders: [resting], accountOpenOrders: 50, ordersToday: 100 };
    expect(reasons({ amends: [amendTo(resting, 10)], terms, limits: { maxOpenOrders: 50, maxOrdersPerDay: 100 } })).toEqual([]);
  });
});
