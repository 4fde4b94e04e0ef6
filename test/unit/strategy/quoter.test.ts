import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import type { Settings } from '../../../src/config/fields.ts';
import { touchOf } from '../../../src/model/book.ts';
import { instrumentOf } from '../../../src/model/instrument.ts';
import { sign, type Side } from '../../../src/model/order.ts';
import { exactly } from '../../../src/model/position.ts';
import { lots } from '../../../src/model/units.ts';
import { avellanedaStoikovForm } from '../../../src/strategy/models/avellaneda-stoikov.ts';
import { glftForm } from '../../../src/strategy/models/glft.ts';
import { microPrice } from '../../../src/strategy/fair-value.ts';
import { DEFAULT_FLOW } from '../../../src/strategy/flow.ts';
import type { Quote } from '../../../src/strategy/quote.ts';
import { MODEL_NAMES } from '../../../src/strategy/models/table.ts';
import { makeQuotes, quoteTerms, type QuoteInputs } from '../../../src/strategy/quoter.ts';
import { floorTickLots } from '../../../src/strategy/rounding.ts';
import { defined } from '../../../src/util/assert.ts';
import { BTC, bookOf } from '../../support/builders/builders.ts';

const defaults = resolve({}).settings;

function settingsWith(quoting: Partial<Settings['quoting']> = {}): QuoteInputs['settings'] {
  return { ...defaults, quoting: { ...defaults.quoting, orderSizeUsd: 2000, ...quoting } };
}

function inputs(bid: number, ask: number, position: number, overrides: Partial<QuoteInputs> = {}): QuoteInputs {
  const book = overrides.book ?? bookOf([[bid, 5000]], [[ask, 5000]]);
  const touch = defined(touchOf(book), 'touch');
  const settings = overrides.settings ?? settingsWith();
  const instrument = overrides.instrument ?? BTC;
  return {
    instrument,
    book,
    touch,
    fairValue: microPrice(touch),
    held: exactly(lots(position)),
    inventoryRatio: (position * bid) / floorTickLots(settings.risk.maxPositionUsd, instrument),
    isReducing: false,
    volatilityBps: 1,
    flow: DEFAULT_FLOW,
    adaptiveBps: undefined,
    sizeFactor: { buy: 1, sell: 1 },
    spreadFactor: 1,
    postOnlyBackoff: { buy: false, sell: false },
    feeFloorBps: Number.NEGATIVE_INFINITY,
    settings,
    ...overrides,
  };
}

const quotesFor = (given: QuoteInputs): readonly Quote[] => makeQuotes(given, quoteTerms(given)).quotes;
const of = (side: Side, quotes: readonly Quote[]): Quote[] => quotes.filter((quote) => quote.side === side);

