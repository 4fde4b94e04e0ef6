import { requestCount, sumUp } from '../harness/measures.ts';
import type { SoakStatistics } from '../harness/soak-statistics.ts';
import { duration, fixed, grouped, signed } from './format.ts';

/** How a running soak stands, in one line. */
export function progressLine(statistics: SoakStatistics, durationMs: number | undefined): string {
  const totals = sumUp(statistics);
  const positions = [...statistics.symbols.values()].map(
    ({ instrument, position }) => `${instrument.baseCoin} ${signed(position.quantity * instrument.lot.size, instrument.lot.step.scale)}`,
  );
  return [
    durationMs === undefined ? duration(statistics.elapsedMs) : `${duration(statistics.elapsedMs)}/${duration(durationMs)}`,
    `${grouped(requestCount(statistics))} requests`,
    `${grouped(totals.fills)} fills`,
    positions.join(' '),
    `net ${signed(totals.netUsd)} USDT`,
    `p95 ${fixed(statistics.ackLatency.quantile(0.95), 1)} ms`,
    ...(statistics.activeFaults.length === 0 ? [] : [`faults ${statistics.activeFaults.join(' ')}`]),
    ...(statistics.marks.length === 0 ? [] : [`${statistics.marks.length} incidents`]),
  ].join(' · ');
}

/** The same as data. */
export function progressFields(statistics: SoakStatistics): Readonly<Record<string, unknown>> {
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
