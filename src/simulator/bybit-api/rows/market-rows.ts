import type { BookView } from '../../../model/book.ts';
import { FUNDING_CAP, FUNDING_HOURS } from '../../accounts/funding.ts';
import { presetOf } from '../../instruments.ts';
import type { FundingSettlement, VenueMarket, VenueTrade } from '../../venue/market-data.ts';
import { markedValueText } from './account-rows.ts';
import { fundingText, priceText, quantityText, rateText, sideText, valueText } from './texts.ts';

/** A row of market/instruments-info. */
export function instrumentRow({ instrument }: VenueMarket): object {
  const preset = presetOf(instrument.symbol);
  const { terms } = preset;
  return {
    symbol: terms.symbol,
    symbolId: 0,
    contractType: 'LinearPerpetual',
    status: 'Trading',
    baseCoin: terms.baseCoin,
    quoteCoin: terms.quoteCoin,
    settleCoin: terms.settleCoin,
    symbolType: '',
    launchTime: String(preset.launchAt),
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(terms.priceDecimals),
    leverageFilter: { minLeverage: '1', maxLeverage: terms.maxLeverage, leverageStep: '0.01' },
    priceFilter: { minPrice: preset.minPrice, maxPrice: preset.maxPrice, tickSize: terms.tickSize },
    lotSizeFilter: {
      minOrderQty: terms.minQuantity,
      maxOrderQty: terms.maxQuantity,
      maxMktOrderQty: preset.maxMarketQuantity,
      postOnlyMaxOrderQty: terms.maxQuantity,
      qtyStep: terms.qtyStep,
      minNotionalValue: terms.minNotional,
    },
    unifiedMarginTrade: true,
    fundingInterval: FUNDING_HOURS * 60,
    copyTrading: 'none',
    upperFundingRate: fundingText(FUNDING_CAP),
    lowerFundingRate: fundingText(-FUNDING_CAP),
    isPreListing: false,
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: rateText(preset.priceLimit), priceLimitRatioY: rateText(preset.outerPriceLimit) },
  };
}

/** A row of market/tickers. */
export function tickerRow(market: VenueMarket): Readonly<Record<string, string>> {
  return { symbol: market.instrument.symbol, ...tickerFields(market) };
}

/** Of a contract, all but the symbol. */
export function tickerFields(market: VenueMarket): Readonly<Record<string, string>> {
  const { instrument, day, book, funding } = market;
  const bid = book.bids.level(0);
  const ask = book.asks.level(0);
  return {
    lastPrice: priceText(market.lastPrice, instrument),
    prevPrice24h: priceText(day.open, instrument),
    price24hPcnt: ((market.lastPrice - day.open) / day.open).toFixed(6),
    highPrice24h: priceText(day.high, instrument),
    lowPrice24h: priceText(day.low, instrument),
    prevPrice1h: priceText(day.hourOpen, instrument),
    markPrice: priceText(market.markPrice, instrument),
    indexPrice: priceText(market.indexPrice, instrument),
    openInterest: quantityText(market.openInterest, instrument),
    openInterestValue: markedValueText(market),
    turnover24h: valueText(day.turnover, instrument),
    volume24h: quantityText(day.volume, instrument),
    fundingIntervalHour: String(FUNDING_HOURS),
    fundingCap: fundingText(FUNDING_CAP),
    nextFundingTime: String(funding?.nextAt ?? 0),
    fundingRate: fundingText(funding?.rate ?? 0),
    bid1Price: bid === undefined ? '' : priceText(bid.price, instrument),
    bid1Size: bid === undefined ? '' : quantityText(bid.quantity, instrument),
    ask1Price: ask === undefined ? '' : priceText(ask.price, instrument),
    ask1Size: ask === undefined ? '' : quantityText(ask.quantity, instrument),
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
  };
}

/** A row of market/funding/history. */
export function fundingRow({ rate, at }: FundingSettlement, { instrument }: VenueMarket): object {
  return { symbol: instrument.symbol, fundingRate: fundingText(rate), fundingRateTimestamp: String(at) };
}

/** `b` and `a` of a book message: the best `depth` levels. */
export function bookSides(book: BookView, depth: number, { instrument }: VenueMarket): { b: string[][]; a: string[][] } {
  const side = ({ bids, asks }: BookView, name: 'bids' | 'asks'): string[][] => {
    const levels = name === 'bids' ? bids : asks;
    return Array.from({ length: Math.min(depth, levels.length) }, (_, index) => {
      const level = levels.level(index);
      return level === undefined ? [] : [priceText(level.price, instrument), quantityText(level.quantity, instrument)];
    });
  };
  return { b: side(book, 'bids'), a: side(book, 'asks') };
}

/** A row of market/price-limit and of the `priceLimit` topic. */
export function limitRow(market: VenueMarket): Readonly<Record<'symbol' | 'buyLmt' | 'sellLmt', string>> {
  const { instrument } = market;
  return {
    symbol: instrument.symbol,
    buyLmt: priceText(market.priceLimit('buy'), instrument),
    sellLmt: priceText(market.priceLimit('sell'), instrument),
  };
}

/** A row of market/recent-trade. */
export function tradeRow(trade: VenueTrade, { instrument }: VenueMarket): object {
  return {
    execId: trade.id,
    symbol: instrument.symbol,
    price: priceText(trade.price, instrument),
    size: quantityText(trade.quantity, instrument),
    side: sideText(trade.side),
    time: String(trade.at),
    isBlockTrade: false,
    isRPITrade: false,
    seq: String(trade.sequence),
  };
}
