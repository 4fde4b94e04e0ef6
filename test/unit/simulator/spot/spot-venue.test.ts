import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atoms, lots, ticks } from '../../../../src/model/units.ts';
import { createVenue } from '../../../../src/simulator/embedded-venue.ts';
import { SpotVenue } from '../../../../src/simulator/spot/spot-venue.ts';
import type { VenueEvent } from '../../../../src/simulator/venue/events.ts';
import type { Outcome } from '../../../../src/simulator/venue/orders.ts';
import type { PlaceRequest } from '../../../../src/simulator/venue/requests.ts';
import type { Venue } from '../../../../src/simulator/venue/venue.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { accepted, codeOf, ref, START, SYMBOL } from '../venues.ts';

const BTC = 1e8;
const USDT = 1e8;
/** One lot is 0.000001 BTC, one tick 0.1 USDT. */
const MILLION = 1_000_000;

/** Contracts and pairs of the same accounts; nobody else trades until the background flow starts. */
function quietSpot(accounts = 2) {
  const clock = new VirtualClock(1_700_000_000_000);
  const random = seededRandom('spot');
  const shared = { clock, driver: random, market: 'btc' as const, accounts, symbols: [SYMBOL] };
  const rateCounts = () => ({ rateLimited: 0, worstRollingSecond: 0, buckets: [] });
  const spot = new SpotVenue({ ...shared, random, rateCounts, wallet: (id) => venue.wallet(id) });
  const venue: Venue = createVenue({ ...shared, random, spotOf: (id) => spot.sideOf(id) });
  const events: VenueEvent[] = [];
  spot.onEvent((event) => events.push(event));
  const place = (account: number, side: 'buy' | 'sell', price: number, quantity: number, more: Partial<PlaceRequest> = {}): Outcome =>
    spot.place(account, {
      symbol: SYMBOL,
      side,
      type: 'limit',
      price: ticks(price),
      quantity: lots(quantity),
      timeInForce: 'GTC',
      reduceOnly: false,
      orderLinkId: '',
      ...more,
    });
  const coinOf = (account: number) => venue.wallet(account).coins[0];
  return { clock, spot, venue, events, place, coinOf };
}

