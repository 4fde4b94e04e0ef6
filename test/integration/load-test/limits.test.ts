import { describe, expect, test } from 'vitest';
import { parseFaultOption } from '../../../src/commands/options/fault-option.ts';
import type { LoadRun } from '../../../src/harness/load/load-run.ts';
import type { LedgerBucket } from '../../../src/simulator/ledger/ledger.ts';
import { defined } from '../../../src/util/assert.ts';
import { virtualLoad } from '../../support/bots/virtual-load.ts';

const VIP0 = { limits: 'vip0', sets: { 'execution.opsPerSecond': 9 } } as const;

const bucketsOf = ({ ledger }: LoadRun): readonly LedgerBucket[] =>
  defined(ledger, 'ledger').buckets.filter(({ endpoint }) => /order\/(create|amend|cancel)$/.test(endpoint));

describe('a load beyond the limit of the exchange', () => {
  test('is held back by the limiter: no rolling second exceeds it, nothing is refused, what waited too long is counted', async () => {
    const { run } = await virtualLoad({ ...VIP0, perSecond: 40, durationMs: 12_000 });
    for (const { worstRollingSecond, limit, refused } of bucketsOf(run)) {
      expect(worstRollingSecond).toBeLessThanOrEqual(limit);
      expect(refused).toBe(0);
    }
    const { statistics } = defined(run.step, 'step');
    expect(statistics.errors.get('place waited_too_long')).toBeGreaterThan(300);
    expect(statistics.sentInWindow / 12).toBeGreaterThan(7.5);
    expect(run.verdict).toBe('FAIL');
  });

  test('reaches the exchange without a limiter: its count shows by how much, and errors say why', async () => {
    const { run } = await virtualLoad({ ...VIP0, perSecond: 30, limiter: false });
    expect(Math.max(...bucketsOf(run).map(({ worstRollingSecond }) => worstRollingSecond))).toBeGreaterThan(20);
    expect(bucketsOf(run).reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(100);
    const { errors } = defined(run.step, 'step').statistics;
    expect(errors.get('place throttled')).toBeGreaterThan(100);
    expect(run.stopReport?.verified).toBe(true);
  });
});

test('a symbol with limits of its own is held to them', async () => {
  const { run } = await virtualLoad({
    perSecond: 20,
    durationMs: 3000,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    sets: { 'BTCUSDT:risk.maxOrderUsd': 20, 'BTCUSDT:quoting.orderSizeUsd': 20 },
  });
  const { errors, counts } = defined(run.step, 'step').statistics;
  expect(errors.get('place order_notional')).toBeGreaterThan(10);
  expect(counts.place.acknowledged).toBeGreaterThan(10);
});

describe('what becomes of the orders', () => {
  test('all are seen on the stream and again when they end, and none rests', async () => {
    const { run, exchange } = await virtualLoad({
      arrival: 'poisson',
      perSecond: 80,
      durationMs: 5000,
      warmUpMs: 1000,
      symbols: ['BTCUSDT', 'ETHUSDT', 'DOGEUSDT'],
    });
    const { counts } = defined(run.step, 'step').statistics;
    expect(counts.place.due).toBeGreaterThan(300);
    expect(counts.place).toMatchObject({ sent: counts.place.due, acknowledged: counts.place.due, confirmed: counts.place.due });
    expect(counts.cancel).toMatchObject({ sent: counts.cancel.due, acknowledged: counts.cancel.due, confirmed: counts.cancel.due });
    expect(exchange.venue.ledger(0).executions()).toEqual([]);
    expect(exchange.venue.ledger(0).openOrders()).toEqual([]);
  });

  test('an outcome that is unknown is asked about: nothing is left, and the wait counts', async () => {
    const { run, exchange } = await virtualLoad({ durationMs: 14_000, faults: parseFaultOption('lost-reply@5s:5s').choice });
    const { errors, counts, stages } = defined(run.step, 'step').statistics;
    expect(errors.entries().some(([reason]) => reason.includes('unknown: unavailable'))).toBe(true);
    // Every request that left has its latency, those without a reply too.
    expect(stages.ack.count).toBe(counts.place.sent + counts.amend.sent + counts.cancel.sent);
    expect(stages.ack.max).toBeGreaterThan(1500);
    expect(run.stopReport?.verified).toBe(true);
    expect(exchange.venue.ledger(0).openOrders()).toEqual([]);
  });

  test('a load test that is ended early cancels its orders, proves it, and keeps its measurements', async () => {
    const stop = new AbortController();
    let acknowledged = 0;
    const { run, exchange } = await virtualLoad({
      durationMs: 600_000,
      stop: stop.signal,
      onEvent(event) {
        if (event.type === 'orderAcked') acknowledged += 1;
        if (acknowledged === 300) stop.abort();
      },
    });
    expect(run).toMatchObject({ interrupted: true, stopReport: { verified: true }, ledger: { resting: 0 } });
    expect(run.stopReport?.canceled).toBeGreaterThan(10);
    expect(defined(run.step, 'step').statistics.counts.place.acknowledged).toBeGreaterThan(150);
    expect(exchange.venue.ledger(0).openOrders()).toEqual([]);
  });
});

describe('the search for the knee', () => {
  test('finds what the limiter lets through', async () => {
    const { run } = await virtualLoad({ ...VIP0, perSecond: 4, durationMs: 10_000, warmUpMs: 1000, findsKnee: true });
    // Nine requests in any second, and a hundredth of it to be sure.
    expect(run.knee?.lastGood).toBeGreaterThan(8);
    expect(run.knee?.firstBad).toBeLessThan(10);
    expect(run.verdict).toBe('PASS');
    expect(run.steps.length).toBeGreaterThan(4);
  });
});
