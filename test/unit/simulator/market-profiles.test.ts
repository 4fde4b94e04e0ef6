import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/model/units.ts';
import { createVenue } from '../../../src/simulator/embedded-venue.ts';
import { knobsOf, MARKET_NAMES, type MarketName } from '../../../src/simulator/markets.ts';
import type { VenueOrder } from '../../../src/simulator/venue.ts';
import { defined } from '../../../src/util/assert.ts';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { limit, ref, SYMBOL } from './venues.ts';

const QUANTITY = 20;
const REQUOTE_MS = 250;
const LATENCY_MS = 20;
const MOST_LOTS = 10 * QUANTITY;
const SKEW_BPS = 0.1;

/** Gross result, bps of turnover, of a maker without a view who quotes this far from the mid (0: at the touch). */
async function grossBps(market: MarketName, halfSpreadBps: number, minutes: number): Promise<number> {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = createVenue({ clock, random: seededRandom('maker'), symbols: [SYMBOL], market, accounts: 1 });
  const { book, markPrice } = defined(venue.market(SYMBOL), SYMBOL);
  const bp = markPrice / 10_000;
  const orders: Partial<Record<'buy' | 'sell', VenueOrder>> = {};

  function quote(): void {
    const bid = defined(book.bids.price(0), 'bid');
    const ask = defined(book.asks.price(0), 'ask');
    const held = venue.position(0, SYMBOL).quantity;
    const fair = (bid + ask) / 2 - (SKEW_BPS * bp * held) / QUANTITY;
    const half = halfSpreadBps * bp;
    requote('buy', Math.min(halfSpreadBps === 0 ? bid : Math.floor(fair - half), ask - 1), held < MOST_LOTS);
    requote('sell', Math.max(halfSpreadBps === 0 ? ask : Math.ceil(fair + half), bid + 1), held > -MOST_LOTS);
  }

  function requote(side: 'buy' | 'sell', price: number, wanted: boolean): void {
    const known = orders[side];
    const resting = known === undefined ? undefined : venue.findOrder(0, ref(known));
    if (resting?.status === 'New' || resting?.status === 'PartiallyFilled') {
      if (resting.price === price) return;
      venue.cancel(0, ref(resting));
    }
    if (!wanted) return;
    const outcome = venue.place(0, {
      ...limit(side, price, QUANTITY),
      price: ticks(price),
      quantity: lots(QUANTITY),
      timeInForce: 'PostOnly',
    });
    if (outcome.ok) orders[side] = outcome.order;
  }

  venue.start();
  every(clock, REQUOTE_MS, () => clock.schedule(LATENCY_MS, quote));
  await clock.run(sleep(clock, minutes * 60_000));
  const turnover = venue.executions(0).reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const { realised, unrealised } = venue.position(0, SYMBOL);
  return ((realised + unrealised) / turnover) * 10_000;
}

describe('market profiles', () => {
  it('have names and knobs', () => {
    expect(MARKET_NAMES.map((name) => [name, knobsOf(name).psi, knobsOf(name).phi])).toEqual([
      ['btc', 0.3, 0.05],
      ['calm', 0.15, 0.02],
      ['benign', 0, 0],
      ['toxic', 0.5, 0.05],
      ['flash', 0.3, 0.05],
    ]);
  });

  it('decide, by psi, whether a maker without a view earns anything before fees', async () => {
    expect(await grossBps('benign', 1, 30)).toBeGreaterThan(0.3);
    expect(await grossBps('toxic', 1, 30)).toBeLessThan(-0.1);
  });

  it('let a maker at the touch of the btc market lose a little before fees', async () => {
    const gross = await grossBps('btc', 0, 30);
    expect(gross).toBeGreaterThan(-0.7);
    expect(gross).toBeLessThan(-0.1);
  });
});
