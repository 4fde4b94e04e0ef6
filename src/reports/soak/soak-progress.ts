import { requestCount, sumUp } from '../../harness/measures/measures.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';

/** Progress of a running soak, as data. */
export function progressFields(statistics: RunStatistics): Readonly<Record<string, unknown>> {
  const { fills, netUsd } = sumUp(statistics);
  return {
    elapsedMs: Math.round(statistics.elapsedMs),
    requests: requestCount(statistics),
    fills,
    netUsd: Number(netUsd.toFixed(2)),
    latencyP95Ms: statistics.ackLatency.quantile(0.95),
    incidents: statistics.marks.length,
    ...(statistics.activeFaults.length === 0 ? {} : { faults: statistics.activeFaults.join(',') }),
  };
}
