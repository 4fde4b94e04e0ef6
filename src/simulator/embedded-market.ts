import type { BookView } from '../model/book.ts';
import { parseSteps } from '../model/grid.ts';
import { instrumentOf, type FeeRates, type Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import { assert, defined } from '../util/assert.ts';
import { TradedHours } from './day-statistics.ts';
import type { InstrumentPreset } from './instruments.ts';
import type { BookOrder } from './matching/book-order.ts';
import { MatchingEngine } from './matching/matching-engine.ts';
import type { MatchListener, OrderMatching } from './matching/order-matching.ts';
import { PremiumAverage, priceBand } from './matching/price-band.ts';
import { StopOrders } from './orders/stop-orders.ts';
import type { DayStatistics, FundingView, VenueMarket, VenueTrade } from './venue/market-data.ts';

const RECENT_TRADES = 1000;

export type MarketMatchListener = (market: EmbeddedMarket, maker: BookOrder, taker: BookOrder, price: Ticks, quantity: Lots) => void;

export type SelfMatchOfMarket = (market: EmbeddedMarket, maker: BookOrder, taker: BookOrder) => void;

/** Funding of a market here. */
export interface MarketFunding extends FundingView {
  /** From now on `rate`, in parts of 1e8, is settled: the market is another exchange's, which has named it. */
  adopt(rate: number): void;
}

/** One symbol: its matching engine and its public data. */
export class EmbeddedMarket implements VenueMarket {
  readonly preset: InstrumentPreset;
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  readonly engine: OrderMatching;
  /** False for a recording: its public trades are the recorded ones, without the clients’ fills. */
  readonly printsMatches: boolean;
  readonly maxMarketQuantity: Lots;
  readonly maxPrice: Ticks;
  /** Set by the component that settles funding. */
  funding: MarketFunding | undefined;
  readonly recentTrades: VenueTrade[] = [];
  /** Client orders that wait for a trigger price. */
  readonly stops = new StopOrders();
  changedAt: number;
  lastPrice: Ticks;
  markPrice: Ticks;
  indexPrice: Ticks;
  openInterest: Lots;
  /** The net position of the background flow: the negative sum of all client positions. */
  backgroundQuantity = 0;
  readonly #hours: TradedHours;
  readonly #now: () => number;
  readonly #premium = new PremiumAverage();
  #seenSequence = 0;

  /** `matching`: replaces the engine if the market comes from a recording or another exchange. */
  constructor(
    preset: InstrumentPreset,
    fees: FeeRates,
    onMatch: MarketMatchListener,
    now: () => number,
    matching?: (onMatch: MatchListener) => OrderMatching,
    onSelfMatch?: SelfMatchOfMarket,
  ) {
    this.preset = preset;
    this.instrument = instrumentOf(preset.terms);
    this.fees = fees;
    const listener: MatchListener = (maker, taker, price, quantity) => onMatch(this, maker, taker, price, quantity);
    this.engine = matching?.(listener) ?? new MatchingEngine(listener, (maker, taker) => onSelfMatch?.(this, maker, taker));
    this.printsMatches = matching === undefined;
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

  /** The worst price that a buy or sell may have now. */
  priceLimit(side: Side): Ticks {
    const { priceLimit, outerPriceLimit } = this.preset;
    const prices = { mark: this.markPrice, index: this.indexPrice };
    const limit = priceBand(side, prices, { inner: priceLimit, outer: outerPriceLimit }, this.#premium);
    return side === 'buy' ? ticks(Math.min(this.maxPrice, limit)) : limit;
  }

  /** To be called once a second. */
  samplePremium(): void {
    this.#premium.sample(this.book, this.markPrice);
  }

  /** The coin in which an order of this side pays its fees. */
  feeCoin(_side: Side): string {
    return this.instrument.settleCoin;
  }

  record(trade: VenueTrade): void {
    this.lastPrice = trade.price;
    this.stops.saw('last', trade.price);
    this.#hours.add(trade.price, trade.quantity, trade.at);
    this.recentTrades.push(trade);
    if (this.recentTrades.length > RECENT_TRADES) this.recentTrades.shift();
  }

  /** To be called after anything that may have changed the book. */
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