describe('a spot order', () => {
  it('locks the quote coin to buy and the base coin to sell, and gives it back', () => {
    const { spot, venue, place, coinOf } = quietSpot();
    const buy = accepted(place(0, 'buy', START - 100, 100_000));
    expect(venue.wallet(0)).toMatchObject({ balance: 100_000 * USDT, locked: 6499 * USDT, available: 93_501 * USDT });
    const sell = accepted(place(0, 'sell', START + 100, 250_000));
    expect(coinOf(0)).toMatchObject({ coin: 'BTC', balance: BTC, locked: 0.25 * BTC, value: 65_000 * USDT });
    accepted(spot.amend(0, { ...ref(sell), price: undefined, quantity: lots(150_000) }));
    expect(coinOf(0)).toMatchObject({ locked: 0.15 * BTC });
    accepted(spot.cancel(0, ref(buy)));
    accepted(spot.cancel(0, ref(sell)));
    expect(venue.wallet(0)).toMatchObject({ locked: 0, available: 100_000 * USDT });
    expect(coinOf(0)).toMatchObject({ locked: 0 });
  });

  it('changes coins hands, and each side pays its fee in what it receives', () => {
    const { venue, events, place, coinOf } = quietSpot();
    accepted(place(1, 'sell', START, 10_000));
    accepted(place(0, 'buy', START, 10_000));
    expect(coinOf(0)).toMatchObject({ balance: 100_999_000, locked: 0 });
    expect(coinOf(1)).toMatchObject({ balance: 99_000_000, locked: 0 });
    expect(venue.wallet(0).balance).toBe(9_935_000_000_000);
    expect(venue.wallet(1).balance).toBe(10_064_935_000_000);
    const executions = events.flatMap((event) => (event.type === 'execution' ? [event.execution] : []));
    expect(executions).toMatchObject([
      { account: 1, isMaker: true, fee: 65_000_000 },
      { account: 0, isMaker: false, fee: 1000 },
    ]);
    expect(events.map(({ type }) => type)).not.toContain('position');
  });

  it('by value spends what was asked for, and no more', () => {
    const { spot, venue, place } = quietSpot();
    accepted(place(1, 'sell', START, 10_000));
    accepted(place(1, 'sell', START + 10, 500_000));
    const order = accepted(place(0, 'buy', 0, 0, { type: 'market', price: undefined, quoteAmount: atoms(1000 * USDT) }));
    expect(order).toMatchObject({ status: 'Filled', quoteAmount: 1000 * USDT });
    const spent = 100_000 * USDT - venue.wallet(0).balance;
    expect(spent).toBeLessThanOrEqual(1000 * USDT);
    expect(spent).toBeGreaterThan(999.9 * USDT);
    expect(spot.executions(0)).toHaveLength(2);
  });

  it('that a thin book fills in part ends PartiallyFilledCanceled, one that it does not fill Cancelled', () => {
    const { place } = quietSpot();
    const alone = accepted(place(0, 'sell', 0, 1000, { type: 'market', price: undefined }));
    expect(alone).toMatchObject({ status: 'Cancelled', rejectReason: 'EC_NoImmediateQtyToFill' });
    accepted(place(1, 'sell', START, 10_000));
    const part = accepted(place(0, 'buy', 0, 0, { type: 'market', price: undefined, quoteAmount: atoms(1000 * USDT) }));
    expect(part).toMatchObject({ status: 'PartiallyFilledCanceled', filled: 10_000 });
    accepted(place(1, 'sell', START, 10_000));
    expect(accepted(place(0, 'buy', START, 20_000, { timeInForce: 'IOC' })).status).toBe('PartiallyFilledCanceled');
  });

  it.each<[string, number, Partial<PlaceRequest>]>([
    ['a used link id', 170141, { orderLinkId: 'used' }],
    ['too little', 170136, { quantity: lots(10) }],
    ['too much', 170341, { quantity: lots(83 * MILLION + 1) }],
    ['too small a value', 170140, { quantity: lots(50) }],
    ['too small an amount', 170140, { type: 'market', price: undefined, quoteAmount: atoms(490_000_000) }],
    ['more quote coin than there is', 170131, { quantity: lots(2 * MILLION) }],
    ['more base coin than there is', 170131, { side: 'sell', price: ticks(START), quantity: lots(MILLION + 1) }],
    ['a buy above the band', 170193, { price: ticks(653_315) }],
    ['a sell below the band', 170194, { side: 'sell', price: ticks(646_685) }],
  ])('is refused for %s with %i', (_, code, change) => {
    const { place, venue } = quietSpot();
    accepted(place(0, 'buy', START - 100, 1000, { orderLinkId: 'used' }));
    const before = venue.wallet(0);
    expect(codeOf(place(0, 'buy', START - 100, 1000, change))).toBe(code);
    expect(venue.wallet(0)).toEqual(before);
  });

  it('cannot spend what margin of the contracts needs', () => {
    const { venue, place } = quietSpot();
    venue.setLeverage(0, SYMBOL, 1);
    const request = { symbol: SYMBOL, side: 'buy' as const, type: 'limit' as const, timeInForce: 'GTC' as const, reduceOnly: false };
    accepted(venue.place(0, { ...request, price: ticks(START - 100), quantity: lots(1000), orderLinkId: '' }));
    expect(codeOf(place(0, 'buy', START - 100, 600_000))).toBe(170131);
    expect(codeOf(place(0, 'buy', START - 100, 500_000))).toBe(0);
    expect(codeOf(venue.place(0, { ...request, price: ticks(START - 100), quantity: lots(100), orderLinkId: '' }))).toBe(110007);
  });

  it('says how it went when it is not open any more', () => {
    const { spot, place } = quietSpot();
    const filled = accepted(place(1, 'sell', START, 1000));
    accepted(place(0, 'buy', START, 1000));
    const canceled = accepted(place(0, 'buy', START - 10, 1000));
    accepted(spot.cancel(0, ref(canceled)));
    expect(codeOf(spot.cancel(1, ref(filled)))).toBe(170139);
    expect(codeOf(spot.cancel(0, ref(canceled)))).toBe(170142);
    expect(codeOf(spot.cancel(0, ref({ orderId: 'never' })))).toBe(170213);
    const open = accepted(place(0, 'buy', START - 10, 1000));
    accepted(place(1, 'sell', START - 10, 400));
    expect(codeOf(spot.amend(0, { ...ref(open), price: undefined, quantity: lots(400) }))).toBe(170313);
  });

  it('is one of at most 500', () => {
    const { spot, place } = quietSpot();
    for (let i = 0; i < 500; i += 1) accepted(place(0, 'buy', START - 100 - i, 100));
    expect(codeOf(place(0, 'buy', START - 100, 100))).toBe(170810);
    expect(spot.cancelAll(0, {})).toHaveLength(500);
    expect(codeOf(place(0, 'buy', START - 100, 100))).toBe(0);
  });
});

