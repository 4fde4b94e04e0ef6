import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Book } from '../../../../src/model/book.ts';
import { lots, ppm, ticks } from '../../../../src/model/units.ts';
import { PremiumAverage, priceBand } from '../../../../src/simulator/matching/price-band.ts';
import { accepted, codeOf, quietVenue, ref, START, SYMBOL } from '../venues.ts';

function premiumOf(samples: readonly [bid: number, ask: number, mark: number][]): PremiumAverage {
  const premium = new PremiumAverage();
  for (const [bid, ask, mark] of samples) {
    const book = new Book();
    book.bids.set(ticks(bid), lots(1));
    book.asks.set(ticks(ask), lots(1));
    premium.sample(book, ticks(mark));
  }
  return premium;
}

describe('the price band', () => {
  const ratios = { inner: ppm(10_000), outer: ppm(20_000) };
  const prices = (mark: number, index = mark) => ({ mark: ticks(mark), index: ticks(index) });
  const none = new PremiumAverage();

  it('is X around the mark price in calm times', () => {
    expect([priceBand('buy', prices(10_050), ratios, none), priceBand('sell', prices(10_050), ratios, none)]).toEqual([10_150, 9950]);
  });

  it('reaches to an index that is further away, and never beyond Y', () => {
    expect(priceBand('buy', prices(10_000, 10_150), ratios, none)).toBe(10_150);
    expect(priceBand('buy', prices(10_000, 10_900), ratios, none)).toBe(10_200);
    expect(priceBand('sell', prices(10_000, 9850), ratios, none)).toBe(9850);
    expect(priceBand('sell', prices(10_000, 9000), ratios, none)).toBe(9800);
  });

  it('widens on the side of the premium only', () => {
    const above = premiumOf([
      [10_039, 10_042, 10_000],
      [10_039, 10_042, 10_000],
    ]);
    const below = premiumOf([[9958, 9961, 10_000]]);
    expect([priceBand('buy', prices(10_000), ratios, above), priceBand('sell', prices(10_000), ratios, above)]).toEqual([10_140, 9900]);
    expect([priceBand('buy', prices(10_000), ratios, below), priceBand('sell', prices(10_000), ratios, below)]).toEqual([10_100, 9860]);
  });

  it('forgets a premium after thirty samples', () => {
    const old = Array.from({ length: 30 }, () => [10_060, 10_060, 10_000] as [number, number, number]);
    const calm = Array.from({ length: 30 }, () => [10_000, 10_000, 10_000] as [number, number, number]);
    expect(priceBand('buy', prices(10_000), ratios, premiumOf(old))).toBe(10_160);
    expect(priceBand('buy', prices(10_000), ratios, premiumOf([...old, ...calm.slice(0, 15)]))).toBe(10_130);
    expect(priceBand('buy', prices(10_000), ratios, premiumOf([...old, ...calm]))).toBe(10_100);
  });

  it('is what the formula says, on the near side of a price between ticks', () => {
    const price = fc.integer({ min: 1000, max: 20_000_000 });
    const shift = fc.integer({ min: -900, max: 900 });
    fc.assert(
      fc.property(price, shift, shift, fc.integer({ min: 1, max: 30 }), (mark, off, premium, samples) => {
        const average = premiumOf(
          Array.from({ length: samples }, () => [mark + premium, mark + premium, mark] as [number, number, number]),
        );
        const index = mark + off;
        const exact = (ratio: number): bigint => BigInt(mark) * BigInt(1_000_000 + ratio);
        const floor = (ratio: number): number => Number(exact(ratio) / 1_000_000n);
        const ceil = (ratio: number): number => Number((exact(ratio) + 999_999n) / 1_000_000n);
        const buy = Math.min(floor(20_000), Math.max(index, floor(10_000) + Math.max(0, premium)));
        const sell = Math.max(ceil(-20_000), Math.min(index, ceil(-10_000) + Math.min(0, premium)), 1);
        expect(priceBand('buy', prices(mark, index), ratios, average)).toBe(buy);
        expect(priceBand('sell', prices(mark, index), ratios, average)).toBe(sell);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a price outside the band', () => {
  it('is moved to the nearest inside, also by an amend', () => {
    const { venue, place } = quietVenue();
    const sell = accepted(place(0, 'sell', START * 0.95, 10));
    const buy = accepted(place(1, 'buy', START * 1.5, 5));
    expect(sell.price).toBe(START * 0.99);
    expect(buy).toMatchObject({ price: START * 1.01, status: 'Filled' });
    expect(accepted(venue.amend(0, { ...ref(sell), price: ticks(START * 0.9), quantity: lots(8) }))).toMatchObject({
      price: START * 0.99,
      quantity: 8,
    });
  });

  it('is refused while the account has that setting', () => {
    const { venue, place } = quietVenue();
    venue.setPriceAction(0, 'reject');
    expect(codeOf(place(0, 'buy', START * 1.02, 10))).toBe(110003);
    expect(codeOf(place(1, 'buy', START * 1.02, 10))).toBe(0);
    const order = accepted(place(0, 'buy', START, 10));
    expect(codeOf(venue.amend(0, { ...ref(order), price: ticks(START * 1.02), quantity: undefined }))).toBe(110003);
    venue.setPriceAction(0, 'adjust');
    expect(codeOf(place(0, 'buy', START * 1.02, 10))).toBe(0);
  });

  it('never trades beyond the instrument', () => {
    const { venue, place } = quietVenue();
    expect(codeOf(place(0, 'buy', 20_000_000, 1))).toBe(110003);
    expect(venue.market(SYMBOL)?.priceLimit('buy')).toBe(START * 1.01);
  });
});
