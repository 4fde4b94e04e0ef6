import { describe, expect, it } from 'vitest';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { createVenue } from '../../../src/simulator/embedded-venue.ts';
import type { VenueEvent } from '../../../src/simulator/venue/events.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { accepted, codeOf, limit, quietVenue, ref, START, SYMBOL } from './venues.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const types = (events: readonly VenueEvent[]): string[] => events.map(({ type }) => type);

describe('a new order', () => {
  it('rests, and is published with its position', () => {
    const { venue, events, place } = quietVenue();
    const order = accepted(place(0, 'buy', START - 10, 100, { orderLinkId: 'a-1' }));
    expect(order).toMatchObject({ status: 'New', price: START - 10, filled: 0, orderLinkId: 'a-1', rejectReason: 'EC_NoError' });
    expect(order.orderId).toMatch(UUID);
    expect(types(events)).toEqual(['order', 'position']);
    expect(venue.market(SYMBOL)?.book.bids.level(0)).toEqual({ price: START - 10, quantity: 100 });
    expect(venue.openOrders(0)).toEqual([order]);
  });

  it('trades, and each fill is published as execution, order, position and wallet, the maker first', () => {
    const { venue, events, place } = quietVenue();
    const maker = accepted(place(0, 'sell', START, 100));
    events.length = 0;
    const taker = accepted(place(1, 'buy', START + 5, 150));
    expect(types(events)).toEqual(
      ['execution order position wallet', 'execution order position wallet', 'trade position'].flatMap((line) => line.split(' ')),
    );
    expect(taker).toMatchObject({ status: 'PartiallyFilled', filled: 100, filledValue: 100 * START });
    expect(venue.findOrder(0, ref(maker))?.status).toBe('Filled');
    const [made] = venue.executions(0);
    const [took] = venue.executions(1);
    expect(made).toMatchObject({ isMaker: true, price: START, quantity: 100, leavesQuantity: 0, fee: 0.0002 * 6500 * 1e8 });
    expect(took).toMatchObject({ isMaker: false, price: START, quantity: 100, leavesQuantity: 50, fee: 0.00055 * 6500 * 1e8 });
    expect(made?.execId).not.toBe(took?.execId);
    expect(venue.market(SYMBOL)).toMatchObject({ lastPrice: START, day: { volume: 100, turnover: 100 * START } });
  });

  it('is canceled after its ack when it is post-only and would take', () => {
    const { venue, events, place } = quietVenue();
    place(0, 'sell', START, 100);
    events.length = 0;
    const outcome = place(1, 'buy', START, 100, { timeInForce: 'PostOnly' });
    expect(accepted(outcome)).toMatchObject({
      status: 'Cancelled',
      rejectReason: 'EC_PostOnlyWillTakeLiquidity',
      cancelType: 'UNKNOWN',
      filled: 0,
    });
    expect(types(events)).toEqual(['order', 'position']);
    expect(venue.openOrders(1)).toEqual([]);
    expect(venue.closedOrders(1)).toHaveLength(1);
  });

  it('leaves nothing behind as IOC or FOK', () => {
    const { place } = quietVenue();
    place(0, 'sell', START, 100);
    const killed = accepted(place(1, 'buy', START, 150, { timeInForce: 'FOK' }));
    expect(killed).toMatchObject({ status: 'Cancelled', filled: 0, rejectReason: 'EC_CancelForNoFullFill' });
    const expired = accepted(place(1, 'buy', START, 150, { timeInForce: 'IOC' }));
    expect(expired).toMatchObject({ status: 'Cancelled', filled: 100, rejectReason: 'EC_NoImmediateQtyToFill' });
  });

  it('at market is an IOC at the price limit', () => {
    const { place } = quietVenue();
    place(0, 'sell', START + 7, 100);
    const order = accepted(place(1, 'buy', 1, 150, { type: 'market', price: undefined }));
    expect(order).toMatchObject({ status: 'Cancelled', filled: 100, price: START * 1.01, filledValue: 100 * (START + 7) });
  });

  it('of the same account executes against it', () => {
    const { venue, place } = quietVenue();
    place(0, 'sell', START, 100);
    expect(accepted(place(0, 'buy', START, 100)).status).toBe('Filled');
    expect(venue.position(0, SYMBOL)).toMatchObject({ quantity: 0, realized: 0 });
    expect(venue.executions(0)).toHaveLength(2);
  });
});

