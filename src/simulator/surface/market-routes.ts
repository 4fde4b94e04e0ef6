import { parseSteps } from '../../model/grid.ts';
import { ticks } from '../../model/units.ts';
import { numberIn, textIn, type JsonObject } from '../../util/json.ts';
import { scaledTowardZero, scaledUp } from '../arithmetic.ts';
import { presetOf } from '../instruments.ts';
import type { Venue, VenueMarket } from '../venue.ts';
import { candleRow, KLINE_MINUTES, type Candles } from './candles.ts';
import { bookSides, instrumentRow, tickerRow, tradeRow } from './market-rows.ts';
import { pageByName } from './pages.ts';
import { optionalText, readCategory, readLimit } from './params.ts';
import { failure, parameterError, succeeded, type Refusal, type Reply } from './replies.ts';
import { publicGet, type Call, type Routes } from './routes.ts';
import { priceText } from './texts.ts';

const MILLION = 1_000_000;

export interface MarketData {
  readonly venue: Venue;
  readonly candlesOf: (symbol: string) => Candles;
  /** `u` of the deepest book topic. */
  readonly updateIdOf: (symbol: string) => number;
}

export function marketRoutes(data: MarketData): Routes {
  const { venue } = data;
  const listing = (answer: (call: Call) => Reply): ReturnType<typeof publicGet> => publicGet((call) => linearOr(emptyList, call, answer));
  const ofSymbol = (answer: (market: VenueMarket, call: Call) => Reply): ReturnType<typeof publicGet> =>
    publicGet((call) => {
      const market = readCategory(call.params) === 'linear' ? venue.market(textIn(call.params['symbol'])) : undefined;
      return market === undefined ? failure(parameterError('symbol invalid')) : answer(market, call);
    });
  return {
    '/v5/market/time': publicGet(({ now }) => time(now)),
    '/v5/market/instruments-info': listing((call) => instruments(venue, call)),
    '/v5/market/tickers': listing((call) => tickers(venue, call)),
    '/v5/market/funding/history': listing(({ params }) => emptyList(params)),
    '/v5/market/orderbook': ofSymbol((market, call) => orderbook(data, market, call)),
    '/v5/market/kline': ofSymbol((market, call) => kline(data, market, call)),
    '/v5/market/recent-trade': ofSymbol(recentTrades),
    '/v5/market/price-limit': ofSymbol((market, { now }) => priceLimit(market, now)),
  };
}

function time(now: number): Reply {
  return succeeded({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` });
}

function instruments(venue: Venue, { params }: Call): Reply {
  const limit = readLimit(params, 500, 1000);
  if (typeof limit === 'object') return failure(limit);
  const symbols = symbolsOf(venue, params);
  if ('code' in symbols) return failure(symbols);
  const isTrading = (optionalText(params, 'status') ?? 'Trading') === 'Trading';
  const baseCoin = optionalText(params, 'baseCoin');
  const markets = symbols.flatMap((symbol) => {
    const market = venue.market(symbol);
    const isWanted = isTrading && (baseCoin ?? market?.instrument.baseCoin) === market?.instrument.baseCoin;
    return market === undefined || !isWanted ? [] : [market];
  });
  const { items, nextPageCursor } = pageByName(markets, limit, textIn(params['cursor']), ({ instrument }) => instrument.symbol);
  return succeeded({ category: 'linear', nextPageCursor, list: items.map(instrumentRow) });
}

function tickers(venue: Venue, { params, now }: Call): Reply {
  const symbols = symbolsOf(venue, params);
  if ('code' in symbols) return failure(symbols);
  const list = symbols.flatMap((symbol) => {
    const market = venue.market(symbol);
    return market === undefined ? [] : [tickerRow(market, now)];
  });
  return succeeded({ category: 'linear', list });
}

function orderbook({ updateIdOf }: MarketData, market: VenueMarket, { params, now }: Call): Reply {
  const depth = readLimit(params, 25, 1000);
  if (typeof depth === 'object') return failure(depth);
  const { symbol } = market.instrument;
  return succeeded({
    s: symbol,
    ...bookSides(market.book, depth, market),
    ts: now,
    u: updateIdOf(symbol),
    seq: market.sequence,
    cts: market.changedAt,
  });
}

function kline({ candlesOf }: MarketData, { instrument }: VenueMarket, { params, now }: Call): Reply {
  const limit = readLimit(params, 200, 1000);
  if (typeof limit === 'object') return failure(limit);
  const minutes = KLINE_MINUTES[textIn(params['interval'])];
  if (minutes === undefined) return failure(parameterError('interval invalid'));
  const from = numberIn(params['start']) ?? 0;
  const to = numberIn(params['end']) ?? now;
  const candles = candlesOf(instrument.symbol).list(minutes, now, Number.POSITIVE_INFINITY);
  const list = candles.filter(({ start }) => start >= from && start <= to).slice(0, limit);
  return succeeded({ symbol: instrument.symbol, category: 'linear', list: list.map((candle) => candleRow(candle, instrument)) });
}

/** Newest first. */
function recentTrades(market: VenueMarket, { params }: Call): Reply {
  const limit = readLimit(params, 500, 1000);
  if (typeof limit === 'object') return failure(limit);
  const newest = market.recentTrades.slice(-limit).toReversed();
  return succeeded({ category: 'linear', list: newest.map((trade) => tradeRow(trade, market)) });
}

/** What the venue enforces: so far from the mark price. */
function priceLimit({ instrument, markPrice }: VenueMarket, now: number): Reply {
  const { priceLimit: ratio, maxPrice } = presetOf(instrument.symbol);
  const highest = Math.min(scaledTowardZero(markPrice, MILLION + ratio, MILLION), parseSteps(maxPrice, instrument.tick) ?? Infinity);
  const lowest = Math.max(1, scaledUp(markPrice, MILLION - ratio, MILLION));
  return succeeded({
    symbol: instrument.symbol,
    buyLmt: priceText(ticks(highest), instrument),
    sellLmt: priceText(ticks(lowest), instrument),
    ts: String(now),
  });
}

function symbolsOf(venue: Venue, params: JsonObject): readonly string[] | Refusal {
  const symbol = optionalText(params, 'symbol');
  if (symbol === undefined) return venue.symbols;
  return venue.market(symbol) === undefined ? parameterError('symbol invalid') : [symbol];
}

function linearOr(empty: (params: JsonObject) => Reply, call: Call, answer: (call: Call) => Reply): Reply {
  const category = readCategory(call.params);
  if (typeof category === 'object') return failure(category);
  return category === 'empty' ? empty(call.params) : answer(call);
}

function emptyList(params: JsonObject): Reply {
  return succeeded({ category: textIn(params['category']), nextPageCursor: '', list: [] });
}
