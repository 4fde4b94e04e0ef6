import { describe, expect, it, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import type { BotEvent } from '../../../../src/execution/events.ts';
import type { Observer } from '../../../../src/execution/orders/observer.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { SymbolState } from '../../../../src/execution/loop/symbol-state.ts';
import type { NewOrder, OrderReport } from '../../../../src/model/order.ts';
import { lots, ppm, ticks } from '../../../../src/model/units.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { bookOf, BTC, fillOf, newOrder, reportOf } from '../../../support/builders/builders.ts';
import { idle, viewOf } from '../../../support/builders/views.ts';
import { observerOf } from '../../../support/builders/observers.ts';

const ORDER = newOrder();

/** One of our orders, sent, and the events recorded when rows about it arrive. */
function watching(now = 5000) {
  const store = new OrderStore();
  const events: BotEvent[] = [];
  const clock = new VirtualClock(0);
  const state = new SymbolState(BTC, { maker: ppm(200), taker: ppm(550) }, clock, resolve({}).settings, () => store.live());
  const states = new Map([['BTCUSDT', state]]);
  const observer = observerOf({ exchange: { now: () => now }, store, states, clock, record: (event) => events.push(event) });
  store.intend(ORDER, 0);
  const row = (terms: Partial<OrderReport>, order: NewOrder = ORDER): void => observer.applyReport(reportOf(order, terms));
  const alarms = () => events.filter(({ type }) => type === 'priceDiverged');
  /** Another order, with its first row. */
  const placed = (clientOrderId: string, terms: Partial<OrderReport>): void => {
    const order = newOrder({ clientOrderId });
    store.intend(order, 0);
    row(terms, order);
  };
  const refusals = () => state.view({ ...viewOf(), ...idle(), orders: [] }).activity.rejectsInRow;
  const confirmed = () => events.flatMap((event) => (event.type === 'orderConfirmed' ? [event.order.clientOrderId] : []));
  return { store, observer, state, row, alarms, placed, refusals, confirmed };
}

describe('a row that is stamped earlier than the newest one', () => {
  it.each([
    ['is an old one', 20_000, 600_002],
    ['is a new one where that stamp has not come yet: the clock of the exchange was put back', 8000, 600_001],
  ])('%s', (_, now, price) => {
    const { store, row } = watching(now);
    row({ price: ticks(600_002), updatedAt: 10_000 });
    row({ price: ticks(600_001), updatedAt: 7000 });
    expect(store.get(ORDER.clientOrderId)?.price).toBe(price);
  });
});

describe('a row at another price than ours', () => {
  it('is believed, and raises an alarm once', () => {
    const { store, row, alarms } = watching();
    row({ price: ticks(599_000) });
    row({ price: ticks(599_000) });
    expect(store.get(ORDER.clientOrderId)?.price).toBe(599_000);
    expect(alarms()).toEqual([
      { type: 'priceDiverged', symbol: 'BTCUSDT', clientOrderId: ORDER.clientOrderId, asked: 600_000, found: 599_000 },
    ]);
  });

  it('raises no alarm while an amend is in flight', () => {
    const { store, row, alarms } = watching();
    row({});
    store.apply(ORDER.clientOrderId, { type: 'amendSent', terms: { price: ticks(600_001), quantity: ORDER.quantity } }, 0);
    row({ price: ticks(600_001) });
    row({ price: ticks(600_001) });
    expect(alarms()).toEqual([]);
  });

  it('is no alarm while a cancel overtakes that amend', () => {
    const { store, row, alarms } = watching();
    row({});
    store.apply(ORDER.clientOrderId, { type: 'amendSent', terms: { price: ticks(600_001), quantity: ORDER.quantity } }, 0);
    store.apply(ORDER.clientOrderId, { type: 'cancelSent' }, 0);
    row({ price: ticks(600_001) });
    expect(alarms()).toEqual([]);
    row({ price: ticks(600_002) });
    expect(alarms()).toHaveLength(1);
  });
});

describe('refusals in a row', () => {
  it('go on while an order that rested before is amended or read again, and end with the next one that rests', () => {
    const { row, placed, refusals } = watching();
    row({ updatedAt: 1 });
    placed('mm-t-2', { status: 'rejected', reason: 'EC_Others', updatedAt: 2 });
    row({ price: ticks(599_000), updatedAt: 3 });
    placed('mm-t-3', { status: 'canceled', reason: 'EC_PostOnlyWillTakeLiquidity', wouldTake: true, updatedAt: 4 });
    row({ price: ticks(599_000), updatedAt: 3 });
    row({ price: ticks(599_000), filled: lots(1), updatedAt: 5 });
    expect(refusals()).toEqual({ buy: 2, sell: 0 });
    placed('mm-t-4', { updatedAt: 6 });
    expect(refusals()).toEqual({ buy: 0, sell: 0 });
  });
});

describe('the first sign of an order', () => {
  const refused = { type: 'orderRefused', reason: 'rejected', error: new ExchangeError('rejected', 'not-applied', 'no') } as const;
  const dropped = { type: 'requestDropped', clientOrderId: ORDER.clientOrderId, reason: 'not_connected' } as const;

  it.each<[string, BotEvent | undefined, readonly string[]]>([
    ['is waited for', undefined, [ORDER.clientOrderId]],
    ['is waited for while an amend of it is dropped', { ...dropped, kind: 'amend' }, [ORDER.clientOrderId]],
    ['is waited for no more once it is refused', { ...refused, order: ORDER }, []],
    ['is waited for no more once it is dropped', { ...dropped, kind: 'place' }, []],
  ])('%s', (_, event, expected) => {
    const { observer, row, confirmed } = watching();
    observer.sent({ type: 'orderSent', order: ORDER });
    if (event !== undefined) observer.sent(event);
    row({ updatedAt: 1 });
    row({ updatedAt: 2 });
    expect(confirmed()).toEqual(expected);
  });
});

describe('the outcome of our order', () => {
  test.each<[string, (observer: Observer) => unknown]>([
    ['a row', (observer) => observer.applyReport(reportOf(ORDER, { status: 'canceled', updatedAt: 1010 }))],
    ['an execution', (observer) => observer.applyFill(fillOf(ORDER, 'f1', ORDER.quantity, { at: 1010 }))],
  ])('by %s makes nothing of it a part of the market while the book still shows it', (_, act) => {
    const { store, observer, state } = watching();
    observer.applyReport(reportOf(ORDER));
    const shown = bookOf(
      [
        [ORDER.price, ORDER.quantity],
        [599_000, 10],
      ],
      [[601_100, 10]],
    );
    state.bookArrived(shown, 1000);
    expect(state.mid()).toBe(600_050);
    act(observer);
    expect(store.live()).toEqual([]);
    expect(state.mid()).toBe(600_050);
    state.bookArrived(shown, 1010);
    expect(state.mid()).toBe(600_550);
  });
});
