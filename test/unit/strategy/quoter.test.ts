import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { touchOf } from '../../../src/model/book.ts';
import { microPrice } from '../../../src/strategy/fair-value.ts';
import { makeQuotes, quoteTerms, type QuoteInputs } from '../../../src/strategy/quoter.ts';
import { defined } from '../../../src/util/assert.ts';
import { BTC, bookOf } from '../../support/builders.ts';

const defaults = resolve({}).settings;
const settings = { ...defaults, quoting: { ...defaults.quoting, orderSizeUsd: 2000 } };

function inputs(bid: number, ask: number, inventoryRatio: number, overrides: Partial<QuoteInputs> = {}): QuoteInputs {
  const book = bookOf([[bid, 5000]], [[ask, 5000]]);
  const touch = defined(touchOf(book), 'touch');
  return {
    instrument: BTC,
    book,
    touch,
    fairValue: microPrice(touch),
    inventoryRatio,
    sizeFactor: 1,
    spreadFactor: 1,
    settings,
    ...overrides,
  };
}

describe('quoter', () => {
  test('never crosses the book and keeps its bid below its ask, for any book, inventory and spread factor', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 2_000_000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (bid, spread, inventoryRatio, spreadFactor) => {
          const given = inputs(bid, bid + spread, inventoryRatio, { spreadFactor });
          const quotes = makeQuotes(given, quoteTerms(given));
          const ours = { bid: quotes.find(({ side }) => side === 'buy'), ask: quotes.find(({ side }) => side === 'sell') };
          expect(quotes.length).toBe(2);
          expect(defined(ours.bid, 'bid').price).toBeLessThan(given.touch.ask.price);
          expect(defined(ours.ask, 'ask').price).toBeGreaterThan(given.touch.bid.price);
          expect(defined(ours.bid, 'bid').price).toBeLessThan(defined(ours.ask, 'ask').price);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('the distance between the quotes is the spread, rounded outwards', () => {
    const given = inputs(599_999, 600_001, 0);
    const [bid, ask] = makeQuotes(given, quoteTerms(given));
    // 8 bps of 600,000 ticks are 480 ticks.
    expect(defined(ask, 'ask').price - defined(bid, 'bid').price).toBe(480);
  });

  test('a long position moves both quotes down, a short one up, continuously and within the caps', () => {
    const skew = (ratio: number): number => quoteTerms(inputs(599_999, 600_001, ratio)).skewBps;
    expect(skew(0)).toBe(0);
    expect(skew(0.02)).toBeCloseTo(0.2, 12);
    expect(skew(-0.02)).toBeCloseTo(-0.2, 12);
    expect(skew(0.5)).toBe(0.6);
    const narrow = inputs(599_999, 600_001, 0.5, { settings: { ...settings, quoting: { ...settings.quoting, baseSpreadBps: 0.85 } } });
    expect(quoteTerms(narrow).skewBps).toBeCloseTo(0.17, 12);
  });

  test('a size factor shrinks an order to the smallest that the exchange takes, never to nothing', () => {
    const small = { ...settings, quoting: { ...settings.quoting, orderSizeUsd: 61 } };
    const given = inputs(599_999, 600_001, 0.5, { sizeFactor: 0.5, settings: small });
    expect(makeQuotes(given, quoteTerms(given)).map(({ quantity }) => quantity)).toEqual([1, 1]);
  });

  test('an order is at most its share of the depth shown, and none when that is below the minimum', () => {
    const thin = inputs(599_999, 600_001, 0, { book: bookOf([[599_999, 20]], [[600_001, 9]]) });
    const quotes = makeQuotes(thin, quoteTerms(thin));
    expect(quotes.map(({ side, quantity }) => [side, quantity])).toEqual([['buy', 2]]);
  });
});
