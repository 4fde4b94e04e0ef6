import type { Settings } from '../config/fields.ts';
import type { BookSide, BookView, Touch } from '../model/book.ts';
import { stepsToNumber } from '../model/grid.ts';
import type { Instrument } from '../model/instrument.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import type { Quote } from './quote.ts';
import { askTicks, bidTicks, floorLots } from './rounding.ts';

/** What a quote is made from: prices in ticks, the rest as named. */
export interface QuoteInputs {
  readonly instrument: Instrument;
  readonly book: BookView;
  readonly touch: Touch;
  readonly fairValue: number;
  /** Position over the maximum position, signed. */
  readonly inventoryRatio: number;
  /** From the risk guards: 1 unless a SOFT level is reached. */
  readonly sizeFactor: number;
  readonly spreadFactor: number;
  readonly settings: Pick<Settings, 'quoting' | 'risk'>;
}

export interface QuoteTerms {
  readonly halfSpreadBps: number;
  /** Positive moves both quotes down: we are long and want to sell. */
  readonly skewBps: number;
}

const DEPTH_LEVELS = 5;

export function quoteTerms({ inventoryRatio, spreadFactor, settings: { quoting } }: QuoteInputs): QuoteTerms {
  const spreadBps = quoting.baseSpreadBps * spreadFactor;
  const cap = Math.min(quoting.maxSkewBps, quoting.inventoryTiltCapRatio * spreadBps);
  const skewBps = Math.max(-cap, Math.min(cap, quoting.skewBpsPerPercent * inventoryRatio * 100));
  return { halfSpreadBps: spreadBps / 2, skewBps };
}

/** One bid and one ask, each post-only safe against the given book; a side whose quantity is too small is left out. */
export function makeQuotes(inputs: QuoteInputs, { halfSpreadBps, skewBps }: QuoteTerms): Quote[] {
  const { fairValue, touch, instrument, book } = inputs;
  const perBps = fairValue / 10_000;
  const centre = fairValue - skewBps * perBps;
  const bid = ticks(Math.min(bidTicks(centre - halfSpreadBps * perBps), touch.ask.price - 1));
  const ask = ticks(Math.max(askTicks(centre + halfSpreadBps * perBps), touch.bid.price + 1, bid + 1));
  const quotes: Quote[] = [
    { side: 'buy', level: 0, price: bid, quantity: quoteQuantity(inputs, book.bids, bid) },
    { side: 'sell', level: 0, price: ask, quantity: quoteQuantity(inputs, book.asks, ask) },
  ];
  return quotes.filter(({ price, quantity }) => price > 0 && isPlaceable(instrument, price, quantity));
}

/**
 * The least of: the configured size, its share of the maximum position, its share of the depth shown. A size factor
 * shrinks it to what the exchange still takes, not to nothing: a position could then never be worked off.
 */
function quoteQuantity({ instrument, sizeFactor, settings: { quoting, risk } }: QuoteInputs, side: BookSide, price: Ticks): Lots {
  const usd = Math.min(quoting.orderSizeUsd, quoting.maxDeltaRatio * risk.maxPositionUsd, risk.maxOrderUsd);
  const full = floorLots(usd / stepsToNumber(price, instrument.tick), instrument.lot);
  const wanted = Math.min(full, Math.max(Math.floor(full * sizeFactor), smallestQuantity(instrument, price)));
  const shown = Math.floor(quoting.impactCapRatio * shownQuantity(side));
  return lots(Math.min(wanted, shown, instrument.maxQuantity));
}

function shownQuantity(side: BookSide): number {
  let total = 0;
  for (let i = 0; i < DEPTH_LEVELS; i += 1) total += side.quantity(i) ?? 0;
  return total;
}

function isPlaceable(instrument: Instrument, price: Ticks, quantity: Lots): boolean {
  return quantity >= smallestQuantity(instrument, price);
}

function smallestQuantity({ minQuantity, minNotional }: Instrument, price: Ticks): number {
  return Math.max(minQuantity, Math.ceil(minNotional / price));
}