describe('spot trading, for all actions of clients', () => {
  const step = fc.record({
    account: fc.constantFrom(0, 1, 2),
    pick: fc.nat(),
    kind: fc.constantFrom('place' as const, 'place' as const, 'byValue' as const, 'amend' as const, 'cancel' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    offset: fc.integer({ min: -5, max: 5 }),
    quantity: fc.integer({ min: 80, max: 400_000 }),
    timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const, 'PostOnly' as const),
  });

  it('moves coins and fees without making or losing any, and locks exactly what rests', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { spot, venue, place } = quietSpot(3);
        for (const { account, pick, kind, side, offset, quantity, timeInForce } of steps) {
          const open = spot.openOrders(account);
          const order = open[pick % Math.max(1, open.length)];
          if (kind === 'place') place(account, side, START + offset, quantity, { timeInForce });
          else if (kind === 'byValue')
            place(account, side, 0, 0, { type: 'market', price: undefined, quoteAmount: atoms(quantity * 100_000) });
          else if (order !== undefined && kind === 'amend')
            spot.amend(account, { ...ref(order), price: ticks(START + offset), quantity: lots(quantity) });
          else if (order !== undefined) spot.cancel(account, ref(order));
          const sum = { base: 0, quote: 0 };
          for (const id of [0, 1, 2]) {
            const { balance, locked, coins } = venue.wallet(id);
            const [btc] = coins;
            sum.base += btc?.balance ?? 0;
            sum.quote += balance;
            for (const { side, fee } of spot.executions(id)) sum[side === 'buy' ? 'base' : 'quote'] += fee;
            const resting = { buy: 0, sell: 0 };
            for (const { side, price, quantity, filled } of spot.openOrders(id))
              resting[side] += (quantity - filled) * (side === 'buy' ? price * 10 : 100);
            expect({ locked, lockedBase: btc?.locked }).toEqual({ locked: resting.buy, lockedBase: resting.sell });
            expect(balance).toBeGreaterThanOrEqual(locked);
            expect(btc?.balance).toBeGreaterThanOrEqual(btc?.locked ?? 0);
          }
          expect(sum).toEqual({ base: 3 * BTC, quote: 300_000 * USDT });
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the background flow of spot', () => {
  it('trades every pair, and lets a client in', async () => {
    const { spot, clock, place } = quietSpot();
    spot.start();
    await clock.run(sleep(clock, 30_000));
    const trades = spot.market(SYMBOL)?.recentTrades.length ?? 0;
    expect(trades).toBeGreaterThan(20);
    expect(accepted(place(0, 'buy', 0, 0, { type: 'market', price: undefined, quoteAmount: atoms(500 * USDT) })).status).toBe('Filled');
    spot.stop();
  });
});