/** Any instrument from 1e-8 to 10 a tick, any sound book, any position inside the limit. */
const world = fc.record({
  tick: fc.constantFrom(['0.00000001', '100'], ['0.000001', '1'], ['0.01', '0.1'], ['0.10', '0.001'], ['10', '0.01']),
  bid: fc.integer({ min: 2, max: 5_000_000 }),
  gap: fc.integer({ min: 1, max: 2000 }),
  steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 })), { minLength: 1, maxLength: 12 }),
  positionRatio: fc.double({ min: -1, max: 1, noNaN: true }),
  model: fc.constantFrom(...MODEL_NAMES),
  levels: fc.integer({ min: 1, max: 5 }),
  levelSpacingBps: fc.constantFrom(0.01, 0.4, 5),
  baseSpreadBps: fc.constantFrom(0.1, 0.85, 8, 500),
  volatilityBps: fc.constantFrom(0, 0.5, 3, 1e6),
  spreadFactor: fc.double({ min: 1, max: 10, noNaN: true }),
  feeFloorBps: fc.constantFrom(Number.NEGATIVE_INFINITY, -0.5, 0, 2.5, 40),
  shy: fc.tuple(fc.boolean(), fc.boolean()),
  isReducing: fc.boolean(),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function inputsIn(w: World): QuoteInputs {
  const [tickSize, qtyStep] = w.tick;
  const instrument = instrumentOf({
    symbol: 'XUSDT',
    baseCoin: 'X',
    quoteCoin: 'USDT',
    settleCoin: 'USDT',
    status: 'trading',
    tickSize: defined(tickSize, 'tick'),
    qtyStep: defined(qtyStep, 'lot'),
    minQuantity: defined(qtyStep, 'lot'),
    maxQuantity: '1000000000',
    minNotional: '0.0001',
    maxLeverage: '10',
    priceDecimals: 8,
  });
  let [down, up] = [w.bid, w.bid + w.gap];
  const bids = w.steps
    .map(([step, quantity], i): [number, number] => [(down -= i === 0 ? 0 : step), quantity])
    .filter(([price]) => price > 0);
  const asks = w.steps.map(([step, quantity], i): [number, number] => [(up += i === 0 ? 0 : step), quantity]);
  const { model, levels, levelSpacingBps, baseSpreadBps, spreadFactor, volatilityBps, isReducing } = w;
  const settings = settingsWith({ model, levels, levelSpacingBps, baseSpreadBps });
  const most = Math.floor(floorTickLots(settings.risk.maxPositionUsd, instrument) / w.bid);
  return inputs(w.bid, w.bid + w.gap, Math.trunc(most * w.positionRatio) || 0, {
    instrument,
    book: bookOf(bids, asks),
    settings,
    spreadFactor,
    volatilityBps,
    isReducing,
    feeFloorBps: w.feeFloorBps,
    postOnlyBackoff: { buy: w.shy[0], sell: w.shy[1] },
  });
}

