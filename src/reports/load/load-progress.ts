import type { RunningStep } from '../../harness/load/load-run.ts';

/** Progress of a running load, as data. */
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
