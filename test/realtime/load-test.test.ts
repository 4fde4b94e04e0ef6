import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type onTestFinished } from 'vitest';
import type { LoadReport } from '../../src/reports/load/load-report.ts';
import { createEmbeddedExchange } from '../../src/simulator/embedded-exchange.ts';
import { startServer } from '../../src/simulator/server.ts';
import { NO_LATENCY } from '../../src/simulator/bybit-api/latency.ts';
import { at } from '../../src/util/array.ts';
import { systemClock } from '../../src/util/clock.ts';
import { seededRandom } from '../../src/util/random.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { userOfItsOwn } from '../support/exchange/users.ts';

// Side by side: eight orders a second are no load.
describe.concurrent('mmbot load-test over sockets', () => {
  test.for(['ws', 'rest'])(
    'over %s every order is acknowledged, seen on the stream and canceled, at the rate that was asked for',
    async (transport, { onTestFinished }) => {
      const out = folderWith({}, onTestFinished);
      // An order that leaves late is late for this machine's sake.
      const patient = ['--sla', 'p50=5000', '--set', 'execution.queueDeadlineMs=5000'];
      const args = ['--rate', '8/s', '--duration', '6', '--warmup', '1', '--symbols', '2', ...patient, '--json', '--out', out];
      const { exitCode, stdout, stderr } = await runMmbot(['load-test', '--transport', transport, ...args]);
      const report = JSON.parse(stdout) as LoadReport;
      expect({ exitCode, verdict: report.verdict, errors: report.errors }).toEqual({ exitCode: 0, verdict: 'PASS', errors: [] });
      const { place, cancel } = report.requests;
      expect(place).toMatchObject({ due: 48, sent: 48, acknowledged: 48, confirmed: 48 });
      expect(cancel.confirmed).toBe(cancel.due);
      expect(report).toMatchObject({ restingAtEnd: 0, fills: 0, cancelAll: { verified: true } });
      for (const { worstRollingSecond, limit } of report.limits.endpoints ?? []) expect(worstRollingSecond).toBeLessThanOrEqual(limit);
      expect(stderr).toContain('"event":"load_progress"');
      expect(readFileSync(join(out, 'journal.log'), 'utf8')).toContain('placeIntent');
    },
  );

  test('an exchange in another process that answers after 25 ms reads as that', async ({ onTestFinished }) => {
    // Side by side: what the machine adds, it adds to both.
    const [bare, delayed] = await Promise.all([0, 25].map((ms) => leastAckMs(ms, onTestFinished)));
    console.info(`answered at once: ${bare?.toFixed(1)} ms, after 25 ms: ${delayed?.toFixed(1)} ms`);
    expect(delayed).toBeGreaterThan(24.5);
    expect(delayed).toBeLessThan(25 + 3 * (bare ?? 0) + 5);
  });
});

/** The quickest answer that a load reports, from an exchange in this process that answers after `delayMs`. */
async function leastAckMs(delayMs: number, onEnd: typeof onTestFinished): Promise<number> {
  const exchange = createEmbeddedExchange({
    clock: systemClock,
    random: seededRandom('known answer'),
    ...userOfItsOwn(),
    symbols: ['BTCUSDT'],
    market: 'calm',
    latency: { ...NO_LATENCY, ack: { medianMs: delayMs, sigma: 0, spikeProbability: 0, spikeMs: 0 } },
  });
  const server = await startServer(exchange.surface, { host: '127.0.0.1', port: 0 });
  exchange.start();
  try {
    const { apiKey, secret } = at(exchange.keys, 0);
    const out = folderWith({}, onEnd);
    const args = ['--rate', '8/s', '--duration', '3', '--warmup', '1', '--symbols', 'BTCUSDT', '--quiet', '--out', out];
    const env = { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret };
    const { exitCode, stderr } = await runMmbot(['load-test', '--rest-url', server.restUrl, ...args], { env });
    // Too few samples for a verdict.
    expect([exitCode, stderr]).toEqual([5, '']);
    const { stages } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as LoadReport;
    expect(exchange.venue.ledger(0).openOrders()).toEqual([]);
    const [, least] = at(stages.ack.distribution, 0);
    return least;
  } finally {
    exchange.stop();
    await server.close();
  }
}
