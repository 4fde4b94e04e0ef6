import { describe, expect, it } from 'vitest';
import type { SelfMatch } from '../../../src/simulator/venue/requests.ts';
import type { VenueOrder } from '../../../src/simulator/venue/orders.ts';
import { accepted, quietVenue, ref, START, SYMBOL } from './venues.ts';

/** An own ask in front, a foreign one behind it at the same price, another own one a tick higher. */
function mixedBook() {
  const setting = quietVenue();
  const own = accepted(setting.place(0, 'sell', START, 10));
  const foreign = accepted(setting.place(1, 'sell', START, 10));
  const higher = accepted(setting.place(0, 'sell', START + 1, 10));
  setting.events.length = 0;
  const now = (order: VenueOrder): VenueOrder | undefined => setting.venue.findOrder(order.account, ref(order));
  const take = (selfMatch: SelfMatch, more = {}): VenueOrder => accepted(setting.place(0, 'buy', START + 1, 25, { selfMatch, ...more }));
  return { ...setting, own, foreign, higher, now, take };
}

describe('an order that meets one of its own account', () => {
  it('cancels the makers, trades with the others and rests with what is left', () => {
    const { venue, own, foreign, higher, now, take } = mixedBook();
    const taker = take('CancelMaker');
    expect(taker).toMatchObject({ status: 'PartiallyFilled', filled: 10, selfMatch: 'CancelMaker', smpOrderId: higher.orderId });
    for (const maker of [own, higher])
      expect(now(maker)).toMatchObject({ status: 'Cancelled', cancelType: 'CancelBySmp', smpOrderId: taker.orderId, filled: 0 });
    expect(now(foreign)?.status).toBe('Filled');
    expect(venue.market(SYMBOL)?.book.bids.level(0)).toEqual({ price: START + 1, quantity: 15 });
  });

  it('ends with its first own maker, which stays, as the taker to cancel', () => {
    const { own, foreign, now, take } = mixedBook();
    expect(take('CancelTaker')).toMatchObject({
      status: 'Cancelled',
      cancelType: 'CancelBySmp',
      smpOrderId: own.orderId,
      filled: 0,
    });
    expect(now(own)).toMatchObject({ status: 'New', smpOrderId: '' });
    expect(now(foreign)?.status).toBe('New');
  });

  it('ends together with its first own maker', () => {
    const { own, foreign, higher, now, take } = mixedBook();
    const taker = take('CancelBoth');
    expect(taker).toMatchObject({ status: 'Cancelled', cancelType: 'CancelBySmp', smpOrderId: own.orderId });
    expect(now(own)).toMatchObject({ status: 'Cancelled', cancelType: 'CancelBySmp', smpOrderId: taker.orderId });
    expect([now(foreign)?.status, now(higher)?.status]).toEqual(['New', 'New']);
  });

  it('trades with it when it asked for nothing else', () => {
    const { now, own, take } = mixedBook();
    expect(take('None')).toMatchObject({ filled: 25, smpOrderId: '' });
    expect(now(own)?.status).toBe('Filled');
  });

  it('counts only what others offer when it must fill at once', () => {
    const { own, foreign, now, take } = mixedBook();
    expect(take('CancelMaker', { timeInForce: 'FOK' })).toMatchObject({ status: 'Cancelled', rejectReason: 'EC_CancelForNoFullFill' });
    expect(now(own)?.status).toBe('New');
    expect(take('CancelMaker', { timeInForce: 'FOK', quantity: 10 }).status).toBe('Filled');
    expect([now(own)?.status, now(foreign)?.status]).toEqual(['Cancelled', 'Filled']);
  });

  it('is first of all post-only', () => {
    const { own, now, take } = mixedBook();
    expect(take('CancelMaker', { timeInForce: 'PostOnly' }).rejectReason).toBe('EC_PostOnlyWillTakeLiquidity');
    expect(now(own)?.status).toBe('New');
  });

  it('is no longer protected once it has rested', () => {
    const { venue, place } = quietVenue();
    const bid = accepted(place(0, 'buy', START - 5, 10, { selfMatch: 'CancelMaker' }));
    const ask = accepted(place(0, 'sell', START, 10));
    accepted(venue.amend(0, { ...ref(bid), price: ask.price, quantity: undefined }));
    expect(venue.executions(0)).toHaveLength(2);
    expect(venue.findOrder(0, ref(ask))?.status).toBe('Filled');
  });
});
