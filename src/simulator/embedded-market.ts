import type { BookView } from '../model/book.ts';
import { parseSteps } from '../model/grid.ts';
import { instrumentOf, type FeeRates, type Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import { assert, defined } from '../util/assert.ts';
import { scaledTowardZero, scaledUp } from './arithmetic.ts';
import { TradedHours } from './day-statistics.ts';
import type { InstrumentPreset } from './instruments.ts';
import { MatchingEngine, type BookOrder } from './matching-engine.ts';
import type { DayStatistics, VenueMarket, VenueTrade } from './venue.ts';

const RECENT_TRADES = 1000;
const MILLION = 1_000_000;

export type MarketMatchListener = (market: EmbeddedMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots) => void;

/** One symbol: its engine, and what is public about it. */
export class EmbeddedMarket implements VenueMarket {
  readonly preset: InstrumentPreset;
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  readonly engine: MatchingEngine;
  readonly maxMarketQuantity: Lots;
  readonly maxPrice: Ticks;
  readonly recentTrades: VenueTrade[] = [];
  changedAt: number;
  lastPrice: Ticks;
  markPrice: Ticks;
  indexPrice: Ticks;
  openInterest: Lots;
  /** The crowd's net position: minus that of all client accounts. */
  crowdQuantity = 0;
  readonly #hours: TradedHours;
  readonly #now: () => number;
  #seenSequence = 0;

  constructor(preset: InstrumentPreset, fees: FeeRates, onMatch: MarketMatchListener, now: () => number) {
    this.preset = preset;
    this.instrument = instrumentOf(preset.terms);
    this.fees = fees;
    this.engine = new MatchingEngine((maker, taker, price, quantity) => onMatch(this, maker, taker, price, quantity));
    const startPrice = ticks(steps(preset.startPrice, this.instrument.tick));
    this.maxPrice = ticks(steps(preset.maxPrice, this.instrument.tick));
    this.maxMarketQuantity = lots(steps(preset.maxMarketQuantity, this.instrument.lot));
    this.openInterest = lots(steps(preset.openInterest, this.instrument.lot));
    this.lastPrice = startPrice;
    this.markPrice = startPrice;
    this.indexPrice = startPrice;
    this.changedAt = now();
    this.#hours = new TradedHours(startPrice, now());
    this.#now = now;
  }

  get book(): BookView {
    return this.engine.book;
  }

  get sequence(): number {
    return this.engine.sequence;
  }

  get day(): DayStatistics {
    return this.#hours.read(this.#now());
  }

  /** The worst price a buy or sell may name now. */
  priceLimit(side: Side): Ticks {
    const { priceLimit } = this.preset;
    if (side === 'sell') return ticks(Math.max(1, scaledUp(this.markPrice, MILLION - priceLimit, MILLION)));
    return ticks(Math.min(this.maxPrice, scaledTowardZero(this.markPrice, MILLION + priceLimit, MILLION)));
  }

  record(trade: VenueTrade): void {
    this.lastPrice = trade.price;
    this.#hours.add(trade.price, trade.quantity, trade.at);
    this.recentTrades.push(trade);
    if (this.recentTrades.length > RECENT_TRADES) this.recentTrades.shift();
  }

  /** After anything that may have changed the book. */
  stamp(now: number): void {
    if (this.#seenSequence === this.sequence) return;
    this.#seenSequence = this.sequence;
    this.changedAt = now;
    assert(!this.engine.book.isCrossed, 'the book is crossed');
  }
}

function steps(text: string, grid: Instrument['tick']): number {
  return defined(parseSteps(text, grid), `'${text}' on its grid`);
}
