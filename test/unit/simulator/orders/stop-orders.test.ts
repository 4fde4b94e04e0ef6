import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../../src/model/units.ts';
import type { VenueOrder } from '../../../../src/simulator/venue/orders.ts';
import type { PlaceRequest, PriceKind, Trigger } from '../../../../src/simulator/venue/requests.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep } from '../../../../src/util/clock.ts';
import { accepted, codeOf, limit, quietVenue, ref, START, SYMBOL } from '../venues.ts';

const trigger = (price: number, direction: Trigger['direction'], by: PriceKind = 'last'): Trigger => ({
  price: ticks(price),
  direction,
  by,
});
const stop = (price: number, by: PriceKind = 'last') => ({ price: ticks(price), by });

/** Account 2 makes a book of ten lots a tick, ten ticks each way, and moves the last price. */
function setting() {
  const base = quietVenue({ accounts: 3 });
  const { venue, place, events } = base;
  for (let i = 1; i <= 10; i += 1)
    for (const [side, price] of [
      ['buy', START - i],
      ['sell', START + i],
    ] as const)
      place(2, side, price, 10);
  const printAt = (price: number): void => {
    place(1, 'sell', price, 1, { timeInForce: 'IOC' });
    place(1, 'buy', price, 1, { timeInForce: 'IOC' });
  };
  const rows = (order: Pick<VenueOrder, 'orderId'>): string[] =>
    events.flatMap((event) => (event.type === 'order' && event.order.orderId === order.orderId ? event.order.status : []));
  const now = (order: VenueOrder): VenueOrder => defined(venue.findOrder(order.account, ref(order)), 'order');
  const stops = (): VenueOrder[] => venue.openOrders(0).filter(({ status }) => status === 'Untriggered');
  const conditional = (side: 'buy' | 'sell', terms: Partial<PlaceRequest>) => place(0, side, START, 5, terms);
  return { ...base, printAt, rows, now, stops, conditional };
}