describe('quoter', () => {
  test('for any book, tick and position every bid is below every ask, and none would take from the book', () => {
    fc.assert(
      fc.property(world, (w) => {
        const given = inputsIn(w);
        const quotes = quotesFor(given);
        const [bids, asks] = [of('buy', quotes), of('sell', quotes)];
        const best = { bid: Math.max(...bids.map(({ price }) => price)), ask: Math.min(...asks.map(({ price }) => price)) };
        expect(best.bid).toBeLessThan(best.ask);
        for (const { price } of bids) expect(price).toBeLessThan(given.touch.ask.price);
        for (const { price } of asks) expect(price).toBeGreaterThan(given.touch.bid.price);
        for (const { price, quantity } of quotes) {
          expect(Number.isSafeInteger(price) && price > 0).toBe(true);
          expect(Number.isSafeInteger(quantity) && quantity > 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('for any position all quotes of a side together stay inside the maximum position, or only shrink it', () => {
    fc.assert(
      fc.property(world, (w) => {
        const given = inputsIn(w);
        for (const side of ['buy', 'sell'] as const) {
          const quotes = of(side, quotesFor(given));
          const total = quotes.reduce((sum, { quantity }) => sum + quantity, 0);
          const after = given.held.high + sign(side) * total;
          const dearest = Math.max(0, ...quotes.map(({ price }) => price));
          const most = floorTickLots(given.settings.risk.maxPositionUsd, given.instrument);
          const isInside = given.isReducing
            ? Math.abs(after) <= Math.abs(given.held.high)
            : total === 0 || sign(side) * after <= 0 || Math.abs(after) * dearest <= most;
          expect(isInside).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('the levels of a side lie apart, each behind the one before', () => {
    fc.assert(
      fc.property(world, (w) => {
        const quotes = quotesFor(inputsIn(w));
        for (const side of ['buy', 'sell'] as const) {
          const prices = of(side, quotes).map(({ price }) => price * -sign(side));
          expect(prices).toEqual([...new Set(prices)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 1000 },
    );
    const ladder = quotesFor(inputs(599_999, 600_001, 0, { settings: settingsWith({ levels: 3, levelSpacingBps: 1 }) }));
    expect(of('buy', ladder).map(({ level, price }) => [level, price])).toEqual([
      [0, 599_760],
      [1, 599_700],
      [2, 599_640],
    ]);
    expect(of('sell', ladder).map(({ price }) => price)).toEqual([600_240, 600_300, 600_360]);
  });

  test('the distance between the quotes is the spread, rounded outwards', () => {
    const [bid, ask] = quotesFor(inputs(599_999, 600_001, 0));
    // 8 bps of 600,000 ticks are 480 ticks.
    expect(defined(ask, 'ask').price - defined(bid, 'bid').price).toBe(480);
  });

  test('an adaptive spread widens the base and never narrows it', () => {
    expect(quoteTerms(inputs(599_999, 600_001, 0, { adaptiveBps: 9 })).halfSpreadBps).toBe(4.5);
    expect(quoteTerms(inputs(599_999, 600_001, 0, { adaptiveBps: 2 })).halfSpreadBps).toBe(4);
    expect(quoteTerms(inputs(599_999, 600_001, 0, { adaptiveBps: 9, spreadFactor: 1.5 })).halfSpreadBps).toBe(6.75);
  });

  test('a long position moves both quotes down, a short one up, continuously and within the caps', () => {
    const skew = (ratio: number): number => quoteTerms(inputs(599_999, 600_001, 0, { inventoryRatio: ratio })).skewBps;
    expect(skew(0)).toBe(0);
    expect(skew(0.02)).toBeCloseTo(0.2, 12);
    expect(skew(-0.02)).toBeCloseTo(-0.2, 12);
    expect(skew(0.5)).toBe(0.6);
    const narrow = inputs(599_999, 600_001, 0, { inventoryRatio: 0.5, settings: settingsWith({ baseSpreadBps: 0.85 }) });
    expect(quoteTerms(narrow).skewBps).toBeCloseTo(0.17, 12);
  });

  test('with any model a longer position never raises a quote', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 20 }), (w, more) => {
        const given = inputsIn({ ...w, isReducing: false });
        const longer = { ...given, held: exactly(lots(given.held.high + more)), inventoryRatio: given.inventoryRatio + 0.001 * more };
        expect(quoteTerms(longer).skewBps).toBeGreaterThanOrEqual(quoteTerms(given).skewBps);
      }),
      { numRuns: 1000 },
    );
  });

  test('the closed forms count the position in orders of full size, and stay above the base spread', () => {
    // 2,000 USD at 60,000 are 33 lots; a position of 66 lots is two orders.
    const terms = (model: Settings['quoting']['model'], baseSpreadBps = 0.1) =>
      quoteTerms(inputs(599_999, 600_001, 66, { volatilityBps: 0.9, settings: settingsWith({ model, baseSpreadBps }) }));
    const as = avellanedaStoikovForm({ gamma: 0.1, sigma: 0.9, decay: DEFAULT_FLOW.decayPerBps, horizon: 10 });
    expect(terms('avellaneda-stoikov').halfSpreadBps).toBe(as.half);
    expect(terms('avellaneda-stoikov').skewBps).toBeCloseTo(2 * as.skewPerUnit, 12);
    const form = glftForm({ gamma: 0.1, sigma: 0.9, intensity: DEFAULT_FLOW.perSecond, decay: DEFAULT_FLOW.decayPerBps, size: 1 });
    expect(terms('glft').halfSpreadBps).toBe(form.half);
    expect(terms('glft').skewBps).toBeCloseTo(2 * form.skewPerUnit, 12);
    expect(terms('glft', 100).halfSpreadBps).toBe(50);
  });

  test('for any book, position and skew no quote is nearer to fair value than the fee floor', () => {
    fc.assert(
      fc.property(world, (w) => {
        const given = inputsIn(w);
        const floor = (given.feeFloorBps * given.fairValue) / 10_000;
        const rounding = 1e-9 * given.fairValue;
        for (const { side, price, plainPrice } of quotesFor(given)) {
          for (const each of [price, plainPrice])
            expect(side === 'buy' ? given.fairValue - each : each - given.fairValue).toBeGreaterThanOrEqual(floor - rounding);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('the fee floor holds only the side that skew or the queue pulls too near', () => {
    const settings = settingsWith({ baseSpreadBps: 8, maxSkewBps: 3, skewBpsPerPercent: 1, inventoryTiltCapRatio: 1, queueNudgeMaxBps: 0 });
    const distances = (feeFloorBps: number): number[] => {
      const given = inputs(599_999, 600_001, 100, { feeFloorBps, settings });
      return quotesFor(given).map(({ price }) => Number((Math.abs(price - given.fairValue) / (given.fairValue / 10_000)).toFixed(1)));
    };
    expect(distances(Number.NEGATIVE_INFINITY)).toEqual([7, 1]);
    expect(distances(2.5)).toEqual([7, 2.5]);
    const towardQueue = settingsWith({ baseSpreadBps: 5, queueNudgeMaxBps: 0.5 });
    const book = bookOf([[599_851, 5000]], [[600_149, 5000]]);
    const nudges = (feeFloorBps: number): number[] => {
      const given = inputs(599_851, 600_149, 0, { book, feeFloorBps, settings: towardQueue });
      const { bidNudgeCentiBps, askNudgeCentiBps } = makeQuotes(given, quoteTerms(given));
      return [bidNudgeCentiBps, askNudgeCentiBps];
    };
    expect(nudges(2)[0]).toBeGreaterThan(0);
    expect(nudges(2.5)).toEqual([0, 0]);
  });

  test('a size factor shrinks an order to the smallest that the exchange takes, never to nothing', () => {
    const given = inputs(599_999, 600_001, 0, { sizeFactor: { buy: 0.5, sell: 0.5 }, settings: settingsWith({ orderSizeUsd: 61 }) });
    expect(quotesFor(given).map(({ quantity }) => quantity)).toEqual([1, 1]);
  });

  test('a ladder whose levels cannot shrink has fewer of them', () => {
    const shrunk = (orderSizeUsd: number) =>
      quotesFor(inputs(599_999, 600_001, 0, { sizeFactor: { buy: 0.5, sell: 1 }, settings: settingsWith({ levels: 4, orderSizeUsd }) }));
    expect(of('buy', shrunk(610)).map(({ quantity }) => quantity)).toEqual([5, 5, 5, 5]);
    expect(of('sell', shrunk(610)).map(({ quantity }) => quantity)).toEqual([10, 10, 10, 10]);
    expect(of('buy', shrunk(61)).map(({ quantity }) => quantity)).toEqual([1, 1]);
  });

  test('the nearer the position is to its maximum, the smaller the orders that enlarge it', () => {
    // The maximum is 333 lots.
    const sizes = (position: number) => quotesFor(inputs(599_999, 600_001, position)).map(({ side, quantity }) => [side, quantity]);
    expect(sizes(0)).toEqual([
      ['buy', 33],
      ['sell', 33],
    ]);
    expect(sizes(166)).toEqual([
      ['buy', 16],
      ['sell', 33],
    ]);
    expect(sizes(332)).toEqual([
      ['buy', 1],
      ['sell', 33],
    ]);
    expect(sizes(333)).toEqual([['sell', 33]]);
  });

  test('when only reducing is allowed, the levels together are at most the position', () => {
    const given = inputs(599_999, 600_001, 50, { isReducing: true, settings: settingsWith({ levels: 3 }) });
    expect(quotesFor(given).map(({ side, quantity }) => [side, quantity])).toEqual([
      ['sell', 33],
      ['sell', 17],
    ]);
  });

  test('an order is at most its share of the depth shown, and none when that is below the minimum', () => {
    const thin = inputs(599_999, 600_001, 0, { book: bookOf([[599_999, 20]], [[600_001, 9]]) });
    expect(quotesFor(thin).map(({ side, quantity }) => [side, quantity])).toEqual([['buy', 2]]);
  });
});
