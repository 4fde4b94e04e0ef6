import type { ExchangeEvent } from '../../exchange/exchange.ts';
import type { BookSide, BookView, LevelChange } from '../../model/book.ts';
import { formatStepsShort } from '../../model/grid.ts';
import type { Instrument } from '../../model/instrument.ts';
import { lots, ppm, ATOMS_SCALE } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import { toText } from '../../util/decimal.ts';
import type { InstrumentPreset } from '../instruments.ts';
import type { MarketSource, MarketStage } from '../market-source.ts';
import type { MatchListener } from '../matching/order-matching.ts';
import type { QueueModel } from './queue-models.ts';
import { ReplayMatching } from './replay-matching.ts';

/** Depth of the subscribed book topic, in levels per side. */
const DEPTH = 50;

/** Another exchange’s live market with our simulated orders, each at an estimated place in its queue. */
export class LiveMarket implements MarketSource {
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #queueModel: QueueModel;
  readonly #matchings = new Map<string, ReplayMatching>();
  #stage: MarketStage | undefined;
  #trades = 0;

  constructor(instruments: readonly Instrument[], queueModel: QueueModel) {
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    this.#queueModel = queueModel;
  }

  preset(symbol: string): InstrumentPreset {
    return presetFor(defined(this.#instruments.get(symbol), `instrument ${symbol}`));
  }

  matchingOf(symbol: string): (onMatch: MatchListener) => ReplayMatching {
    return (onMatch) => {
      const matching = new ReplayMatching(this.#queueModel, onMatch);
      this.#matchings.set(symbol, matching);
      return matching;
    };
  }

  start(stage: MarketStage): void {
    this.#stage = stage;
  }

  stop(): void {
    this.#stage = undefined;
  }

  /**
   * Takes the events of the other exchange. While none arrive, nothing trades: an order that the market crossed meanwhile is
   * filled at its own price when the next book shows it.
   */
  observe(event: ExchangeEvent): void {
    const stage = this.#stage;
    if (stage === undefined) return;
    if (event.type === 'book') this.#book(stage, event.symbol, event.book);
    else if (event.type === 'trades') this.#traded(stage, event);
    else if (event.type === 'ticker') this.#priced(stage, event);
  }

  #book(stage: MarketStage, symbol: string, shown: BookView): void {
    const matching = this.#matchings.get(symbol);
    if (matching === undefined) return;
    const bids = changes(matching.book.bids, shown.bids);
    const asks = changes(matching.book.asks, shown.asks);
    matching.apply({ whole: false, bids, asks, depth: DEPTH });
    stage.markets.get(symbol)?.stamp(stage.now());
  }

  #traded(stage: MarketStage, { symbol, trades }: Extract<ExchangeEvent, { type: 'trades' }>): void {
    const market = stage.markets.get(symbol);
    const matching = this.#matchings.get(symbol);
    if (market === undefined || matching === undefined || market.book.isEmpty) return;
    for (const { price, quantity, side } of trades) {
      matching.trade(side, price, quantity);
      this.#trades += 1;
      const printed = { id: `live-${this.#trades}`, price, quantity, side, at: stage.now(), sequence: market.sequence };
      market.record(printed);
      stage.publish({ type: 'trade', symbol, trade: printed });
    }
    market.stamp(stage.now());
  }

  #priced(stage: MarketStage, { ticker }: Extract<ExchangeEvent, { type: 'ticker' }>): void {
    const market = stage.markets.get(ticker.symbol);
    if (market === undefined) return;
    if (ticker.markPrice !== undefined) market.markPrice = ticker.markPrice;
    if (ticker.indexPrice !== undefined) market.indexPrice = ticker.indexPrice;
  }
}

/** The changes from one book to the next in the form of the streams: a level that is gone has quantity 0. */
function changes(known: BookSide, shown: BookSide): readonly LevelChange[] {
  const found: LevelChange[] = [];
  for (let i = 0; i < known.length; i += 1) {
    const price = known.price(i);
    if (price !== undefined && shown.quantityAt(price) === 0) found.push({ price, quantity: lots(0) });
  }
  for (let i = 0; i < Math.min(shown.length, DEPTH); i += 1) {
    const price = shown.price(i);
    if (price === undefined) continue;
    const quantity = shown.quantityAt(price);
    if (quantity !== known.quantityAt(price)) found.push({ price, quantity: lots(quantity) });
  }
  return found;
}

/** The other exchange’s listing; where it does not state a limit, the widest of Bybit. */
function presetFor(instrument: Instrument): InstrumentPreset {
  const { symbol, baseCoin, quoteCoin, settleCoin, status, tick, lot, maxLeverage, minQuantity, maxQuantity } = instrument;
  const tickSize = toText(tick.step);
  return {
    terms: {
      symbol,
      baseCoin,
      quoteCoin,
      settleCoin,
      status,
      tickSize,
      qtyStep: toText(lot.step),
      minQuantity: formatStepsShort(minQuantity, lot),
      maxQuantity: formatStepsShort(maxQuantity, lot),
      minNotional: toText({ units: BigInt(instrument.minNotional) * BigInt(instrument.atomsPerTickLot), scale: ATOMS_SCALE }),
      maxLeverage: String(maxLeverage),
      priceDecimals: tick.decimals,
    },
    minPrice: tickSize,
    maxPrice: formatStepsShort(MAX_TICKS, tick),
    maxMarketQuantity: formatStepsShort(maxQuantity, lot),
    priceLimit: ppm(50_000),
    outerPriceLimit: ppm(100_000),
    maintenanceMargin: ppm(5000),
    launchAt: LAUNCHED_AT,
    startPrice: tickSize,
    depthRatio: 1,
    volatilityRatio: 1,
    openInterest: '0',
  };
}

const MAX_TICKS = 20_000_000;
const LAUNCHED_AT = 1_600_000_000_000;
