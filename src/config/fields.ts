import { boolean, bps, count, mbPerHour, ms, oneOf, perBps, perMinute, perSecond, ratio, usd, type Field } from './field.ts';

/**
 * Every setting, once. Names of environment variables and flags, validation, `--schema`, the reference in docs/configuration.md and the type
 * `Settings` all follow from here. A range is a ceiling that no layer can raise.
 */
const FIELDS = {
  quoting: {
    model: oneOf(
      ['spread', 'avellaneda-stoikov', 'glft'],
      'spread',
      'How spread and skew are found: given (spread), or by a closed form from volatility, position and the flow of market orders.',
      '--model',
    ),
    fairValue: oneOf(
      ['micro', 'mid', 'imbalance'],
      'micro',
      'What quotes are centred on: the mid, or the mid leaning by the quantities at the touch (micro) or in five levels (imbalance).',
    ),
    baseSpreadBps: bps(8, [0.1, 500], 'Least full distance between our best bid and our best ask; what model `spread` quotes in calm.', {
      flag: '--base-spread-bps',
    }),
    adaptive: boolean(false, 'Model spread: widens beyond the base spread by volatility, liquidity, latency and loss of the day.'),
    adaptiveBaseBps: bps(1, [0.1, 500], 'The adaptive spread when all is calm.'),
    adaptiveVolatilityBps: bps(0.9, [0, 100], 'Added when volatility is at its SOFT level or beyond, less in proportion below.'),
    adaptiveLiquidityBps: bps(0.4, [0, 100], 'Added when five levels show too little for an order of full size, less when they show more.'),
    adaptiveLatencyBps: bps(0.24, [0, 100], 'Added when order latency p95 is at its SOFT level or beyond, less in proportion below.'),
    adaptivePnlBps: bps(0.36, [0, 100], 'Added when the loss of the day is at its limit, less in proportion below.'),
    adaptiveMinBps: bps(0.6, [0.1, 500], 'The adaptive spread is never below this.'),
    adaptiveMaxBps: bps(2.5, [0.1, 500], 'The adaptive spread is never above this.'),
    adaptiveStepBps: bps(0.2, [0.01, 500], 'The adaptive spread changes by at most this at a time.'),
    adaptiveCoolOffMs: ms(200, [0, 60_000], 'Least time between two changes of the adaptive spread.'),
    skewBpsPerPercent: bps(
      0.1,
      [0, 10],
      'Model spread: how far both quotes move against the position, for each 1 % of the maximum position.',
      { unit: 'bps per %' },
    ),
    maxSkewBps: bps(0.6, [0, 50], 'Model spread: the skew never moves the quotes further than this.'),
    inventoryTiltCapRatio: ratio(0.2, [0, 1], 'Model spread: the skew never moves the quotes by more than this share of the spread.'),
    riskAversionPerBps: perBps(0.1, [0.0001, 10], 'Closed forms: gamma, with prices in bps and the position in orders of full size.'),
    horizonMs: ms(10_000, [100, 86_400_000], 'Model avellaneda-stoikov: time ahead for which the position counts as a risk.'),
    levels: count(1, [1, 10], 'Orders on each side.'),
    levelSpacingBps: bps(1, [0.01, 100], 'Distance between two levels of one side.'),
    queueNudgeMaxBps: bps(
      0.5,
      [0, 10],
      'The best quote moves at most this far toward fair value for a better place in the queue; 0: never.',
    ),
    queueAheadRatio: ratio(0.3, [0.01, 1], 'It moves only while more than this share of its side of the book is ahead of it.'),
    queueHeadroomMs: ms(150, [0, 60_000], 'An order younger than this is not moved for its place in the queue alone.'),
    postOnlyOffsetBps: bps(1.5, [0, 50], 'Distance kept from the opposite side for two seconds after a post-only order was refused.'),
    minIntervalMs: ms(60, [10, 60_000], 'Least time between two changes of the orders of one symbol.'),
    replacesPerMinute: perMinute(300, [1, 6000], 'Most changes of the orders of one symbol in any minute.'),
    maxOrderAgeMs: ms(700, [50, 600_000], 'An older order moves to its target even when the move is below repriceThresholdBps.'),
    repriceThresholdBps: bps(0.1, [0, 50], 'A smaller move leaves the order where it is, with its place in the queue.'),
    orderSizeUsd: usd(200, [1, 1_000_000], 'Value of one order before the caps below.', { flag: '--order-size-usd' }),
    impactCapRatio: ratio(0.1, [0.001, 1], 'An order is at most this share of the quantity shown in the first five levels of its side.'),
    maxDeltaRatio: ratio(0.15, [0.001, 1], 'An order is at most this share of the maximum position.'),
    maxInFlight: count(2, [1, 50], 'Most requests of one symbol that wait for their answer at the same time.'),
  },
  risk: {
    maxPositionUsd: usd(20_000, [1, 100_000_000], 'Largest position of one symbol, counted as if every order of one side filled.', {
      flag: '--max-position-usd',
    }),
    maxOrderUsd: usd(2000, [1, 10_000_000], 'Largest value of one order.', { flag: '--max-order-usd' }),
    maxOpenOrders: count(50, [1, 500], 'Most orders open at the same time, over all symbols.'),
    maxOpenNotionalUsd: usd(100_000, [1, 1_000_000_000], 'Largest value of all open orders together.'),
    priceCollarBps: bps(100, [1, 1000], 'An order further than this from the mark price or from the mid of our own book is denied.'),
    maxDailyLossUsd: usd(1000, [1, 10_000_000], 'A larger loss since midnight UTC freezes trading.', { flag: '--max-daily-loss-usd' }),
    maxOrdersPerDay: count(200_000, [1, 100_000_000], 'Most orders placed since midnight UTC.'),
    staleBookMs: ms(1500, [100, 60_000], 'A book that has not changed for longer pulls the quotes.'),
    deliveryHoldMs: ms(3_600_000, [1000, 604_800_000], 'Time before its delivery or delisting from which a symbol is not quoted.'),
    deliveryFreezeMs: ms(
      600_000,
      [1000, 604_800_000],
      'Time before it from which trading is frozen, so that nothing is left when it comes.',
    ),
    stalePriceMs: ms(
      15_000,
      [1000, 600_000],
      'A mark or last price that no ticker, and no unmoved book, has confirmed for longer counts as none.',
    ),
    softVolatilityBps: bps(15, [0.1, 1000], 'Standard deviation of returns, per sample, from which the level is SOFT.'),
    hardVolatilityBps: bps(25, [0.1, 1000], 'Standard deviation of returns, per sample, from which the level is HARD.'),
    volatilitySampleMs: ms(1000, [100, 60_000], 'Time between two price samples of the volatility.'),
    softMoveBps: bps(60, [0.1, 5000], 'Distance of the mid from its farthest within moveWindowMs from which the level is SOFT.'),
    hardMoveBps: bps(100, [0.1, 5000], 'Distance of the mid from its farthest within moveWindowMs from which the level is HARD.'),
    moveWindowMs: ms(10_000, [1000, 600_000], 'Time within which that move is measured: a trend, which the volatility does not see.'),
    softLatencyP95Ms: ms(300, [1, 60_000], 'Order latency p95 from which the level is SOFT.'),
    hardLatencyP95Ms: ms(450, [1, 60_000], 'Order latency p95 from which the level is HARD.'),
    softInventoryRatio: ratio(0.06, [0.001, 1], 'Share of the maximum position from which the level is SOFT.'),
    hardInventoryRatio: ratio(0.1, [0.001, 1], 'Share of the maximum position from which the level is HARD.'),
    softTakerFills: count(12, [1, 10_000], 'Taker fills in 15 minutes from which the level is SOFT.'),
    hardTakerFills: count(20, [1, 10_000], 'Taker fills in 15 minutes from which the level is HARD.'),
    guardReleaseRatio: ratio(0.9, [0.1, 1], 'A level is left only when its value is below this share of what it was entered at.'),
    softSizeRatio: ratio(0.5, [0.01, 1], 'At level SOFT the order size is multiplied by this.'),
    softSpreadRatio: ratio(1.5, [1, 10], 'At level SOFT the spread is multiplied by this: it widens and never narrows.'),
    maxFillsInBurst: count(100, [1, 100_000], 'More fills of one symbol within fillBurstMs freeze trading.'),
    fillBurstMs: ms(10_000, [100, 600_000], 'Time in which the fills of a burst are counted.'),
    maxRejectsInRow: count(10, [1, 1000], 'So many refusals of one side in a row, post-only ones included, freeze trading.'),
    minEdgeBps: bps(-100, [-100, 100], 'A lower mean edge of recent fills (spread, markout, fees) freezes trading; -100: never.'),
    minEdgeFills: count(100, [10, 1000], 'Fills from which that edge is judged; the mean is over twice as many.'),
    edgeMarkoutMs: ms(5000, [100, 300_000], 'Time after a fill at which the price is taken that its edge is measured by.'),
  },
  execution: {
    opsPerSecond: perSecond(9, [1, 1000], 'Requests per second in each lane (create, amend, cancel); the exchange can lower it.', {
      flag: '--ops-per-second',
    }),
    queueDeadlineMs: ms(250, [10, 5000], 'A create or amend that waited longer for the disk and its lane is dropped instead of sent late.'),
    reconcileMs: ms(5000, [1000, 60_000], 'Time between two comparisons of our orders and positions with those of the exchange.'),
    filtersRefreshMs: ms(600_000, [10_000, 86_400_000], 'Time between two reads of tick sizes, limits and fees.'),
    stopDeadlineMs: ms(
      15_000,
      [1000, 120_000],
      'Time for the last cancel and its proof when the bot stops; at least recvWindowMs and 9250.',
    ),
  },
  bybit: {
    recvWindowMs: ms(2000, [500, 2000], 'The exchange refuses a signed request that arrives later than this.'),
    requestTimeoutMs: ms(1500, [100, 10_000], 'An answer that takes longer counts as lost: the outcome is then unknown.'),
  },
  thresholds: {
    orderLatencyP95Ms: ms(340, [1, 60_000], 'The soak fails when order latency p95 is above this.'),
    orderLatencyP99Ms: ms(500, [1, 60_000], 'The soak fails when order latency p99 is above this.'),
    riskRatioP95: ratio(0.4, [0, 1], 'The soak fails when the risk ratio p95 (worst-case position over the maximum) is above this.'),
    makerShare: ratio(0.85, [0, 1], 'The soak fails when a smaller share of the fills was passive.'),
    errorRate: ratio(0.02, [0, 1], 'The soak fails when a larger share of the requests failed.'),
    netEdgeBps: bps(0, [-100, 100], 'The soak fails when the mean edge of a fill after fees is below this.'),
    memorySlopeMbPerHour: mbPerHour(50, [0, 10_000], 'The soak fails when memory grows faster.'),
    quoteUptime: ratio(0.9, [0, 1], 'The soak fails when both sides were quoted for a smaller share of the time.'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

type Fields = typeof FIELDS;

/** Every setting's value, by section and name: `settings.quoting.baseSpreadBps`. */
export type Settings = {
  readonly [S in keyof Fields]: { readonly [N in keyof Fields[S]]: Fields[S][N] extends Field<infer V> ? V : never };
};

/** A field with its names. */
export interface Key {
  /** `quoting.baseSpreadBps` */
  readonly key: string;
  readonly section: string;
  readonly name: string;
  /** `MM_QUOTING_BASE_SPREAD_BPS` */
  readonly env: string;
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

/** By name: an index in a `Map`, so that `__proto__` is as unknown as any other word. */
export const KEY_NAMED: ReadonlyMap<string, Key> = new Map(KEYS.map((key) => [key.key, key]));

export const SECTIONS: readonly string[] = Object.keys(FIELDS);

function envNameOf(section: string, name: string): string {
  return `MM_${section}_${name.replace(/[A-Z]/g, (capital) => `_${capital}`)}`.toUpperCase();
}
