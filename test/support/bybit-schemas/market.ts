import { z } from 'zod';
import {
  anyText,
  coin,
  id,
  integer,
  number,
  onGrid,
  orNone,
  positive,
  sequence,
  side,
  symbol,
  timeNumber,
  timeText,
  unsigned,
} from './texts.ts';

const ratio = unsigned;

/** market/instruments-info, category linear. */
export const linearInstrument = z.strictObject({
  symbol,
  symbolId: z.int(),
  contractType: z.enum(['LinearPerpetual', 'LinearFutures']),
  status: z.enum(['PreLaunch', 'Trading', 'Delivering', 'Closed']),
  baseCoin: coin,
  quoteCoin: coin,
  settleCoin: coin,
  symbolType: anyText,
  launchTime: timeText,
  deliveryTime: z.union([z.literal('0'), timeText]),
  deliveryFeeRate: orNone(ratio),
  priceScale: integer,
  leverageFilter: z.strictObject({ minLeverage: positive, maxLeverage: positive, leverageStep: positive }),
  priceFilter: z.strictObject({ minPrice: positive, maxPrice: positive, tickSize: positive }),
  lotSizeFilter: z.strictObject({
    minOrderQty: positive,
    maxOrderQty: positive,
    maxMktOrderQty: positive,
    postOnlyMaxOrderQty: positive,
    qtyStep: positive,
    minNotionalValue: positive,
  }),
  unifiedMarginTrade: z.boolean(),
  fundingInterval: z.int().positive(),
  copyTrading: z.enum(['none', 'both', 'utaOnly', 'normalOnly']),
  upperFundingRate: number,
  lowerFundingRate: number,
  isPreListing: z.boolean(),
  preListingInfo: z.null(),
  riskParameters: z.strictObject({ priceLimitRatioX: ratio, priceLimitRatioY: ratio }),
});

/** The same, category spot. */
export const spotInstrument = z.strictObject({
  symbol,
  symbolId: z.int(),
  baseCoin: coin,
  quoteCoin: coin,
  innovation: z.enum(['0', '1']),
  status: z.enum(['PreLaunch', 'Trading', 'Closed']),
  marginTrading: z.enum(['none', 'both', 'utaOnly', 'normalSpotOnly']),
  stTag: z.enum(['0', '1']),
  symbolType: anyText,
  lotSizeFilter: z.strictObject({
    basePrecision: positive,
    quotePrecision: positive,
    minOrderQty: positive,
    maxOrderQty: positive,
    minOrderAmt: positive,
    maxOrderAmt: positive,
    maxLimitOrderQty: positive,
    maxMarketOrderQty: positive,
    postOnlyMaxLimitOrderSize: positive,
  }),
  priceFilter: z.strictObject({ tickSize: positive }),
  riskParameters: z.strictObject({ priceLimitRatioX: ratio, priceLimitRatioY: ratio }),
});

const dayFields = {
  symbol,
  lastPrice: positive,
  prevPrice24h: positive,
  price24hPcnt: number,
  highPrice24h: positive,
  lowPrice24h: positive,
  turnover24h: unsigned,
  volume24h: unsigned,
};
const bestFields = { bid1Price: orNone(positive), bid1Size: orNone(positive), ask1Price: orNone(positive), ask1Size: orNone(positive) };
const contractFields = {
  ...dayFields,
  ...bestFields,
  prevPrice1h: positive,
  markPrice: positive,
  indexPrice: positive,
  openInterest: unsigned,
  openInterestValue: unsigned,
  fundingRate: number,
  nextFundingTime: timeText,
  fundingIntervalHour: integer,
  fundingCap: ratio,
  preOpenPrice: orNone(positive),
  preQty: orNone(positive),
  curPreListingPhase: orNone(
    z.enum(['NotStarted', 'Finished', 'CallAuction', 'CallAuctionNoCancel', 'CrossMatching', 'ContinuousTrading']),
  ),
};
const tickDirection = z.enum(['PlusTick', 'ZeroPlusTick', 'MinusTick', 'ZeroMinusTick']);
const tickerGrid = onGrid(
  ['lastPrice', 'prevPrice24h', 'highPrice24h', 'lowPrice24h', 'prevPrice1h', 'bid1Price', 'ask1Price'],
  ['volume24h', 'openInterest', 'bid1Size', 'ask1Size'],
);

/** market/tickers; ccxt knows a contract by `openInterestValue` and spot by `usdIndexPrice`. */
export const linearTicker = z.strictObject(contractFields).superRefine(tickerGrid);
export const spotTicker = z.strictObject({ ...dayFields, ...bestFields, usdIndexPrice: orNone(positive) });

