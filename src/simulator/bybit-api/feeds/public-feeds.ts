import { defined } from '../../../util/assert.ts';
import type { Clock } from '../../../util/clock.ts';
import type { VenueLiquidation, VenueMarket, VenueTrade } from '../../venue/market-data.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import { BOOK_PERIOD_MS, BookSource, FIRST_UPDATE_ID } from './book-feed.ts';
import { Candles, KLINE_MINUTES } from './candles.ts';
import { PeriodicFeed, type Feed } from './feed.ts';
import { KLINE_PERIOD_MS, KlineSource } from './kline-feed.ts';
import { LiquidationFeed } from './liquidation-feed.ts';
import { PRICE_LIMIT_PERIOD_MS, PriceLimitSource } from './price-limit-feed.ts';
import type { Category } from '../params/params.ts';
import { SPOT_TICKER_PERIOD_MS, SpotTickerSource, TICKER_PERIOD_MS, TickerSource } from './ticker-feed.ts';
import { TradeFeed } from './trade-feed.ts';

const DEEPEST = 1000;

/** The public data that changes with time: one feed per topic, created at its first subscription. */
export class PublicFeeds {
  readonly #venue: OrderVenue;
  readonly #clock: Clock;
  readonly #category: Category;
  readonly #feeds = new Map<string, Feed>();
  readonly #books = new Map<string, BookSource>();
  readonly #candles: ReadonlyMap<string, Candles>;
  readonly #trades: ReadonlyMap<string, TradeFeed>;
  readonly #liquidations: ReadonlyMap<string, LiquidationFeed>;

  constructor(venue: OrderVenue, clock: Clock, category: Category) {
    this.#venue = venue;
    this.#clock = clock;
    this.#category = category;
    const markets = venue.symbols.map((symbol): [string, VenueMarket] => [symbol, defined(venue.market(symbol), symbol)]);
    this.#candles = new Map(markets.map(([symbol, { lastPrice }]) => [symbol, new Candles(lastPrice, clock.now())]));
    this.#trades = new Map(markets.map(([symbol, market]) => [symbol, new TradeFeed(market, clock, category)]));
    const contracts = category === 'spot' ? [] : markets;
    this.#liquidations = new Map(contracts.map(([symbol, market]) => [symbol, new LiquidationFeed(market, clock)]));
  }

  onTrade(symbol: string, trade: VenueTrade): void {
    this.#candles.get(symbol)?.add(trade);
    this.#trades.get(symbol)?.add(trade);
  }

  onLiquidation(symbol: string, liquidation: VenueLiquidation): void {
    this.#liquidations.get(symbol)?.add(liquidation);
  }

  candlesOf(symbol: string): Candles {
    return defined(this.#candles.get(symbol), `candles of ${symbol}`);
  }

  updateIdOf(symbol: string): number {
    return this.#books.get(`orderbook.${DEEPEST}.${symbol}`)?.updateId ?? FIRST_UPDATE_ID;
  }

  /** Undefined for an unknown topic. */
  feedOf(topic: string): Feed | undefined {
    const known = this.#feeds.get(topic);
    if (known !== undefined) return known;
    const feed = this.#make(topic);
    if (feed !== undefined) this.#feeds.set(topic, feed);
    return feed;
  }

  #make(topic: string): Feed | undefined {
    const parts = topic.split('.');
    const market = this.#venue.market(parts.at(-1) ?? '');
    const [name, detail = ''] = parts;
    if (market === undefined) return undefined;
    if (parts.length === 2) return this.#makePlain(name, market);
    if (parts.length !== 3) return undefined;
    return name === 'orderbook' ? this.#book(topic, market, detail) : name === 'kline' ? this.#kline(market, detail) : undefined;
  }

  #makePlain(name: string | undefined, market: VenueMarket): Feed | undefined {
    if (name === 'publicTrade') return this.#tradesOf(market);
    if (name === 'tickers') return this.#ticker(market);
    if (name === 'allLiquidation') return this.#liquidations.get(market.instrument.symbol);
    if (name !== 'priceLimit') return undefined;
    return new PeriodicFeed(this.#clock, PRICE_LIMIT_PERIOD_MS, new PriceLimitSource(market, this.#clock));
  }

  #tradesOf({ instrument }: VenueMarket): TradeFeed {
    return defined(this.#trades.get(instrument.symbol), `trades of ${instrument.symbol}`);
  }

  #ticker(market: VenueMarket): Feed {
    if (this.#category === 'spot') return new PeriodicFeed(this.#clock, SPOT_TICKER_PERIOD_MS, new SpotTickerSource(market, this.#clock));
    const trades = this.#tradesOf(market);
    return new PeriodicFeed(this.#clock, TICKER_PERIOD_MS, new TickerSource(market, this.#clock, () => trades.tickDirection));
  }

  #book(topic: string, market: VenueMarket, depth: string): Feed | undefined {
    const period = BOOK_PERIOD_MS.get(Number(depth));
    if (period === undefined || String(Number(depth)) !== depth) return undefined;
    const source = new BookSource(market, Number(depth), this.#clock, this.#category);
    this.#books.set(topic, source);
    return new PeriodicFeed(this.#clock, period, source);
  }

  #kline(market: VenueMarket, interval: string): Feed | undefined {
    if (!KLINE_MINUTES.has(interval)) return undefined;
    const candles = this.candlesOf(market.instrument.symbol);
    return new PeriodicFeed(this.#clock, KLINE_PERIOD_MS, new KlineSource(market, candles, interval, this.#clock));
  }
}
