import { bps, count, mbPerHour, ms, perMinute, perSecond, ratio, usd, type Field } from './field.ts';

/**
 * Every setting, once. Names of environment variables and flags, validation, `--schema`, the README's table and the type
 * `Settings` all follow from here. A range is a ceiling that no layer can raise.
 */
const FIELDS = {
  quoting: {
    baseSpreadBps: bps(8, [0.1, 500], 'Full distance between our bid and our ask in calm conditions.', { flag: '--base-spread-bps' }),
    skewBpsPerPercent: bps(0.1, [0, 10], 'How far both quotes move against the position, for each 1 % of the maximum position.', {
      unit: 'bps per %',
    }),
    maxSkewBps: bps(0.6, [0, 50], 'The skew never moves the quotes further than this.'),
    inventoryTiltCapRatio: ratio(0.2, [0, 1], 'The skew never moves the quotes by more than this share of the spread.'),
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
    softVolatilityBps: bps(15, [0.1, 1000], 'Standard deviation of returns, per sample, from which the level is SOFT.'),
    hardVolatilityBps: bps(25, [0.1, 1000], 'Standard deviation of returns, per sample, from which the level is HARD.'),
    volatilitySampleMs: ms(1000, [100, 60_000], 'Time between two price samples of the volatility.'),
    softLatencyP95Ms: ms(300, [1, 60_000], 'Order latency p95 from which the level is SOFT.'),
    hardLatencyP95Ms: ms(450, [1, 60_000], 'Order latency p95 from which the level is HARD.'),
    softInventoryRatio: ratio(0.06, [0.001, 1], 'Share of the maximum position from which the level is SOFT.'),
    hardInventoryRatio: ratio(0.1, [0.001, 1], 'Share of the maximum position from which the level is HARD.'),
    softTakerFills: count(12, [1, 10_000], 'Taker fills in 15 minutes from which the level is SOFT.'),
    hardTakerFills: count(20, [1, 10_000], 'Taker fills in 15 minutes from which the level is HARD.'),
    softSizeRatio: ratio(0.5, [0.01, 1], 'At level SOFT the order size is multiplied by this.'),
    softSpreadRatio: ratio(1.5, [1, 10], 'At level SOFT the spread is multiplied by this: it widens and never narrows.'),
  },
  execution: {
    opsPerSecond: perSecond(9, [1, 1000], 'Requests per second in each lane (create, amend, cancel); the exchange can lower it.', {
      flag: '--ops-per-second',
    }),
    queueDeadlineMs: ms(250, [10, 5000], 'A create or amend that waited longer for its lane is dropped instead of sent late.'),
    reconcileMs: ms(5000, [1000, 60_000], 'Time between two comparisons of our orders and positions with those of the exchange.'),
    filtersRefreshMs: ms(600_000, [10_000, 86_400_000], 'Time between two reads of tick sizes, limits and fees.'),
    stopDeadlineMs: ms(10_000, [1000, 120_000], 'Time for the last cancel and its proof when the bot stops.'),
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