describe('a refusal', () => {
  const cases: [string, number, Parameters<typeof limit>, Partial<ReturnType<typeof limit>>][] = [
    ['an unknown symbol', 10001, ['buy', START, 100], { symbol: 'NOPEUSDT' }],
    ['a link id of 37 characters', 10001, ['buy', START, 100], { orderLinkId: 'x'.repeat(37) }],
    ['a link id with a blank', 10001, ['buy', START, 100], { orderLinkId: 'a b' }],
    ['a limit order without a price', 10001, ['buy', START, 100], { price: undefined }],
    ['more than the maximum', 10001, ['buy', START, 1_190_001], {}],
    ['a market order above its maximum', 10001, ['buy', START, 500_001], { type: 'market' }],
    ['no quantity', 110017, ['buy', START, 0], {}],
    ['a price of nothing', 110003, ['buy', 0, 100], {}],
    ['a buy above the price limit', 110003, ['buy', START * 1.01 + 1, 100], {}],
    ['a sell below the price limit', 110003, ['sell', START * 0.99 - 1, 100], {}],
    ['less than 5 USDT', 110094, ['buy', 40_000, 1], {}],
    ['more than the margin', 110007, ['buy', START, 16_000], {}],
    ['the largest order there can be', 110007, ['buy', START, 1_190_000], {}],
    ['reduce-only without a position', 110017, ['sell', START, 100], { reduceOnly: true }],
  ];
  for (const [what, code, terms, more] of cases)
    it(`meets ${what} with ${code}`, () => {
      const { venue, events } = quietVenue();
      venue.setPriceAction(0, 'reject');
      expect(codeOf(venue.place(0, { ...limit(...terms), ...more }))).toBe(code);
      expect(events).toEqual([]);
      expect(venue.ledger(0).counts()).toMatchObject({ created: 0, rejected: 1 });
    });

  it('meets a link id that was ever used', () => {
    const { venue, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 100, { orderLinkId: 'once' }));
    venue.cancel(0, ref(order));
    expect(codeOf(place(0, 'buy', START, 100, { orderLinkId: 'once' }))).toBe(110072);
    expect(codeOf(place(1, 'buy', START, 100, { orderLinkId: 'once' }))).toBe(0);
  });

  it('meets the order after the 500th of a symbol', () => {
    const { place } = quietVenue();
    for (let i = 0; i < 500; i += 1) accepted(place(0, 'buy', START - i, 1));
    expect(codeOf(place(0, 'buy', START, 1))).toBe(110020);
  });

  it('allows what reduces exposure although the margin is used up', () => {
    const { venue, place } = quietVenue({ accounts: 3 });
    place(1, 'sell', START, 7_500);
    place(2, 'sell', START, 7_500);
    place(0, 'buy', START, 15_000);
    expect(codeOf(place(0, 'buy', START, 1_000))).toBe(110007);
    expect(codeOf(place(0, 'sell', START + 1, 15_000))).toBe(0);
    expect(venue.wallet(0).orderMargin).toBe(0);
  });
});

