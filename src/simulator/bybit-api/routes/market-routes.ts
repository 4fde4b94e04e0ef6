import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { OrderVenue } from '../../venue/venue.ts';
import { candleRow, KLINE_MINUTES, type Candles } from '../feeds/candles.ts';
import type { MarketLine } from '../rows/market-line.ts';
import { bookSides, fundingRow, limitRow, tradeRow } from '../rows/market-rows.ts';
import { pageByName } from './pages.ts';
import { optionalText, readCategory, readLimit } from '../params/params.ts';
import { failure, parameterError, succeeded, type Refusal, type Reply } from './replies.ts';
import { publicGet, type Call, type Routes } from './routes.ts';

export interface MarketData {
  readonly venue: OrderVenue;
  readonly line: MarketLine;
  readonly candlesOf: (symbol: string) => Candles;
  /** `u` of the deepest book topic. */
  readonly updateIdOf: (symbol: string) => number;
}

export function marketRoutes(data: MarketData): Routes {
  const { venue, line } = data;
  const listing = (answer: (call: Call) => Reply, empty = emptyList): ReturnType<typeof publicGet> =>
    publicGet((call) => servedOr(empty, line, call, answer));
  const ofSymbol = (answer: (market: VenueMarket, call: Call) => Reply): ReturnType<typeof publicGet> =>
    publicGet((call) => {
      const market = readCategory(call.params, line.category) === 'served' ? venue.market(textIn(call.params['symbol'])) : undefined;
      return market === undefined ? failure(parameterError('symbol invalid')) : answer(market, call);
    });
  return {
    '/v5/market/time': publicGet(({ now }) => time(now)),
    '/v5/market/instruments-info': listing((call) => instruments(data, call), emptyPage),
    '/v5/market/tickers': listing((call) => tickers(data, call)),
    '/v5/market/funding/history': listing((call) => fundingHistory(venue, call)),
    '/v5/market/orderbook': ofSymbol((market, call) => orderbook(data, market, call)),
    '/v5/market/kline': ofSymbol((market, call) => kline(data, market, call)),
    '/v5/market/recent-trade': ofSymbol((market, call) => recentTrades(line, market, call)),
    '/v5/market/price-limit': ofSymbol((market, { now }) => priceLimit(market, now)),
  };
}

function time(now: number): Reply {
  return succeeded({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` });
}

/** Where all instruments fit in one page, `limit` and `cursor` are ignored. */
function instruments({ venue, line }: MarketData, { params }: Call): Reply {
  const limit = line.hasPages ? readLimit(params, 500, 1000) : venue.symbols.length;
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
  const cursor = line.hasPages ? textIn(params['cursor']) : '';
  const { items, nextPageCursor } = pageByName(markets, limit, cursor, ({ instrument }) => instrument.symbol);
  const list = items.map((market) => line.instrumentRow(market));
  return succeeded({ category: line.category, ...(line.hasPages ? { nextPageCursor } : {}), list });
}

function tickers({ venue, line }: MarketData, { params }: Call): Reply {
  const symbols = symbolsOf(venue, params);
  if ('code' in symbols) return failure(symbols);
  const list = symbols.flatMap((symbol) => {
    const market = venue.market(symbol);
    return market === undefined ? [] : [line.tickerRow(market)];
  });
  return succeeded({ category: line.category, list });
}

/** Newest first. A start without an end is rejected. */
function fundingHistory(venue: OrderVenue, { params, now }: Call): Reply {
  const market = venue.market(textIn(params['symbol']));
  if (market === undefined) return failure(parameterError('symbol invalid'));
  const limit = readLimit(params, 200, 200);
  if (typeof limit === 'object') return failure(limit);
  const start = numberIn(params['startTime']);
  const end = numberIn(params['endTime']);
  if (start !== undefined && end === undefined) return failure(parameterError('startTime without endTime'));
  const settled = (market.funding?.settlements ?? []).filter(({ at }) => at >= (start ?? 0) && at <= (end ?? now));
  const list = settled.toReversed().slice(0, limit);
  return succeeded({ category: 'linear', list: list.map((settlement) => fundingRow(settlement, market)) });
}

function orderbook({ line, updateIdOf }: MarketData, market: VenueMarket, { params, now }: Call): Reply {
  const depth = readLimit(params, line.usualDepth, 1000);
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

function kline({ line, candlesOf }: MarketData, { instrument }: VenueMarket, { params, now }: Call): Reply {
  const limit = readLimit(params, 200, 1000);
  if (typeof limit === 'object') return failure(limit);
  const minutes = KLINE_MINUTES.get(textIn(params['interval']));
  if (minutes === undefined) return failure(parameterError('interval invalid'));
  const from = numberIn(params['start']) ?? 0;
  const to = numberIn(params['end']) ?? now;
  const candles = candlesOf(instrument.symbol).list(minutes, now, Number.POSITIVE_INFINITY);
  const list = candles.filter(({ start }) => start >= from && start <= to).slice(0, limit);
  return succeeded({ symbol: instrument.symbol, category: line.category, list: list.map((candle) => candleRow(candle, instrument)) });
}

/** Newest first. */
function recentTrades(line: MarketLine, market: VenueMarket, { params }: Call): Reply {
  const limit = readLimit(params, line.usualTrades, line.mostTrades);
  if (typeof limit === 'object') return failure(limit);
  const newest = market.recentTrades.slice(-limit).toReversed();
  return succeeded({ category: line.category, list: newest.map((trade) => tradeRow(trade, market)) });
}

function priceLimit(market: VenueMarket, now: number): Reply {
  return succeeded({ ...limitRow(market), ts: String(now) });
}

function symbolsOf(venue: OrderVenue, params: JsonObject): readonly string[] | Refusal {
  const symbol = optionalText(params, 'symbol');
  if (symbol === undefined) return venue.symbols;
  return venue.market(symbol) === undefined ? parameterError('symbol invalid') : [symbol];
}

function servedOr(empty: (params: JsonObject) => Reply, line: MarketLine, call: Call, answer: (call: Call) => Reply): Reply {
  const category = readCategory(call.params, line.category);
  if (typeof category === 'object') return failure(category);
  return category === 'empty' ? empty(call.params) : answer(call);
}

function emptyList(params: JsonObject): Reply {
  return succeeded({ category: textIn(params['category']), list: [] });
}

function emptyPage(params: JsonObject): Reply {
  return succeeded({ category: textIn(params['category']), nextPageCursor: '', list: [] });
}
