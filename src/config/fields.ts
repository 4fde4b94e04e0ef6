import { boolean, bps, count, mbPerHour, ms, oneOf, perBps, perMinute, perSecond, ratio, usd, type Field } from './field.ts';

/**
 * All settings. Names of environment variables and flags, validation, `--schema`, the reference in docs/configuration.md and the type
 * `Settings` are derived from this table. No layer can set a value outside its range.
 */
const FIELDS = {
  quoting: {
    model: oneOf(
      ['spread', 'avellaneda-stoikov', 'glft'],
      'spread',
      'How spread and skew are computed: from settings (spread), or by the formulas of Avellaneda-Stoikov or GLFT from volatility, position and the arrival rate of market orders.',
      '--model',
    ),
    fairValue: oneOf(
      ['micro', 'mid', 'imbalance'],
      'micro',
      'Price that quotes are centered on: the mid, or the mid weighted by the quantities at the best prices (micro) or in five levels (imbalance).',
    ),
    baseSpreadBps: bps(
      8,
      [0.1, 500],
      'Minimum distance between our best bid and our best ask; the spread of model `spread` when nothing widens it.',
      {
        flag: '--base-spread-bps',
      },
    ),
    adaptive: boolean(
      false,
      'Model spread: widen the spread beyond the base spread with volatility, low liquidity, latency and loss of the day.',
    ),
    adaptiveBaseBps: bps(1, [0.1, 500], 'Adaptive spread in a calm market, before the amounts below are added.'),
    adaptiveVolatilityBps: bps(
      0.9,
      [0, 100],
      'Added to the adaptive spread when volatility is at or above its SOFT level; below it, proportionally less.',
    ),
    adaptiveLiquidityBps: bps(
      0.4,
      [0, 100],
      'Added to the adaptive spread when five levels hold too little for an order of full size; less when they hold more.',
    ),
    adaptiveLatencyBps: bps(
      0.24,
      [0, 100],
      'Added to the adaptive spread when order latency p95 is at or above its SOFT level; below it, proportionally less.',
    ),
    adaptivePnlBps: bps(
      0.36,
      [0, 100],
      'Added to the adaptive spread when the loss of the day is at its limit; below it, proportionally less.',
    ),
    adaptiveMinBps: bps(0.6, [0.1, 500], 'Minimum of the adaptive spread.'),
    adaptiveMaxBps: bps(2.5, [0.1, 500], 'Maximum of the adaptive spread.'),
    adaptiveStepBps: bps(0.2, [0.01, 500], 'Largest single change of the adaptive spread.'),
    adaptiveCoolOffMs: ms(200, [0, 60_000], 'Minimum time between two changes of the adaptive spread.'),
    skewBpsPerPercent: bps(
      0.1,
      [0, 10],
      'Model spread: how far both quotes move against the position, for each 1 % of the maximum position.',
      { unit: 'bps per %' },
    ),
    maxSkewBps: bps(0.6, [0, 50], 'Model spread: the skew never moves the quotes further than this.'),
    inventoryTiltCapRatio: ratio(0.2, [0, 1], 'Model spread: the skew never moves the quotes by more than this share of the spread.'),
    riskAversionPerBps: perBps(
      0.1,
      [0.0001, 10],
      'Closed-form models: risk aversion gamma, with prices in bps and the position in orders of full size.',
    ),
    horizonMs: ms(10_000, [100, 86_400_000], 'Model avellaneda-stoikov: time horizon over which the position counts as a risk.'),
    feeFloor: boolean(
      true,
      'Keep every quote at least the maker fee and feeMarginBps away from fair value, so that no fill costs more in fees than it captures.',
    ),
    feeMarginBps: bps(0.5, [0, 100], 'Added to the maker fee of the account for the fee floor; a rebate counts as a negative fee.'),
    levels: count(1, [1, 10], 'Number of orders on each side.'),
    levelSpacingBps: bps(1, [0.01, 100], 'Distance between two neighboring levels of one side.'),
    queueNudgeMaxBps: bps(0.5, [0, 10], 'Most that the best quote moves toward fair value for a better position in the queue; 0: never.'),
    queueAheadRatio: ratio(
      0.3,
      [0.01, 1],
      'The best quote makes that move only while more than this share of its side of the book is ahead of it.',
    ),
    queueHeadroomMs: ms(150, [0, 60_000], 'An order younger than this is not moved just for a better position in the queue.'),
    postOnlyOffsetBps: bps(1.5, [0, 50], 'Distance kept from the opposite side for two seconds after a post-only order was rejected.'),
    minIntervalMs: ms(60, [10, 60_000], 'Minimum time between two changes of the orders of one symbol.'),
    replacesPerMinute: perMinute(300, [1, 6000], 'Maximum number of changes of the orders of one symbol in any minute.'),
    maxOrderAgeMs: ms(
      700,
      [50, 600_000],
      'An order older than this moves to its target price even when the move is below repriceThresholdBps.',
    ),
    repriceThresholdBps: bps(
      0.1,
      [0, 50],
      'An order stays where it is, and keeps its position in the queue, when its target price moved by less than this.',
    ),
    orderSizeUsd: usd(200, [1, 1_000_000], 'Value of one order before impactCapRatio and maxDeltaRatio limit it.', {
      flag: '--order-size-usd',
    }),
    impactCapRatio: ratio(0.1, [0.001, 1], 'Maximum size of an order as a share of the quantity in the first five levels of its side.'),
    maxDeltaRatio: ratio(0.15, [0.001, 1], 'Maximum size of an order as a share of the maximum position.'),
    maxInFlight: count(2, [1, 50], 'Maximum number of requests of one symbol that wait for an acknowledgment at the same time.'),
  },
  risk: {
    maxPositionUsd: usd(
      20_000,
      [1, 100_000_000],
      'Maximum position of one symbol, counted as if all open orders of one side were filled.',
      {
        flag: '--max-position-usd',
      },
    ),
    maxOrderUsd: usd(2000, [1, 10_000_000], 'Maximum value of one order.', { flag: '--max-order-usd' }),
    maxOpenOrders: count(50, [1, 500], 'Maximum number of open orders, over all symbols.'),
    maxOpenNotionalUsd: usd(100_000, [1, 1_000_000_000], 'Maximum total value of all open orders.'),
    priceCollarBps: bps(
      100,
      [1, 1000],
      'An order farther than this from the mark price, or from the mid of our own copy of the order book, is denied.',
    ),
    maxDailyLossUsd: usd(1000, [1, 10_000_000], 'Trading freezes when the loss since midnight UTC reaches this.', {
      flag: '--max-daily-loss-usd',
    }),
    maxOrdersPerDay: count(200_000, [1, 100_000_000], 'Maximum number of orders placed since midnight UTC.'),
    staleBookMs: ms(1500, [100, 60_000], 'Quotes are pulled when the order book has not changed for longer than this.'),
    deliveryHoldMs: ms(3_600_000, [1000, 604_800_000], 'A symbol is no longer quoted from this time before its delivery or delisting.'),
    deliveryFreezeMs: ms(
      600_000,
      [1000, 604_800_000],
      'Trading freezes from this time before a delivery or delisting, so that no order is open at that moment.',
    ),
    stalePriceMs: ms(
      15_000,
      [1000, 600_000],
      'A mark or last price counts as unknown when no ticker and no unmoved order book has confirmed it for longer than this.',
    ),
    softVolatilityBps: bps(15, [0.1, 1000], 'Standard deviation of the returns between samples from which the risk level is SOFT.'),
    hardVolatilityBps: bps(25, [0.1, 1000], 'Standard deviation of the returns between samples from which the risk level is HARD.'),
    volatilitySampleMs: ms(1000, [100, 60_000], 'Time between two price samples for the volatility.'),
    softMoveBps: bps(60, [0.1, 5000], 'Distance of the mid from its farthest value within moveWindowMs from which the risk level is SOFT.'),
    hardMoveBps: bps(
      100,
      [0.1, 5000],
      'Distance of the mid from its farthest value within moveWindowMs from which the risk level is HARD.',
    ),
    moveWindowMs: ms(10_000, [1000, 600_000], 'Window in which that distance is measured; it detects a trend, which volatility does not.'),
    softLatencyP95Ms: ms(300, [1, 60_000], 'Order latency p95 from which the risk level is SOFT.'),
    hardLatencyP95Ms: ms(450, [1, 60_000], 'Order latency p95 from which the risk level is HARD.'),
    softInventoryRatio: ratio(0.06, [0.001, 1], 'Share of the maximum position from which the risk level is SOFT.'),
    hardInventoryRatio: ratio(0.1, [0.001, 1], 'Share of the maximum position from which the risk level is HARD.'),
    softTakerFills: count(12, [1, 10_000], 'Number of taker fills in 15 minutes from which the risk level is SOFT.'),
    hardTakerFills: count(20, [1, 10_000], 'Number of taker fills in 15 minutes from which the risk level is HARD.'),
    guardReleaseRatio: ratio(
      0.9,
      [0.1, 1],
      'A risk level ends only when the measured value is below this share of the threshold at which the level began.',
    ),
    softSizeRatio: ratio(0.5, [0.01, 1], 'Factor for the order size at risk level SOFT.'),
    softSpreadRatio: ratio(1.5, [1, 10], 'Factor for the spread at risk level SOFT.'),
    maxFillsInBurst: count(100, [1, 100_000], 'Trading freezes when one symbol has more fills than this within fillBurstMs.'),
    fillBurstMs: ms(10_000, [100, 600_000], 'Window in which the fills of a burst are counted.'),
    maxRejectsInRow: count(
      10,
      [1, 1000],
      'Trading freezes after this many rejects in a row on one side, rejects of post-only orders included.',
    ),
    minEdgeBps: bps(
      -100,
      [-100, 100],
      'Trading freezes when the mean edge of recent fills (spread, markout, fees) is below this; -100: never.',
    ),
    minEdgeFills: count(100, [10, 1000], 'Number of fills from which that edge is judged; the mean covers at most twice as many.'),
    edgeMarkoutMs: ms(5000, [100, 300_000], 'Time after a fill at which its markout price is taken.'),
  },
  execution: {
    opsPerSecond: perSecond(9, [1, 1000], 'Requests per second in each lane (create, amend, cancel); the exchange can lower it.', {
      flag: '--ops-per-second',
    }),
    queueDeadlineMs: ms(
      250,
      [10, 5000],
      'A create or amend that waited longer than this for the disk and the rate limiter is dropped instead of sent late.',
    ),
    reconcileMs: ms(5000, [1000, 60_000], 'Time between two comparisons of our orders and positions with those of the exchange.'),
    filtersRefreshMs: ms(600_000, [10_000, 86_400_000], 'Time between two reads of tick sizes, limits and fees.'),
    stopDeadlineMs: ms(
      15_000,
      [1000, 120_000],
      'Time to cancel all orders and verify it when the bot stops; at least recvWindowMs + 9250.',
    ),
  },
  bybit: {
    recvWindowMs: ms(2000, [500, 2000], 'The exchange rejects a signed request that arrives later than this after it was signed.'),
    requestTimeoutMs: ms(1500, [100, 10_000], 'Timeout of a request; after it the outcome of the request is unknown.'),
  },
  thresholds: {
    orderLatencyP95Ms: ms(340, [1, 60_000], 'The soak fails when order latency p95 is above this.'),
    orderLatencyP99Ms: ms(500, [1, 60_000], 'The soak fails when order latency p99 is above this.'),
    riskRatioP95: ratio(0.1, [0, 1], 'The soak fails when the risk ratio p95 (worst-case position over the maximum) is above this.'),
    makerShare: ratio(0.85, [0, 1], 'The soak fails when the share of maker fills is below this.'),
    errorRate: ratio(0.02, [0, 1], 'The soak fails when the share of failed requests is above this.'),
    netEdgeBps: bps(
      0,
      [-100, 100],
      'The soak fails when the net edge, with its whole 95 % interval, is below this; it passes only with the whole interval.',
    ),
    memorySlopeMbPerHour: mbPerHour(50, [0, 10_000], 'The soak fails when memory grows faster than this.'),
    quoteUptime: ratio(0.9, [0, 1], 'The soak fails when the share of time with quotes on both sides is below this.'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

type Fields = typeof FIELDS;

type Values = {
  readonly [S in keyof Fields]: { readonly [N in keyof Fields[S]]: Fields[S][N] extends Field<infer V> ? V : never };
};

/** The values of all settings, by section and name: `settings.quoting.baseSpreadBps`. Those of one symbol: `settingsFor`. */
export interface Settings extends Values {
  /** All settings of the symbols that have values of their own. */
  readonly bySymbol?: ReadonlyMap<string, Values>;
}

/** The settings with which one symbol is traded. */
export function settingsFor(settings: Settings, symbol: string): Settings {
  return settings.bySymbol?.get(symbol) ?? settings;
}

/** A setting with its names. */
export interface Key {
  /** `quoting.baseSpreadBps`; of one symbol `ETHUSDT:quoting.baseSpreadBps`. */
  readonly key: string;
  readonly section: string;
  readonly name: string;
  /** `MM_QUOTING_BASE_SPREAD_BPS`; undefined for one symbol, which variables cannot name. */
  readonly env: string | undefined;
  readonly field: Field;
}

/** In the order of the table. */
export const KEYS: readonly Key[] = Object.entries(FIELDS).flatMap(([section, fields]) =>
  Object.entries<Field>(fields).map(([name, field]) => ({
    key: `${section}.${name}`,
    section,
    name,
    env: envNameOf(section, name),
    field,
  })),
);

export const SECTIONS: readonly string[] = Object.keys(FIELDS);

function envNameOf(section: string, name: string): string {
  return `MM_${section}_${name.replace(/[A-Z]/g, (capital) => `_${capital}`)}`.toUpperCase();
}
