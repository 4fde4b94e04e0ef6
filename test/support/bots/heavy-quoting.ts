import type { LedgerBucket } from '../../../src/simulator/ledger/ledger.ts';
import { TEN_SYMBOLS } from '../cancel/cancel-cells.ts';
import { settingsOf, virtualSoak } from './virtual-soak.ts';

const ORDERS = /^\/v5\/order\/(create|amend|cancel)$/;

interface HeavyQuoting {
  readonly buckets: readonly LedgerBucket[];
  /** Of what the settings allow in each order lane, by endpoint. */
  readonly used: ReadonlyMap<string, number>;
  readonly violations: readonly string[];
}

/**
 * The loop wants far more changes than one account may send: ten symbols with a ladder of eight orders that follows every
 * move. What the exchange itself counted, for each of its limits.
 */
export async function quoteHeavily(seconds: number, seed: string): Promise<HeavyQuoting> {
  const settings = settingsOf('s1', {
    'risk.maxOpenOrders': 100,
    'risk.maxOrdersPerDay': 1_000_000,
    'risk.maxDailyLossUsd': 100_000,
    'risk.maxFillsInBurst': 10_000,
    'risk.hardTakerFills': 10_000,
    'risk.hardInventoryRatio': 1,
    'quoting.repriceThresholdBps': 0,
    'quoting.maxOrderAgeMs': 50,
    'quoting.replacesPerMinute': 6000,
    'quoting.minIntervalMs': 10,
  });
  let buckets: readonly LedgerBucket[] = [];
  const run = await virtualSoak({
    settings,
    seed,
    symbols: TEN_SYMBOLS,
    // Its price moves most often.
    market: 'benign',
    durationMs: seconds * 1000,
    onSample: (_, ledger) => void (buckets = ledger.counts().buckets),
  });
  const { opsPerSecond } = settings.execution;
  const used = new Map(
    buckets.filter(({ endpoint }) => ORDERS.test(endpoint)).map(({ endpoint, arrived }) => [endpoint, arrived / seconds / opsPerSecond]),
  );
  return { buckets, used, violations: run.invariants.filter(({ holds }) => !holds).map(({ name, found }) => `${name}: ${found}`) };
}

/** Share of the exchange's limit and of what we allow ourselves. */
export function tableOf({ buckets, used }: HeavyQuoting, seconds: number): object[] {
  return buckets.map(({ endpoint, limit, arrived, refused, worstRollingSecond }) => ({
    endpoint,
    limit,
    arrived,
    refused,
    'worst second': worstRollingSecond,
    'of the limit': (arrived / seconds / limit).toFixed(3),
    'of the allowed': used.get(endpoint)?.toFixed(3) ?? '',
  }));
}
