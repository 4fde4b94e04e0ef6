import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/model/units.ts';
import { presetOf } from '../../../src/simulator/instruments.ts';
import type { PlaceRequest } from '../../../src/simulator/venue/requests.ts';
import { sleep } from '../../../src/util/clock.ts';
import { accepted, codeOf, limit, quietVenue, ref, START, SYMBOL } from './venues.ts';

const preset = presetOf(SYMBOL);
/** At most 100 lots an order, 40 at market. */
const small = { ...preset, terms: { ...preset.terms, maxQuantity: '0.100' }, maxMarketQuantity: '0.040' };
const MARKET = { type: 'market', price: undefined, timeInForce: 'IOC' } as const;

/** Account 0 is long 250 lots. */
function longInSmall() {
  const setting = quietVenue({ presets: [small] });
  for (let i = 0; i < 3; i += 1) {
    setting.place(1, 'sell', START, 90);
    setting.place(0, 'buy', START, i === 2 ? 70 : 90);
  }
  setting.venue.cancelAll(1, {});
  setting.events.length = 0;
  return setting;
}

describe('a reduce-only order above the maximum', () => {
  it('becomes several, the first of which has the id', () => {
    const { venue, place } = longInSmall();
    expect(accepted(place(0, 'sell', START + 5, 900, { reduceOnly: true, orderLinkId: 'out' }))).toMatchObject({ orderLinkId: 'out' });
    const rows = venue.openOrders(0).map(({ quantity, orderLinkId }) => [quantity, orderLinkId]);
    expect(rows).toEqual([
      [50, ''],
      [100, ''],
      [100, 'out'],
    ]);
    expect(venue.ledger(0).counts().created).toBe(6);
  });

  it('closes the whole position at market when it says so with a quantity of 0', () => {
    const { venue, place } = longInSmall();
    for (let i = 0; i < 3; i += 1) place(1, 'buy', START - 1, 90);
    accepted(place(0, 'sell', START, 0, { ...MARKET, reduceOnly: true, closeOnTrigger: true }));
    expect(venue.position(0, SYMBOL).quantity).toBe(0);
    expect(venue.closedOrders(0).filter(({ type }) => type === 'market')).toHaveLength(7);
  });

  it('may not be amended to more than the position', () => {
    const { venue, place } = longInSmall();
    const order = accepted(place(0, 'sell', START + 5, 60, { reduceOnly: true }));
    const to = (quantity: number) => codeOf(venue.amend(0, { ...ref(order), price: undefined, quantity: lots(quantity) }));
    expect([to(251), to(200), to(10)]).toEqual([110022, 0, 0]);
  });

  it('is refused when it is not reduce-only', () => {
    const { place } = longInSmall();
    expect(codeOf(place(0, 'sell', START + 5, 101))).toBe(10001);
  });
});

describe('a market order with a tolerance', () => {
  const cases: [PlaceRequest['slippage'], number][] = [
    [{ type: 'ticks', ticks: 4 }, START + 5],
    [{ type: 'percent', bps: 1 }, START + 66],
    [{ type: 'percent', bps: 1000 }, START * 1.01],
  ];
  for (const [slippage, price] of cases)
    it(`trades up to ${price} with ${JSON.stringify(slippage)}`, () => {
      const { place } = quietVenue();
      place(1, 'sell', START + 1, 10);
      place(1, 'sell', START + 300, 10);
      const order = accepted(place(0, 'buy', START, 20, { ...MARKET, slippage }));
      expect(order).toMatchObject({ price, filled: price > START + 300 ? 20 : 10, slippage });
    });
});

describe('a limit order at a place in the book', () => {
  it('takes its price from there', () => {
    const { place } = quietVenue();
    for (let i = 1; i <= 3; i += 1) for (const side of ['buy', 'sell'] as const) place(1, side, START + (side === 'buy' ? -i : i), 10);
    const at = (side: 'buy' | 'sell', bookPlace: PlaceRequest['bookPlace']) => place(0, side, START, 1, { price: undefined, bookPlace });
    expect(accepted(at('buy', { side: 'queue', level: 2 })).price).toBe(START - 2);
    expect(accepted(at('sell', { side: 'queue', level: 3 })).price).toBe(START + 3);
    expect(accepted(at('buy', { side: 'counterparty', level: 1 }))).toMatchObject({ price: START + 1, status: 'Filled' });
    expect(codeOf(at('buy', { side: 'queue', level: 5 }))).toBe(10001);
  });
});

describe('a check in advance', () => {
  it('says what an order would do to the margins, and does nothing', () => {
    const { venue, events, place } = quietVenue();
    place(0, 'buy', START, 1000);
    events.length = 0;
    const { code, initialBefore, initialAfter, maintenanceAfter } = venue.preCheck(0, limit('buy', START, 1000));
    expect([code, initialBefore, initialAfter, maintenanceAfter]).toEqual([0, 0.065, 0.13, 0.00325]);
    expect(venue.preCheck(0, limit('buy', START, 500_000))).toMatchObject({ code: 110007, initialBefore: 0.065 });
    expect(events).toEqual([]);
    expect(venue.openOrders(0)).toHaveLength(1);
  });
});

describe('an order that is gone', () => {
  it('is answered with the code that was chosen, one that never was with 110001', () => {
    for (const goneCode of [110001, 110008, 110010] as const) {
      const { venue, place } = quietVenue({ goneCode });
      const order = accepted(place(0, 'buy', START, 10));
      venue.cancel(0, ref(order));
      expect(codeOf(venue.cancel(0, ref(order)))).toBe(goneCode);
      expect(codeOf(venue.amend(0, { ...ref(order), price: ticks(START - 1), quantity: undefined }))).toBe(goneCode);
      expect(codeOf(venue.cancel(0, { symbol: SYMBOL, orderId: 'never', orderLinkId: undefined }))).toBe(110001);
    }
  });

  it('was filled while its cancel was on the way: accepted, and shown as filled once more', async () => {
    const { venue, clock, events, place } = quietVenue();
    const order = accepted(place(0, 'buy', START, 10));
    await clock.run(sleep(clock, 20));
    const receivedAt = clock.now();
    await clock.run(sleep(clock, 4));
    place(1, 'sell', START, 10);
    expect(codeOf(venue.cancel(0, ref(order), receivedAt))).toBe(0);
    const rows = events.flatMap((event) => (event.type === 'order' && event.order.orderId === order.orderId ? [event.order] : []));
    expect(rows.slice(-2).map(({ status, cancelType, rejectReason }) => [status, cancelType, rejectReason])).toEqual([
      ['Filled', 'UNKNOWN', 'EC_NoError'],
      ['Filled', 'CancelByUser', 'EC_OrigClOrdIDDoesNotExist'],
    ]);
    expect(venue.findOrder(0, ref(order))).toMatchObject({ status: 'Filled', rejectReason: 'EC_NoError' });
    expect(venue.ledger(0).counts().canceled).toBe(0);
    expect(codeOf(venue.cancel(0, ref(order), clock.now()))).toBe(110001);
  });
});
