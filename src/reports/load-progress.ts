import type { RunningStep } from '../harness/load-run.ts';
import { duration, fixed, grouped } from './format.ts';

/** How a running load stands, in one line. */
export function loadProgressLine({ elapsedMs, durationMs, isWarmingUp, perSecond, statistics }: RunningStep): string {
  const { ack } = statistics.stages;
  const p = (q: number): string => fixed(ack.quantile(q), 1);
  return [
    isWarmingUp ? 'warming up' : `${duration(elapsedMs)}/${duration(durationMs)}`,
    `${fixed(perSecond, perSecond >= 100 ? 0 : 2)} orders/s asked, ${fixed((1000 * statistics.sentInWindow) / Math.max(1, elapsedMs), 2)} sent`,
    `${grouped(ack.count)} answers`,
    `p50 ${p(0.5)}, p95 ${p(0.95)}, p99 ${p(0.99)}, max ${fixed(ack.max, 1)} ms`,
    `${grouped(statistics.failed)} errors`,
  ].join(' · ');
}

/** The same as data. */
export function loadProgressFields({
  number,
  elapsedMs,
  isWarmingUp,
  perSecond,
  statistics,
}: RunningStep): Readonly<Record<string, unknown>> {
  const { ack } = statistics.stages;
  return {
    step: number + 1,
    perSecond,
    isWarmingUp,
    elapsedMs: Math.round(elapsedMs),
    sent: statistics.sentInWindow,
    answers: ack.count,
    p95Ms: ack.quantile(0.95),
    p99Ms: ack.quantile(0.99),
    errors: statistics.failed,
  };
}
