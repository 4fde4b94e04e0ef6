import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lots, ticks } from '../../../../src/model/units.ts';
import { createVenue } from '../../../../src/simulator/embedded-venue.ts';
import { presetOf } from '../../../../src/simulator/instruments.ts';
import { LiveMarket } from '../../../../src/simulator/replay/live-market.ts';
import { TRADE_QUEUE } from '../../../../src/simulator/replay/queue-models.ts';
import type { PlaceRequest } from '../../../../src/simulator/venue/requests.ts';
import { formatSteps } from '../../../../src/model/grid.ts';
import { instrumentOf, type Instrument } from '../../../../src/model/instrument.ts';
import { defined } from '../../../../src/util/assert.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { bookOf, BTC } from '../../../support/builders/builders.ts';
import { limit } from '../venues.ts';

type Levels = readonly (readonly [number, number])[];

function playing() {
  const clock = new VirtualClock(1_767_225_600_000);
  const source = new LiveMarket([BTC], TRADE_QUEUE);
  const venue = createVenue({ clock, random: seededRandom('live'), symbols: ['BTCUSDT'], market: 'none', accounts: 1, source });
  venue.start();
  const show = (bids: Levels, asks: Levels): void => {
    source.observe({ type: 'book', symbol: 'BTCUSDT', book: bookOf(bids, asks), at: clock.now() });
  };
  const trade = (side: 'buy' | 'sell', price: number, quantity: number): void => {
    const trades = [{ price: ticks(price), quantity: lots(quantity), side, at: clock.now() }];
    source.observe({ type: 'trades', symbol: 'BTCUSDT', trades, at: clock.now() });
  };
  const ticker = { symbol: 'BTCUSDT', markPrice: ticks(650_000), indexPrice: ticks(650_001), lastPrice: undefined };
  source.observe({ type: 'ticker', ticker, at: clock.now() });
  return { source, venue, show, trade, market: defined(venue.market('BTCUSDT'), 'BTCUSDT') };
}

const order = (price: number, quantity: number, terms: Partial<PlaceRequest> = {}): PlaceRequest => ({
  ...limit('buy', price, quantity),
  timeInForce: 'PostOnly',
  ...terms,
});

describe('a market that another exchange shows', () => {
  test('lists the other exchange’s instrument on its own grid and with its own limits', () => {
    // 0.10 and 0.1 are one step, written in two ways.
    const shown = ({ tick, ...rest }: Instrument): object => ({ ...rest, price: formatSteps(12_345, tick) });
    for (const instrument of [BTC, instrumentOf(presetOf('DOGEUSDT').terms)]) {
      const { terms } = new LiveMarket([instrument], TRADE_QUEUE).preset(instrument.symbol);
      expect(shown(instrumentOf(terms))).toEqual(shown(instrument));
    }
  });

  test('a trade fills a resting order only with what went past the queue that was there first', () => {
    const { venue, show, trade } = playing();
    show([[650_000, 1000]], [[650_001, 2000]]);
    venue.place(0, order(650_000, 700));
    trade('sell', 650_000, 900);
    expect(venue.executions(0)).toEqual([]);
    trade('sell', 650_000, 400);
    expect(venue.executions(0)).toMatchObject([{ price: 650_000, quantity: 300, isMaker: true, leavesQuantity: 400 }]);
    trade('buy', 650_001, 5000);
    expect(venue.executions(0)).toHaveLength(1);
  });

  test('levels that are not in an update keep their queues: we are first only when a level is removed', () => {
    const { venue, show, trade } = playing();
    show([[650_000, 1000]], [[650_001, 2000]]);
    venue.place(0, order(650_000, 700));
    show([[650_000, 1000]], [[650_001, 50]]);
    show([[650_000, 100]], [[650_001, 50]]);
    trade('sell', 650_000, 900);
    expect(venue.executions(0)).toEqual([]);
    show([[649_990, 5]], [[650_001, 50]]);
    show([[650_000, 400]], [[650_001, 50]]);
    trade('sell', 650_000, 10);
    expect(venue.executions(0)).toMatchObject([{ quantity: 10 }]);
  });

  test('a book that crosses an order fills it at its own price, with what that book shows', () => {
    const { venue, show } = playing();
    show([[650_000, 1000]], [[650_010, 2000]]);
    venue.place(0, order(650_005, 700));
    show([[649_900, 1000]], [[649_950, 500]]);
    expect(venue.executions(0)).toMatchObject([{ price: 650_005, quantity: 500, isMaker: true }]);
  });

  test('while it shows nothing, nothing fills', () => {
    const { source, venue, trade } = playing();
    trade('sell', 1, 1_000_000);
    source.observe({ type: 'bookLost', symbol: 'BTCUSDT', reason: 'gap' });
    expect(venue.executions(0)).toEqual([]);
  });

  test('its book is the book that was shown, whatever was shown before', () => {
    const side = (from: number, step: number): fc.Arbitrary<Levels> =>
      fc
        .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 50 })
        .chain((offsets) =>
          fc.tuple(...offsets.map((offset) => fc.tuple(fc.constant(from + step * offset), fc.integer({ min: 1, max: 9 })))),
        );
    const book = fc.tuple(side(650_000, -1), side(650_001, 1));
    fc.assert(
      fc.property(fc.array(book, { minLength: 1, maxLength: 6 }), (books) => {
        const { show, market } = playing();
        for (const [bids, asks] of books) show(bids, asks);
        const [bids, asks] = books.at(-1) ?? [[], []];
        const shown = bookOf(bids, asks);
        for (const name of ['bids', 'asks'] as const) {
          expect(market.book[name].length).toBe(shown[name].length);
          for (let i = 0; i < shown[name].length; i += 1) expect(market.book[name].level(i)).toEqual(shown[name].level(i));
        }
      }),
      { numRuns: 200 },
    );
  });
});