describe('a conditional order', () => {
  it('waits outside the book, then goes into it by way of Triggered', () => {
    const { venue, conditional, printAt, rows, now } = setting();
    const order = accepted(conditional('buy', { price: ticks(START - 3), trigger: trigger(START + 2, 'rise') }));
    expect(order).toMatchObject({ status: 'Untriggered', stopKind: 'Stop', filled: 0 });
    expect(venue.wallet(0).orderMargin).toBe(0);
    printAt(START + 1);
    expect(now(order).status).toBe('Untriggered');
    venue.place(1, limit('buy', START + 2, 12));
    expect(rows(order)).toEqual(['Untriggered', 'Triggered', 'New']);
    expect(venue.market(SYMBOL)?.book.bids.quantityAt(ticks(START - 3))).toBe(15);
    expect(venue.wallet(0).orderMargin).toBeGreaterThan(0);
  });

  it('fills at market when its price was there, if only for one trade inside a sweep', () => {
    const { venue, conditional, rows, place } = setting();
    const order = accepted(
      conditional('sell', { type: 'market', price: undefined, timeInForce: 'IOC', trigger: trigger(START + 2, 'rise') }),
    );
    place(1, 'buy', START + 4, 31);
    expect(rows(order)).toEqual(['Untriggered', 'Triggered', 'Filled']);
    expect(venue.position(0, SYMBOL).quantity).toBe(-5);
  });

  it('triggers others by its own trades', () => {
    const { conditional, now, printAt } = setting();
    const market = { type: 'market', price: undefined, timeInForce: 'IOC' } as const;
    const second = accepted(conditional('buy', { ...market, trigger: trigger(START + 3, 'rise') }));
    const first = accepted(conditional('buy', { ...market, quantity: lots(25), trigger: trigger(START + 1, 'rise') }));
    printAt(START + 1);
    expect([now(first).status, now(second).status]).toEqual(['Filled', 'Filled']);
  });

  it('watches the mark price on request', async () => {
    const { venue, clock, place } = quietVenue();
    const market = defined(venue.market(SYMBOL), 'market');
    const seen: [string, number][] = [];
    venue.onEvent((event) => {
      if (event.type === 'order' && event.order.status === 'Triggered') seen.push([event.order.orderLinkId, market.markPrice]);
    });
    place(0, 'buy', START - 900, 5, { trigger: trigger(START + 20, 'rise', 'mark'), orderLinkId: 'rise' });
    place(0, 'buy', START - 900, 5, { trigger: trigger(START - 20, 'fall', 'mark'), orderLinkId: 'fall' });
    venue.start();
    for (let s = 0; s < 120 && seen.length === 0; s += 1) await clock.run(sleep(clock, 1000));
    venue.stop();
    const [first] = seen;
    expect(seen).not.toEqual([]);
    expect(first?.[0] === 'rise' ? (first[1] ?? 0) >= START + 20 : (first?.[1] ?? 0) <= START - 20).toBe(true);
  });

  it('is deactivated when it is canceled before, and stops of no use are refused', () => {
    const { venue, conditional, printAt, rows } = setting();
    const order = accepted(conditional('buy', { trigger: trigger(START + 1, 'rise') }));
    expect(accepted(venue.cancel(0, ref(order)))).toMatchObject({ status: 'Deactivated', cancelType: 'CancelByUser' });
    printAt(START + 1);
    expect(rows(order)).toEqual(['Untriggered', 'Deactivated']);
    expect(codeOf(conditional('buy', { trigger: trigger(START, 'rise') }))).toBe(110092);
    expect(codeOf(conditional('buy', { trigger: trigger(START + 2, 'fall') }))).toBe(110093);
  });

  it('is one of ten at most, beside 500 active ones', () => {
    const { conditional, place } = setting();
    for (let i = 0; i < 10; i += 1) accepted(conditional('buy', { trigger: trigger(START + 5, 'rise') }));
    expect(codeOf(conditional('buy', { trigger: trigger(START + 5, 'rise') }))).toBe(110009);
    for (let i = 0; i < 500; i += 1) accepted(place(0, 'buy', START - 100 - i, 1));
    expect(codeOf(place(0, 'buy', START - 100, 1))).toBe(110020);
  });

  it('ends when it is triggered and cannot be placed', () => {
    const { conditional, now, printAt } = setting();
    const poor = accepted(conditional('buy', { quantity: lots(900_000), trigger: trigger(START + 1, 'rise') }));
    const idle = accepted(conditional('sell', { reduceOnly: true, trigger: trigger(START + 1, 'rise') }));
    printAt(START + 1);
    expect(now(poor)).toMatchObject({ status: 'Rejected', filled: 0 });
    expect(now(idle)).toMatchObject({ status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
  });

  it('takes new terms while it waits', () => {
    const { venue, conditional, printAt, now } = setting();
    const order = accepted(conditional('buy', { price: ticks(START - 5), trigger: trigger(START + 1, 'rise') }));
    const terms = { ...ref(order), price: ticks(START - 6), quantity: lots(7), triggerPrice: ticks(START + 2) };
    expect(accepted(venue.amend(0, terms))).toMatchObject({ status: 'Untriggered', price: START - 6, quantity: 7 });
    expect(codeOf(venue.amend(0, terms))).toBe(10001);
    expect(codeOf(venue.amend(0, { ...terms, triggerPrice: ticks(START - 1) }))).toBe(110092);
    printAt(START + 1);
    expect(now(order).status).toBe('Untriggered');
    venue.place(1, limit('buy', START + 2, 12));
    expect(now(order)).toMatchObject({ status: 'New', quantity: 7 });
    expect(codeOf(venue.amend(0, terms))).toBe(10001);
  });

  it('is a kind of its own for a cancel of all', () => {
    const { venue, conditional, place } = setting();
    place(0, 'buy', START + 1, 5, { takeProfit: stop(START + 8) });
    const all = () =>
      venue
        .openOrders(0)
        .map(({ stopKind }) => stopKind)
        .sort();
    conditional('buy', { trigger: trigger(START + 9, 'rise') });
    place(0, 'buy', START - 20, 5);
    expect(all()).toEqual(['', 'Stop', 'TakeProfit']);
    expect(venue.cancelAll(0, { kinds: 'active' })).toHaveLength(1);
    expect(all()).toEqual(['Stop', 'TakeProfit']);
    expect(venue.cancelAll(0, { kinds: 'conditional' })).toHaveLength(1);
    expect(all()).toEqual(['TakeProfit']);
    expect(venue.cancelAll(0, { kinds: 'stop' })).toHaveLength(1);
    expect(venue.position(0, SYMBOL).takeProfit).toBeUndefined();
  });
});

describe('stops of a position', () => {
  /** Account 0 is long 5 lots. */
  function long() {
    const base = setting();
    base.place(0, 'buy', START + 1, 5, { timeInForce: 'IOC' });
    base.events.length = 0;
    return base;
  }

  it('close all of it at market, and the other one ends with it', () => {
    const { venue, stops, printAt, now, place } = long();
    expect(venue.setTradingStop(0, SYMBOL, { takeProfit: stop(START + 5), stopLoss: stop(START - 2) })).toEqual({ ok: true });
    expect(venue.position(0, SYMBOL)).toMatchObject({ takeProfit: START + 5, stopLoss: START - 2, trailingStop: undefined });
    const [loss, profit] = stops().map((order) => order);
    expect(profit).toMatchObject({ stopKind: 'TakeProfit', side: 'sell', type: 'market', quantity: 5, reduceOnly: true });
    place(0, 'buy', START + 1, 2, { timeInForce: 'IOC' });
    expect(stops().map(({ quantity }) => quantity)).toEqual([7, 7]);
    printAt(START - 1);
    place(1, 'sell', START - 2, 12, { timeInForce: 'IOC' });
    expect(venue.position(0, SYMBOL)).toMatchObject({ quantity: 0, takeProfit: undefined, stopLoss: undefined });
    expect(now(defined(loss, 'loss'))).toMatchObject({ status: 'Filled', filled: 7 });
    expect(now(defined(profit, 'profit'))).toMatchObject({ status: 'Deactivated', cancelType: 'CancelByTpSlTsClear' });
  });

  it('come with the order that opens it, and go with a change of side', () => {
    const { venue, stops, place } = setting();
    accepted(place(0, 'sell', START - 1, 5, { takeProfit: stop(START - 9), stopLoss: stop(START + 9, 'mark') }));
    expect(stops().map(({ stopKind, side, trigger: at }) => [stopKind, side, at])).toEqual([
      ['StopLoss', 'buy', trigger(START + 9, 'rise', 'mark')],
      ['TakeProfit', 'buy', trigger(START - 9, 'fall')],
    ]);
    place(0, 'buy', START + 1, 8);
    expect(venue.position(0, SYMBOL)).toMatchObject({ quantity: 3, takeProfit: undefined });
    expect(stops()).toEqual([]);
  });

  it('are replaced, removed and refused as Bybit does', () => {
    const { venue, stops } = long();
    const set = (change: Parameters<typeof venue.setTradingStop>[2]) => venue.setTradingStop(0, SYMBOL, change);
    const code = (change: Parameters<typeof venue.setTradingStop>[2]): number => {
      const outcome = set(change);
      return outcome.ok ? 0 : outcome.code;
    };
    expect(code({ takeProfit: stop(START + 5) })).toBe(0);
    expect(code({ takeProfit: stop(START + 5) })).toBe(34040);
    expect(code({ takeProfit: stop(START + 6) })).toBe(0);
    expect(stops()).toHaveLength(1);
    expect(code({ takeProfit: stop(START - 6) })).toBe(10001);
    expect(code({ takeProfit: 0 })).toBe(0);
    expect(code({ takeProfit: 0 })).toBe(34040);
    expect(stops()).toEqual([]);
    expect(venue.setTradingStop(1, SYMBOL, { stopLoss: stop(START - 5) })).toMatchObject({ code: 10001 });
  });

  it('trail the best price from where they begin to', () => {
    const { venue, stops, place } = long();
    const trailing = { distance: ticks(2), activation: ticks(START + 3) };
    expect(venue.setTradingStop(0, SYMBOL, { trailingStop: trailing })).toEqual({ ok: true });
    expect(venue.position(0, SYMBOL).trailingStop).toBe(2);
    place(1, 'sell', START - 1, 1, { timeInForce: 'IOC' });
    expect(stops()).toHaveLength(1);
    place(1, 'buy', START + 5, 50, { timeInForce: 'IOC' });
    expect(stops()[0]?.trigger?.price).toBe(START + 3);
    place(2, 'buy', START + 3, 10);
    place(1, 'sell', START + 3, 1, { timeInForce: 'IOC' });
    expect(venue.position(0, SYMBOL).quantity).toBe(0);
  });
});
