import { expect, test } from 'vitest';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
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
  const logger = createLogger({ clock, level: 'warn', format: 'json', write, redact: (text) => text });
  const log = eventLog(logger, { run: 'mmbot cancel-all --venue testnet --force' });
  for (const record of [count, log]) {
    record({ type: 'cancelAllFailed', trigger: 'freeze', reason: 'no answer' });
    record({ type: 'cancelAllFailed', trigger: 'freeze', reason: 'no answer' });
  }
  expect(await metrics.text()).toContain('mm_cancel_all_total{trigger="freeze",verified="false"} 2');
  expect(lines).toMatch(
    /"level":"error","event":"cancel_all_failed","trigger":"freeze","reason":"no answer","run":"mmbot cancel-all --venue testnet --force"/,
  );
  lines = '';
  const report = { trigger: 'freeze', found: 1, canceled: 0, filledMeanwhile: 0, remaining: [], method: 'bulk' } as unknown as CancelReport;
  for (const verified of [true, false]) log({ type: 'cancelAllDone', report: { ...report, verified } });
  expect(lines).toMatch(
    /^\S+"level":"error","event":"cancel_all_done",\S+"verified":false,"run":"mmbot cancel-all --venue testnet --force"\}$/m,
  );
  expect(lines.split('\n')).toHaveLength(2);
});