const contractPush = z.strictObject({ ...contractFields, tickDirection });
const envelopeOf = <T extends z.ZodType>(data: T, type: 'snapshot' | 'delta') =>
  z.strictObject({ topic: z.string(), type: z.literal(type), data, cs: sequence, ts: timeNumber });
export const linearTickerPush = z.union([
  envelopeOf(contractPush.superRefine(tickerGrid), 'snapshot'),
  envelopeOf(contractPush.partial().required({ symbol: true }).superRefine(tickerGrid), 'delta'),
]);
export const spotTickerPush = envelopeOf(z.strictObject({ ...dayFields, usdIndexPrice: orNone(positive) }), 'snapshot');

const level = z.tuple([positive, positive]);
const changedLevel = z.tuple([positive, unsigned]);
const sorted = (side: 'bids' | 'asks') => (levels: readonly (readonly [string, string])[]) =>
  levels.every(([price], i) => i === 0 || Number(levels[i - 1]?.[0]) > Number(price) === (side === 'bids'));

const bookFields = { s: symbol, u: z.int().positive(), seq: sequence };
const snapshotSides = {
  b: z.array(level).refine(sorted('bids'), 'not descending'),
  a: z.array(level).refine(sorted('asks'), 'not ascending'),
};

/** market/orderbook. */
export const restBook = z.strictObject({ ...bookFields, ...snapshotSides, ts: timeNumber, cts: timeNumber });

const bookPushFields = { topic: z.string(), ts: timeNumber, cts: timeNumber };
export const bookPush = z.union([
  z.strictObject({ ...bookPushFields, type: z.literal('snapshot'), data: z.strictObject({ ...bookFields, ...snapshotSides }) }),
  z
    .strictObject({
      ...bookPushFields,
      type: z.literal('delta'),
      data: z.strictObject({ ...bookFields, b: z.array(changedLevel), a: z.array(changedLevel) }),
    })
    .refine(({ topic }) => !topic.startsWith('orderbook.1.'), 'depth 1 has snapshots only'),
]);

/** market/kline: start, open, high, low, close, volume, turnover. */
export const candle = z.tuple([timeText, positive, positive, positive, positive, unsigned, unsigned]);

const interval = z.enum(['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D', 'W', 'M']);
export const klinePush = z.strictObject({
  topic: z.string(),
  type: z.literal('snapshot'),
  ts: timeNumber,
  data: z.array(
    z.strictObject({
      start: timeNumber,
      end: timeNumber,
      interval,
      open: positive,
      close: positive,
      high: positive,
      low: positive,
      volume: unsigned,
      turnover: unsigned,
      confirm: z.boolean(),
      timestamp: timeNumber,
    }),
  ),
});

/** market/recent-trade. */
export const recentTrade = z.strictObject({
  execId: id,
  symbol,
  price: positive,
  size: positive,
  side,
  time: timeText,
  isBlockTrade: z.boolean(),
  isRPITrade: z.boolean(),
  seq: integer,
});

const trade = { T: timeNumber, s: symbol, S: side, v: positive, p: positive, i: id, BT: z.boolean(), RPI: z.boolean(), seq: sequence };
const tradesOf = <T extends z.ZodType>(row: T) =>
  z.strictObject({ topic: z.string(), type: z.literal('snapshot'), ts: timeNumber, data: z.array(row).min(1).max(1024) });
export const linearTradesPush = tradesOf(z.strictObject({ ...trade, L: tickDirection }).superRefine(onGrid(['p'], ['v'])));
export const spotTradesPush = tradesOf(z.strictObject(trade));

const limits = { symbol, buyLmt: positive, sellLmt: positive };
export const priceLimit = z.strictObject({ ...limits, ts: timeText });
export const priceLimitPush = z.strictObject({ topic: z.string(), data: z.strictObject(limits), ts: timeNumber });

export const liquidationPush = z.strictObject({
  topic: z.string(),
  type: z.literal('snapshot'),
  ts: timeNumber,
  data: z.array(z.strictObject({ T: timeNumber, s: symbol, S: side, v: positive, p: positive })).min(1),
});

export const fundingRow = z.strictObject({ symbol, fundingRate: number, fundingRateTimestamp: timeText });
export const serverTime = z
  .strictObject({ timeSecond: z.string().regex(/^\d{10}$/), timeNano: z.string().regex(/^\d{19}$/) })
  .refine(({ timeSecond, timeNano }) => timeNano.startsWith(timeSecond), 'the two times differ');
