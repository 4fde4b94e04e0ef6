import { expect, test } from 'vitest';
import { eventLog } from '../../../src/telemetry/event-log.ts';
import { eventMetrics } from '../../../src/telemetry/event-metrics.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { Metrics } from '../../../src/telemetry/metrics.ts';
import { VirtualClock } from '../../../src/util/clock.ts';

test('a cancel-all that could read nothing is counted as one without proof, and logged as an error', async () => {
  const clock = new VirtualClock(0);
  const metrics = new Metrics([]);
  const count = eventMetrics(metrics, clock);
  let lines = '';
  const write = (line: string): void => void (lines += line);
  const log = eventLog(createLogger({ clock, level: 'warn', format: 'json', write, redact: (text) => text }));
  for (const record of [count, log]) {
    record({ type: 'cancelAllFailed', trigger: 'freeze', reason: 'no answer' });
    record({ type: 'cancelAllFailed', trigger: 'freeze', reason: 'no answer' });
  }
  expect(await metrics.text()).toContain('mm_cancel_all_total{trigger="freeze",verified="false"} 2');
  expect(lines).toMatch(/"level":"error","event":"cancel_all_failed","trigger":"freeze","reason":"no answer"/);
});
