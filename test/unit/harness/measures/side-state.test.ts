import { describe, expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import type { Settings } from '../../../../src/config/fields.ts';
import { decide } from '../../../../src/execution/decide/decide.ts';
import type { SymbolView } from '../../../../src/execution/decide/view.ts';
import { sideState, type SideState } from '../../../../src/harness/measures/side-state.ts';
import { SideTimes } from '../../../../src/harness/measures/side-times.ts';
import { CALM } from '../../../../src/risk/guards.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { openOrder } from '../../../support/builders/builders.ts';
import { idle, viewOf, volatilityOf } from '../../../support/builders/views.ts';

const { settings } = resolve({});
type Terms = Partial<Settings['quoting']> & Partial<Settings['risk']>;

const BID = { order: openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_760), quantity: lots(3) }), agedMs: 100 };

/** The states of both sides after a turn. `isBidResting`: the bid was there before it. */
function states(view: Partial<SymbolView>, terms: Terms = {}, isBidResting = false): Record<'buy' | 'sell', SideState> {
  const given = { ...settings, quoting: { ...settings.quoting, ...terms }, risk: { ...settings.risk, ...terms } };
  const { plan, denied, hold, explanation } = decide(viewOf(view), given, () => 'mm-1');
  const bid = isBidResting ? ticks(599_760) : undefined;
  const orders = viewOf(view).orders.map(({ order }) => order);
  const turn = { type: 'turn', symbol: 'BTCUSDT', bid, ask: undefined, mid: 600_000, hold, explanation, plan, denied, orders } as const;
  return { buy: sideState(turn, 'buy'), sell: sideState(turn, 'sell') };
}

const both = (state: SideState) => ({ buy: state, sell: state });

describe('a side without an order', () => {
  test.each<[string, Partial<SymbolView>, Terms, ReturnType<typeof states>]>([
    ['waits for its orders to arrive', {}, {}, both({ kind: 'placing', code: '' })],
    ['is held with its symbol', { heldBy: 'unreconciled' }, {}, both({ kind: 'hold', code: 'unreconciled' })],
    ['is held by a guard at HARD', { volatility: volatilityOf(99) }, {}, both({ kind: 'hold', code: 'volatility_hard' })],
    ['has no size that the exchange accepts', {}, { orderSizeUsd: 10 }, both({ kind: 'no_size', code: 'order_size' })],
    ['has too small a share of the book', {}, { impactCapRatio: 0 }, both({ kind: 'no_size', code: 'impact_cap' })],
    ['is denied by a limit', {}, { maxOpenOrders: 0 }, both({ kind: 'denied', code: 'open_orders' })],
    ['waits for its interval', { activity: idle({ lastChangeAt: 9_990 }) }, {}, both({ kind: 'waiting', code: 'minIntervalMs' })],
    ['waits for its rate', { activity: idle({ placeRoom: 0 }) }, {}, both({ kind: 'waiting', code: 'replacesPerMinute' })],
  ])('%s', (_, view, terms, expected) => {
    expect(states(view, terms)).toEqual(expected);
  });

  test('is stopped by a guard that wants only the other one', () => {
    const position = { quantity: lots(60), cost: 0 as never, realized: 0 as never, fees: 0 as never, funding: 0 as never };
    const long = { position, held: { low: lots(60), high: lots(60) }, memory: { guards: CALM, adaptive: undefined } };
    expect(states(long)).toEqual({ buy: { kind: 'guard', code: 'inventory_hard' }, sell: { kind: 'placing', code: '' } });
  });

  test('has an order of which it is not known whether it rests', () => {
    const doubtful = { ...BID, order: { ...BID.order, state: { tag: 'unknown' } as const } };
    expect(states({ orders: [doubtful] })).toEqual({ buy: { kind: 'doubt', code: '' }, sell: { kind: 'placing', code: '' } });
  });
});

describe('a side with an order', () => {
  test.each<[string, Partial<SymbolView>, SideState]>([
    ['is quoted', {}, { kind: 'quoted', code: '' }],
    ['is quoted smaller and wider at SOFT', { volatility: volatilityOf(16) }, { kind: 'reduced', code: 'volatility_soft' }],
    ['is to be canceled in a hold', { heldBy: 'unreconciled' }, { kind: 'ending', code: 'unreconciled' }],
  ])('%s', (_, view, expected) => {
    expect(states({ orders: [BID], ...view }, {}, true).buy).toEqual(expected);
  });

  test('is limited when another order of it, or its move, is denied', () => {
    const far = { order: openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_000), quantity: lots(3) }), agedMs: 5000 };
    expect(states({ orders: [BID] }, { levels: 2, maxOpenOrders: 0 }, true).buy).toEqual({ kind: 'limited', code: 'open_orders' });
    expect(states({ orders: [far], markPrice: undefined }, {}, true).buy).toEqual({ kind: 'limited', code: 'no_mark_price' });
  });

  test('is late when its move waits', () => {
    const far = { order: openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_000), quantity: lots(3) }), agedMs: 5000 };
    const waiting = { orders: [far], activity: idle({ amendRoom: 0 }) };
    expect(states(waiting, {}, true).buy).toEqual({ kind: 'late', code: 'replacesPerMinute' });
  });
});

test('times of one side, longest first', () => {
  const times = new SideTimes();
  times.add({ kind: 'quoted', code: '' }, 5);
  times.add({ kind: 'hold', code: 'frozen' }, 20);
  times.add({ kind: 'quoted', code: '' }, 7);
  expect(times.entries()).toEqual([
    { kind: 'hold', code: 'frozen', ms: 20 },
    { kind: 'quoted', code: '', ms: 12 },
  ]);
});
