import { describe, expect, test } from 'vitest';
import { parseSla } from '../../../src/commands/load-test/options.ts';
import type { LoadRun, LoadStep } from '../../../src/harness/load/load-run.ts';
import { defined } from '../../../src/util/assert.ts';
import { virtualLoad } from '../../support/bots/virtual-load.ts';

const stepOf = (run: LoadRun): LoadStep => defined(run.step, 'step');
/** 5 % of the replies, evenly spread. */
const slowTwentieth = (count: number): number => (count % 20 === 19 ? 400 : 25);

describe.each(['socket', 'rest'] as const)('a load over %s against an exchange whose answers are known', (transport) => {
  test('replies after 25 ms read as 25 ms, at every percentile and for every kind of request', async () => {
    const { run } = await virtualLoad({ transport, replyDelay: () => 25 });
    const { stages, ackOf, counts } = stepOf(run).statistics;
    for (const histogram of [stages.ack, ackOf.place, ackOf.amend, ackOf.cancel]) {
      expect(histogram.quantile(0.5)).toBeCloseTo(25, 1);
      expect(histogram.quantile(0.99)).toBeCloseTo(25, 1);
      expect(histogram.max).toBeCloseTo(25, 1);
    }
    // The stream does not wait for the reply.
    expect(stages.stream.max).toBeLessThan(1);
    expect(counts.place).toMatchObject({ due: 400, sent: 400, acknowledged: 400, confirmed: 400, failed: 0, skipped: 0 });
    expect(counts.amend).toMatchObject({ due: 300, sent: 300, acknowledged: 300, failed: 0 });
    expect(counts.cancel).toMatchObject({ due: 400, sent: 400, acknowledged: 400, confirmed: 400, failed: 0 });
  });

  test('with every twentieth reply after 400 ms p95 holds 340 ms and p99 reads 400 ms', async () => {
    const load = { transport, replyDelay: slowTwentieth };
    const { run } = await virtualLoad({ ...load, bounds: parseSla('p95=340,p99=500') });
    const { ack } = stepOf(run).statistics.stages;
    expect(ack.quantile(0.5)).toBeCloseTo(25, 1);
    expect(ack.quantile(0.99)).toBeGreaterThan(399.5);
    expect(ack.quantile(0.99)).toBeLessThan(401);
    expect(run.verdict).toBe('PASS');
    const strict = await virtualLoad({ ...load, bounds: parseSla('p99=340') });
    expect(strict.run.verdict).toBe('FAIL');
  });
});

describe('what a percentile may say', () => {
  test('too few samples decide nothing, and say how many it takes', async () => {
    const { run } = await virtualLoad({ durationMs: 3000 });
    expect(run.verdict).toBe('INCONCLUSIVE');
    expect(stepOf(run).gates.map(({ name, samples, needed, status }) => [name, samples, needed, status])).toEqual([
      ['order latency p95', 330, 200, 'pass'],
      ['order latency p99', 330, 1000, 'too_few_samples'],
      ['error rate', 330, 100, 'pass'],
      ['orders sent', 120, 30, 'pass'],
    ]);
  });
});
