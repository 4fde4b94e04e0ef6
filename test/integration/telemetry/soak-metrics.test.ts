import { describe, expect, test } from 'vitest';
import type { SoakRun } from '../../../src/harness/soak/soak-run.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { parseScrape, sumOf, type Scrape } from '../../support/program/scrape.ts';
import { telemetryOf } from '../../support/builders/telemetry.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

interface Observed {
  readonly run: SoakRun;
  readonly ledger: Ledger;
  /** After its end. */
  readonly scrape: Scrape;
}

/** A virtual soak with its metrics. */
async function observedSoak(seed: string, seconds: number, sets: Parameters<typeof settingsOf>[1] = {}): Promise<Observed> {
  const clock = new VirtualClock(1_767_225_600_000);
  const telemetry = telemetryOf({ clock });
  let ledger: Ledger | undefined;
  const run = await virtualSoak({
    clock,
    settings: settingsOf('s1', sets),
    seed,
    durationMs: seconds * 1000,
    onEvent: (event) => telemetry.record(event),
    onLoop: (loop) => telemetry.watch(loop),
    onSample: (_, books) => {
      ledger = books;
    },
  });
  if (ledger === undefined) throw new Error('the soak took no sample');
  return { run, ledger, scrape: parseScrape(await telemetry.scrape()) };
}

let begun: Promise<Observed> | undefined;
/** One soak that several tests look at. */
const observed = (): Promise<Observed> => (begun ??= observedSoak('7', 45));

describe('the metrics of a soak', () => {
  test.each([
    ['3', () => observedSoak('3', 45)],
    ['7', observed],
  ])('equal the ledger’s counts at its end (seed %s)', async (_, soak) => {
    const { run, ledger, scrape } = await soak();
    const total = (name: string, labels = {}): number => sumOf(scrape, `mm_${name}_total`, labels) ?? Number.NaN;
    const arrived = (request: string): number => {
      const buckets = ledger.counts().buckets.filter(({ endpoint }) => endpoint === `/v5/order/${request}`);
      return buckets.reduce((sum, bucket) => sum + bucket.arrived, 0);
    };
    const executions = ledger.executions();
    expect(executions.length).toBeGreaterThan(20);
    expect(total('fills')).toBe(executions.length);
    expect(total('fills', { liquidity: 'taker' })).toBe(executions.filter(({ isMaker }) => !isMaker).length);
    expect(total('orders_placed')).toBe(arrived('create'));
    expect(['place', 'amend', 'cancel'].map((request) => total('requests', { request }))).toEqual(
      ['create', 'amend', 'cancel'].map(arrived),
    );
    expect(total('orders_placed') - total('orders_rejected')).toBe(ledger.counts().created);
    // The exchange's count of cancels leaves out the post-only orders that it ended itself.
    expect(total('orders_canceled') - run.statistics.closings.get('canceled EC_PostOnlyWillTakeLiquidity')).toBe(ledger.counts().canceled);
    expect(total('orders_filled') + total('orders_canceled') + total('orders_rejected')).toBe(total('orders_placed'));
    expect(total('freeze_events')).toBe(0);
    expect(total('cancel_all', { trigger: 'stop', verified: 'true' })).toBe(1);
  });

  test('show the position and PnL of the ledger, and nothing resting', async () => {
    const { ledger, scrape } = await observed();
    const [row] = ledger.positions();
    expect(sumOf(scrape, 'mm_position_base')).toBeCloseTo(Number(row?.size), 9);
    expect(sumOf(scrape, 'mm_resting_orders')).toBe(0);
    expect(sumOf(scrape, 'mm_orders_in_doubt')).toBe(0);
    const { balance, deposit } = ledger.wallet();
    expect(sumOf(scrape, 'mm_pnl_usd')).toBeCloseTo(Number(balance) - Number(deposit) + Number(row?.unrealisedPnl), 0);
  });

  test('have the samples of the report, with an edge on each of its limits', async () => {
    const { run, scrape } = await observed();
    const { ackLatency, riskRatio, queueWait } = run.statistics;
    const atMost = (name: string, le: string, labels = {}): number => sumOf(scrape, `${name}_bucket`, { le, ...labels }) ?? Number.NaN;
    expect(sumOf(scrape, 'mm_latency_ms_count', { stage: 'ack' })).toBe(ackLatency.count);
    expect(sumOf(scrape, 'mm_rate_limit_wait_ms_count')).toBe(queueWait.count);
    expect(sumOf(scrape, 'mm_risk_ratio_count')).toBeGreaterThan(riskRatio.count * 0.9);
    for (const le of ['300', '340', '450', '500']) expect(atMost('mm_latency_ms', le, { stage: 'ack' })).toBe(ackLatency.count);
    expect(atMost('mm_risk_ratio', '0.4')).toBeGreaterThan(0);
    expect(atMost('mm_stream_lag_ms', '+Inf', { stream: 'public' })).toBeGreaterThan(1000);
    expect(sumOf(scrape, 'mm_stream_lag_ms_sum', { stream: 'private' })).toBeGreaterThan(0);
  });

  test('count a freeze once, show it, and the proof of its cancel-all', async () => {
    const { scrape } = await observedSoak('7', 15, { 'risk.maxFillsInBurst': 2 });
    expect(sumOf(scrape, 'mm_freeze_events_total')).toBe(1);
    expect(sumOf(scrape, 'mm_trading_frozen')).toBe(1);
    expect(sumOf(scrape, 'mm_cancel_all_total', { trigger: 'freeze', verified: 'true' })).toBe(1);
    expect(sumOf(scrape, 'mm_cancel_all_remaining')).toBe(0);
    expect(sumOf(scrape, 'mm_hold', { reason: 'frozen' })).toBe(1);
  });
});
