import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { decide } from '../../../src/execution/decide.ts';
import type { SymbolView } from '../../../src/execution/view.ts';
import type { Order } from '../../../src/model/order.ts';
import { FLAT } from '../../../src/model/position.ts';
import { atoms, lots, ppm, tickLots, ticks } from '../../../src/model/units.ts';
import { ACTIVE } from '../../../src/risk/trading-state.ts';
import { BTC, bookOf, openOrder } from '../../support/builders.ts';

const { settings } = resolve({});
const BOOK = bookOf([[599_999, 5000]], [[600_001, 5000]]);

function view(terms: Partial<SymbolView> = {}): SymbolView {
  return {
    at: 10_000,
    instrument: BTC,
    fees: { maker: ppm(200), taker: ppm(550) },
    book: BOOK,
    bookAgeMs: 10,
    markPrice: ticks(600_000),
    lastPrice: ticks(600_000),
    volatilityBps: 1,
    position: FLAT,
    orders: [],
    activity: {
      lastChangeAt: Number.NEGATIVE_INFINITY,

      placeRoom: 9,
      amendRoom: 9,
      inFlight: 0,
      takerFills: 0,
      latencyP95Ms: 0,
    },
    account: { openOrders: 0, openNotional: atoms(0), dayPnlUsd: 0, ordersToday: 0 },
    trading: ACTIVE,
    heldBy: undefined,
    ...terms,
  };
}

function turn(terms: Partial<SymbolView> = {}) {
  let ids = 0;
  return decide(view(terms), settings, () => `mm-${(ids += 1)}`);
}

const RESTING: Order[] = [
  openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_760), quantity: lots(3) }),
  openOrder({ clientOrderId: 'a', side: 'sell', price: ticks(600_240), quantity: lots(3) }),
];
const live = (orders: readonly Order[], agedMs = 100) => orders.map((order) => ({ order, agedMs }));

describe('decide', () => {
  test('quotes both sides post-only around fair value', () => {
    const { plan, hold } = turn();
    expect(hold).toBeUndefined();
    expect(plan.places.map(({ side, price, quantity, postOnly }) => [side, price, quantity, postOnly])).toEqual([
      ['buy', 599_760, 3, true],
      ['sell', 600_240, 3, true],
    ]);
  });

  test('keeps what rests where it should', () => {
    expect(turn({ orders: live(RESTING) }).plan).toEqual({ cancels: [], amends: [], places: [] });
  });

  test('moves an old order even for a tick, a young one only for the threshold', () => {
    const near = [openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_759), quantity: lots(3) }), ...RESTING.slice(1)];
    expect(turn({ orders: live(near, 100) }).plan.amends).toEqual([]);
    expect(turn({ orders: live(near, 701) }).plan.amends.map(({ clientOrderId, price }) => [clientOrderId, price])).toEqual([
      ['b', 599_760],
    ]);
  });

  test.each([
    ['no_book', { book: undefined }],
    ['stale_book', { bookAgeMs: 1501 }],
    ['crossed_or_empty_book', { book: bookOf([[600_002, 1]], [[600_001, 1]]) }],
    ['private_stream_down', { heldBy: 'private_stream_down' }],
    ['frozen', { trading: { mode: 'frozen' as const, reason: 'x', at: 0 } }],
    ['volatility_hard', { volatilityBps: 30 }],
    ['not_trading', { instrument: { ...BTC, status: 'other' as const } }],
  ])('pulls every quote on %s', (hold, terms) => {
    const decision = turn({ ...terms, orders: live(RESTING) });
    expect(decision.hold).toBe(hold);
    expect(decision.plan.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['b', 'a']);
    expect([...decision.plan.places, ...decision.plan.amends]).toEqual([]);
  });

  test('a daily loss beyond the limit freezes', () => {
    const account = { openOrders: 0, openNotional: atoms(0), dayPnlUsd: -1000, ordersToday: 0 };
    expect(turn({ account, orders: live(RESTING) })).toMatchObject({ freeze: 'daily_loss', hold: 'daily_loss' });
  });

  test('beyond the hard inventory only the side that shrinks the position is quoted', () => {
    const position = { ...FLAT, quantity: lots(50), cost: tickLots(50 * 600_000) };
    const { plan, denied } = turn({ position });
    expect(plan.places.map(({ side }) => side)).toEqual(['sell']);
    expect(denied).toEqual([]);
    expect(turn({ position, orders: live(RESTING) }).plan.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['b']);
  });

  test('at level soft it quotes smaller and wider', () => {
    const { plan } = turn({ volatilityBps: 16 });
    expect(plan.places.map(({ price, quantity }) => [price, quantity])).toEqual([
      [599_640, 1],
      [600_360, 1],
    ]);
  });

  test('changes wait for the interval, the replace rate and the requests on the way; cancels do not', () => {
    const busy = { lastChangeAt: 9_990, placeRoom: 9, amendRoom: 9, inFlight: 0, takerFills: 0, latencyP95Ms: 0 };
    expect(turn({ activity: busy }).plan.places).toEqual([]);
    expect(turn({ activity: { ...busy, lastChangeAt: 0, inFlight: 1 } }).plan.places).toHaveLength(1);
    expect(turn({ activity: { ...busy, lastChangeAt: 0, placeRoom: 0 } }).plan.places).toEqual([]);
    expect(turn({ activity: busy, book: undefined, orders: live(RESTING) }).plan.cancels).toHaveLength(2);
  });
});