describe('an amend', () => {
  it('keeps the place of an order that shrinks and loses that of one that grows', () => {
    const { venue, place } = quietVenue({ accounts: 3 });
    const first = accepted(place(0, 'buy', START, 100));
    const second = accepted(place(1, 'buy', START, 100));
    const terms = { symbol: SYMBOL, orderLinkId: undefined, price: undefined };
    accepted(venue.amend(0, { ...terms, orderId: first.orderId, quantity: lots(60) }));
    place(2, 'sell', START, 10);
    expect(venue.findOrder(0, ref(first))?.filled).toBe(10);
    accepted(venue.amend(0, { ...terms, orderId: first.orderId, quantity: lots(61) }));
    place(2, 'sell', START, 10);
    expect(venue.findOrder(0, ref(first))?.filled).toBe(10);
    expect(venue.findOrder(1, ref(second))?.filled).toBe(10);
  });

  it('refuses totals up to the filled quantity, unchanged terms, and orders that are gone or foreign', () => {
    const { venue, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 100));
    place(1, 'sell', START, 40);
    const terms = { ...ref(order), price: undefined };
    expect(codeOf(venue.amend(0, { ...terms, quantity: lots(40) }))).toBe(110064);
    expect(codeOf(venue.amend(0, { ...terms, quantity: lots(100) }))).toBe(10001);
    expect(codeOf(venue.amend(1, { ...terms, quantity: lots(80) }))).toBe(110001);
    expect(codeOf(venue.cancel(1, ref(order)))).toBe(110001);
    venue.cancel(0, ref(order));
    expect(codeOf(venue.amend(0, { ...terms, quantity: lots(80) }))).toBe(110001);
    expect(codeOf(venue.cancel(0, ref(order)))).toBe(110001);
  });

  it('cancels a post-only order that would take at its new price', () => {
    const { venue, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 100, { timeInForce: 'PostOnly' }));
    place(1, 'sell', START + 5, 40);
    const after = accepted(venue.amend(0, { ...ref(order), price: ticks(START + 5), quantity: undefined }));
    expect(after).toMatchObject({ status: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity', price: START + 5, filled: 0 });
    expect(venue.market(SYMBOL)?.book.bids.length).toBe(0);
  });

  it('publishes the row once, then the position', () => {
    const { venue, events, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 100));
    events.length = 0;
    accepted(venue.amend(0, { ...ref(order), price: ticks(START - 3), quantity: lots(120) }));
    expect(events[0]).toMatchObject({ type: 'order', order: { price: START - 3, quantity: 120, status: 'New' } });
    expect(types(events)).toEqual(['order', 'position']);
  });
});

describe('a cancel', () => {
  it('ends an order with all that Bybit says about it', () => {
    const { venue, events, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 100, { orderLinkId: 'mine' }));
    events.length = 0;
    const outcome = venue.cancel(0, { symbol: SYMBOL, orderId: undefined, orderLinkId: 'mine' });
    expect(accepted(outcome)).toMatchObject({ orderId: order.orderId, status: 'Cancelled', cancelType: 'CancelByUser' });
    expect(accepted(outcome).rejectReason).toBe('EC_PerCancelRequest');
    expect(types(events)).toEqual(['order', 'position']);
    expect(venue.wallet(0).orderMargin).toBe(0);
  });

  it('of all takes 500 at a time, of the scope only', () => {
    const symbols = ['BTCUSDT', 'ETHUSDT'];
    const venue = createVenue({ clock: new VirtualClock(0), random: seededRandom('x'), symbols, market: 'btc', accounts: 1 });
    for (const symbol of symbols) for (let i = 0; i < 300; i += 1) accepted(venue.place(0, { ...limit('buy', 180_000 - i, 10), symbol }));
    expect(venue.cancelAll(0, { symbol: 'ETHUSDT', settleCoin: 'USDT' })).toHaveLength(300);
    expect(venue.cancelAll(0, { baseCoin: 'SOL' })).toHaveLength(0);
    for (let i = 0; i < 300; i += 1) accepted(venue.place(0, { ...limit('buy', 180_000 - i, 10), symbol: 'ETHUSDT' }));
    expect(venue.cancelAll(0, { settleCoin: 'USDT' })).toHaveLength(500);
    expect(venue.cancelAll(0, {})).toHaveLength(100);
    expect(venue.openOrders(0)).toEqual([]);
    expect(venue.ledger(0).counts()).toMatchObject({ created: 900, canceled: 900 });
  });
});

