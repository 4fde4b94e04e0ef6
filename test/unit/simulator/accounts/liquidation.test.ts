import { describe, expect, it } from 'vitest';
import { toAtoms } from '../../../../src/model/instrument.ts';
import { atoms, lots, tickLots, ticks } from '../../../../src/model/units.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep } from '../../../../src/util/clock.ts';
import { accepted, quietVenue, START, SYMBOL } from '../venues.ts';

const USDT = 1e8;
const DEPOSIT = 1000 * USDT;
/** Bought by account 0, sold by account 1: 15 times the deposit of account 0. */
const QUANTITY = 230;

/** Account 0 is long with hardly any margin; the mark price moves by `ticksMoved`, and a tenth of a second passes. */
async function crash(ticksMoved: number, bids: readonly (readonly [offset: number, quantity: number])[] = []) {
  const { venue, clock, events, place } = quietVenue({ accounts: 3, deposit: atoms(DEPOSIT), market: 'none' });
  const market = defined(venue.market(SYMBOL), SYMBOL);
  for (const account of [0, 1, 2]) venue.setLeverage(account, SYMBOL, 100);
  accepted(place(1, 'sell', START, QUANTITY));
  accepted(place(0, 'buy', START, QUANTITY));
  const resting = accepted(place(0, 'buy', START - 600, 1));
  for (const [offset, quantity] of bids) accepted(place(2, 'buy', START + offset, quantity));
  const liquidationPrice = defined(venue.position(0, SYMBOL).liquidationPrice(), 'liquidation price');
  events.length = 0;
  market.indexPrice = ticks(START + ticksMoved);
  market.markPrice = ticks(START + ticksMoved);
  venue.start();
  await clock.run(sleep(clock, 200));
  venue.stop();
  return { venue, market, events, resting, liquidationPrice };
}

describe('an account whose margin is used up', () => {
  it('loses its orders first, then its position, and at most all that it has', async () => {
    const { venue, events, resting } = await crash(-42_000);
    const orders = events.flatMap((event) => (event.type === 'order' && event.order.account === 0 ? [event.order] : []));
    expect(orders.map(({ orderId, status, cancelType, liquidates }) => ({ orderId, status, cancelType, liquidates }))).toMatchObject([
      { orderId: resting.orderId, status: 'Cancelled', cancelType: 'CancelAllBeforeLiq' },
      { status: 'Filled', cancelType: 'UNKNOWN', liquidates: true },
    ]);
    const [execution] = venue.executions(0);
    expect(execution).toMatchObject({ execType: 'BustTrade', side: 'sell', quantity: QUANTITY, orderLinkId: '', isMaker: false });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'liquidation', liquidation: expect.objectContaining({ side: 'buy', quantity: QUANTITY }) }),
    );
    const { balance, equity } = venue.wallet(0);
    expect(venue.position(0, SYMBOL).quantity).toBe(0);
    expect(equity).toBe(balance);
    expect(balance).toBeGreaterThanOrEqual(0);
    expect(balance).toBeLessThan(0.2 * USDT);
  });

  it('keeps what a book that pays more leaves it', async () => {
    const { venue } = await crash(-42_000, [[-41_900, QUANTITY]]);
    expect(venue.executions(0)[0]).toMatchObject({ execType: 'BustTrade', price: START - 41_900 });
    const loss = toAtoms(tickLots(41_900 * QUANTITY), defined(venue.market(SYMBOL), SYMBOL).instrument);
    const fees = venue.position(0, SYMBOL).fees;
    expect(venue.wallet(0).balance).toBe(DEPOSIT - loss - fees);
    expect(venue.wallet(0).balance).toBeGreaterThan(0);
  });

  it('is left alone a tick before', async () => {
    const { liquidationPrice } = await crash(0);
    const before = await crash(liquidationPrice - START + 1);
    expect(before.venue.position(0, SYMBOL).quantity).toBe(QUANTITY);
    expect(before.venue.openOrders(0)).toHaveLength(1);
    const after = await crash(liquidationPrice - START - 1);
    expect(after.venue.position(0, SYMBOL).quantity).toBe(0);
  });

  it.each([
    ['nobody bids', []],
    ['the book takes a part', [[-41_900, 100]]],
    ['the price has jumped past all margin', []],
  ] as const)('and the house together neither make nor lose money when %s', async (name, bids) => {
    const { venue, market } = await crash(name.includes('jumped') ? -60_000 : -42_000, bids);
    const accounts = [0, 1, 2];
    const fees = accounts.reduce((sum, id) => sum + venue.position(id, SYMBOL).fees, 0);
    const equity = accounts.reduce((sum, id) => sum + venue.wallet(id).equity, 0);
    const taken = venue.executions(0).find(({ execType, quantity }) => execType === 'BustTrade' && quantity === market.backgroundQuantity);
    const { price, quantity } = defined(taken, 'what the house took');
    const houseGain = toAtoms(tickLots((market.markPrice - price) * quantity), market.instrument);
    expect(equity + fees + houseGain).toBe(3 * DEPOSIT);
    expect(accounts.reduce((sum, id) => sum + venue.position(id, SYMBOL).quantity, 0)).toBe(lots(0 - quantity));
    expect(venue.wallet(0).balance).toBeGreaterThanOrEqual(0);
  });
});
