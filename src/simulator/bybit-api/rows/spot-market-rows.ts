import type { SpotPreset } from '../../spot/spot-instruments.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import { priceText, quantityText, rateText, valueText } from './texts.ts';

/** A row of market/instruments-info. */
export function spotInstrumentRow({ terms, ...pair }: SpotPreset): object {
  return {
    symbol: terms.symbol,
    symbolId: 0,
    baseCoin: terms.baseCoin,
    quoteCoin: terms.quoteCoin,
    innovation: '0',
    symbolType: '',
    status: 'Trading',
    marginTrading: 'none',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: terms.qtyStep,
      quotePrecision: pair.quotePrecision,
      minOrderQty: terms.minQuantity,
      maxOrderQty: terms.maxQuantity,
      minOrderAmt: terms.minNotional,
      maxOrderAmt: pair.maxNotional,
      maxLimitOrderQty: terms.maxQuantity,
      maxMarketOrderQty: pair.maxMarketQuantity,
      postOnlyMaxLimitOrderSize: terms.maxQuantity,
    },
    priceFilter: { tickSize: terms.tickSize },
    riskParameters: { priceLimitRatioX: rateText(pair.priceLimit), priceLimitRatioY: rateText(pair.outerPriceLimit) },
  };
}

/** A row of market/tickers. */
export function spotTickerRow(market: VenueMarket): Readonly<Record<string, string>> {
  const { instrument, book } = market;
  const bid = book.bids.level(0);
  const ask = book.asks.level(0);
  const { symbol = '', ...rest } = spotTickerPush(market);
  return {
    symbol,
    bid1Price: bid === undefined ? '' : priceText(bid.price, instrument),
    bid1Size: bid === undefined ? '' : quantityText(bid.quantity, instrument),
    ask1Price: ask === undefined ? '' : priceText(ask.price, instrument),
    ask1Size: ask === undefined ? '' : quantityText(ask.quantity, instrument),
    ...rest,
  };
}

/** The data of the `tickers` topic. */
export function spotTickerPush(market: VenueMarket): Readonly<Record<string, string>> {
  const { instrument, day, lastPrice } = market;
  return {
    symbol: instrument.symbol,
    lastPrice: priceText(lastPrice, instrument),
    highPrice24h: priceText(day.high, instrument),
    lowPrice24h: priceText(day.low, instrument),
    prevPrice24h: priceText(day.open, instrument),
    volume24h: quantityText(day.volume, instrument),
    turnover24h: valueText(day.turnover, instrument),
    price24hPcnt: ((lastPrice - day.open) / day.open).toFixed(4),
    usdIndexPrice: priceText(market.indexPrice, instrument),
  };
}