describe('a reduce-only order', () => {
  it('is capped to the position, shrinks with it and ends with it', () => {
    const { venue, events, place } = quietVenue();
    place(1, 'sell', START, 100);
    place(0, 'buy', START, 100);
    const order = accepted(place(0, 'sell', START + 10, 500, { reduceOnly: true }));
    expect(order.quantity).toBe(100);
    place(1, 'buy', START - 1, 60);
    place(0, 'sell', START - 1, 60);
    expect(venue.findOrder(0, ref(order))).toMatchObject({ status: 'New', quantity: 40 });
    place(1, 'buy', START - 1, 40);
    place(0, 'sell', START - 1, 40);
    expect(venue.findOrder(0, ref(order))).toMatchObject({ status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
    expect(events.some((event) => event.type === 'order' && event.order.cancelType === 'CancelByReduceOnly')).toBe(true);
  });

  it('never opens a position, even when one sweep takes it after another order of its account', () => {
    const { venue, place } = quietVenue();
    place(1, 'sell', START, 100);
    place(0, 'buy', START, 100);
    place(0, 'sell', START + 1, 100);
    const order = accepted(place(0, 'sell', START + 2, 100, { reduceOnly: true }));
    place(1, 'buy', START + 2, 200);
    expect(venue.position(0, SYMBOL).quantity).toBe(0);
    expect(venue.findOrder(0, ref(order))).toMatchObject({ status: 'Cancelled', filled: 0 });
  });
});

describe('a venue', () => {
  it('names the symbols it knows when it is asked for another', () => {
    const make = () =>
      createVenue({ clock: new VirtualClock(0), random: seededRandom('x'), symbols: ['NOPE'], market: 'btc', accounts: 1 });
    const hint = 'use one of BTCUSDT, ETHUSDT, SOLUSDT, XRPUSDT, DOGEUSDT, BNBUSDT, ADAUSDT, AVAXUSDT, LINKUSDT, LTCUSDT, DOTUSDT, TRXUSDT';
    expect(make).toThrow(expect.objectContaining({ code: 'unknown_symbol', exitCode: 2, hint }));
  });

  it('gives its ledger in exact decimal text, with the counts of the protocol around it', () => {
    const rateCounts = (account: number) => ({ rateLimited: account, worstRollingSecond: 7, buckets: [] });
    const { venue, place } = quietVenue({ rateCounts, deposit: atoms(5e11) });
    place(0, 'sell', START, 3, { orderLinkId: 'maker', timeInForce: 'PostOnly' });
    place(1, 'buy', START, 1);
    const ledger = venue.ledger(0);
    expect(ledger.openOrders()).toMatchObject([{ side: 'Sell', price: '65000.00', quantity: '0.003', filled: '0.001', postOnly: true }]);
    expect(ledger.executions()).toMatchObject([
      { side: 'Sell', price: '65000.00', quantity: '0.001', fee: '0.013', feeCoin: 'USDT', isMaker: true },
    ]);
    expect(ledger.positions()).toMatchObject([{ size: '-0.001', realisedPnl: '0', unrealisedPnl: '0', fees: '0.013', funding: '0' }]);
    expect(ledger.wallet()).toEqual({ deposit: '5000', spot: '0', balance: '4999.987', equity: '4999.987' });
    expect(venue.ledger(1).counts()).toEqual({
      created: 1,
      amended: 0,
      canceled: 0,
      rejected: 0,
      rateLimited: 1,
      worstRollingSecond: 7,
      buckets: [],
    });
  });

  it('asks less margin at more leverage', () => {
    const { venue, place } = quietVenue();
    place(0, 'buy', START, 1000);
    expect(venue.wallet(0).orderMargin).toBe(6_500 * 1e8);
    expect(venue.setLeverage(0, SYMBOL, 25)).toBe('changed');
    expect(venue.setLeverage(0, SYMBOL, 25)).toBe('unchanged');
    expect(venue.wallet(0)).toMatchObject({ orderMargin: 2_600 * 1e8, available: 97_400 * 1e8 });
  });
});
