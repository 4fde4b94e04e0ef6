import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Arrival } from '../../harness/load/arrivals.ts';
import type { Verdict } from '../../harness/measures/gates.ts';
import { LOAD_KINDS, type LoadKind } from '../../harness/load/load-plan.ts';
import type { LoadRun, LoadStep } from '../../harness/load/load-run.ts';
import type { LoadPoint } from '../../harness/load/load-series.ts';
import type { LoadCounts } from '../../harness/load/load-statistics.ts';
import { LOAD_STAGES, type LoadStage } from '../../harness/load/load-stage.ts';
import type { LoadGate } from '../../harness/load/sla.ts';
import type { Histogram } from '../../util/histogram.ts';

/** What a run was made of: enough to repeat it. */
export interface LoadOrigin {
  readonly version: string;
  readonly seed: string;
  readonly profile: string;
  readonly configHash: string;
  readonly clock: 'wall' | 'virtual';
  /** `embedded`, `testnet`, `demo`, or the address. */
  readonly venue: string;
  readonly symbols: readonly string[];
  /** Asked for, over all symbols; where a search for the knee began. */
  readonly perSecond: number;
  readonly arrival: Arrival;
  readonly transport: 'ws' | 'rest';
  readonly amendRatio: number;
  /** False: `--no-limiter`. */
  readonly limiter: boolean;
  /** Of the embedded exchange; null elsewhere. */
  readonly market: string | null;
  readonly limits: string | null;
  readonly latency: string | null;
  readonly warmUpMs: number;
  /** Measured; of each step of a search. */
  readonly durationMs: number;
  /** ISO time; the simulated one on the virtual clock. */
  readonly startedAt: string;
  /** The command that repeats the run. */
  readonly repeat: string;
}

/** The whole report as one JSON document. Latencies in ms, from when a request was due but where a stage says otherwise. */
export interface LoadReport {
  readonly schemaVersion: 1;
  readonly command: 'load-test';
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly origin: LoadOrigin;
  /** Of the measured time. */
  readonly elapsedMs: number;
  /** Bounds of the SLA and of the error rate, with their 95 % confidence intervals. */
  readonly gates: readonly LoadGate[];
  readonly rate: RateFigures;
  readonly requests: Readonly<Record<LoadKind, RequestFigures>>;
  /** Requests that failed, by kind and reason, most frequent first. */
  readonly errors: readonly (readonly [reason: string, count: number])[];
  readonly errorRatio: number | null;
  readonly stages: Readonly<Record<LoadStage, StageFigures>>;
  readonly limits: LimitFigures;
  readonly resources: ResourceFigures;
  /** Of orders that were meant to rest: 0 when all is well. */
  readonly fills: number;
  readonly cancelAll: CancelReport | null;
  /** What rests by the exchange's own record; null where there is no door to it. */
  readonly restingAtEnd: number | null;
  /** Null when it was not searched. */
  readonly knee: KneeFigures | null;
  /** The measured time, second by second in runs of up to half an hour. */
  readonly series: readonly LoadPoint[];
}

/** Orders a second over all symbols. */
export interface RateFigures {
  readonly askedPerSecond: number;
  /** What the arrivals came to: as asked when they are constant, about that when they are drawn. */
  readonly scheduledPerSecond: number;
  readonly achievedPerSecond: number;
  readonly achievedRatio: number | null;
  readonly requestsPerSecond: number;
  readonly bookMessagesPerSecond: number;
}

export interface RequestFigures extends LoadCounts {
  readonly ack: LatencyFigures;
}

export interface LatencyFigures {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

export interface StageFigures extends LatencyFigures {
  /** Each share of the values with the value that it does not exceed, finer towards the worst. */
  readonly distribution: readonly (readonly [q: number, value: number])[];
}

export interface LimitFigures {
  /** Counted by the exchange; null where there is no door to its record. */
  readonly endpoints: readonly EndpointFigures[] | null;
}

export interface EndpointFigures {
  readonly endpoint: string;
  /** Requests in any rolling second. */
  readonly limit: number;
  readonly worstRollingSecond: number;
  readonly arrived: number;
  readonly refused: number;
}

/** Of the process that makes the load; null in simulated time. */
export interface ResourceFigures {
  readonly rssPeakMb: number | null;
  /** Null also in runs too short to tell. */
  readonly rssSlopeMbPerHour: number | null;
  /** Mean share of one processor. */
  readonly cpuRatio: number | null;
  readonly loopLagMs: LatencyFigures;
}

export interface KneeFigures {
  /** Null: not even the lowest rate held. */
  readonly lastGoodPerSecond: number | null;
  /** Null: no rate broke. */
  readonly firstBadPerSecond: number | null;
  /** In the order in which they ran. */
  readonly steps: readonly KneeStep[];
}

export interface KneeStep {
  readonly perSecond: number;
  readonly achievedPerSecond: number;
  readonly verdict: Verdict;
  readonly ack: LatencyFigures;
  readonly errorRatio: number | null;
  /** What broke, in words; '' when nothing did. */
  readonly brokenBy: string;
}

/** One a second: ten minutes after the warm-up minute. */
const MIN_MEMORY_SAMPLES = 660;

export function loadReport(run: LoadRun, step: LoadStep, origin: LoadOrigin): LoadReport {
  const { statistics } = step;
  const { counts, stages, ackOf, errors, fills } = statistics;
  return {
    schemaVersion: 1,
    command: 'load-test',
    verdict: run.verdict,
    interrupted: run.interrupted,
    origin,
    elapsedMs: step.elapsedMs,
    gates: step.gates,
    rate: rateFigures(step),
    requests: mapped(LOAD_KINDS, (kind) => ({ ...counts[kind], ack: latencyFigures(ackOf[kind]) })),
    errors: errors.entries(),
    errorRatio: errorRatio(step),
    stages: mapped(LOAD_STAGES, (stage) => ({ ...latencyFigures(stages[stage]), distribution: stages[stage].distribution() })),
    limits: { endpoints: endpointFigures(run) },
    resources: {
      rssPeakMb: run.memory.peakMb === 0 ? null : run.memory.peakMb,
      rssSlopeMbPerHour: run.memory.count < MIN_MEMORY_SAMPLES ? null : (run.memory.slope ?? null),
      cpuRatio: step.cpuRatio ?? null,
      loopLagMs: latencyFigures(step.lag.histogram),
    },
    fills,
    cancelAll: run.stopReport ?? null,
    restingAtEnd: run.ledger?.resting ?? null,
    knee: kneeFigures(run),
    series: statistics.series.points(step.elapsedMs),
  };
}

function rateFigures({ perSecond, elapsedMs, statistics }: LoadStep): RateFigures {
  const { counts, sentInWindow, bookMessages } = statistics;
  const each = (count: number): number => (elapsedMs === 0 ? 0 : (1000 * count) / elapsedMs);
  const achieved = each(sentInWindow);
  return {
    askedPerSecond: perSecond,
    scheduledPerSecond: each(counts.place.due),
    achievedPerSecond: achieved,
    achievedRatio: counts.place.due === 0 ? null : sentInWindow / counts.place.due,
    requestsPerSecond: each(counts.place.sent + counts.amend.sent + counts.cancel.sent),
    bookMessagesPerSecond: each(bookMessages),
  };
}

function endpointFigures({ ledger }: LoadRun): readonly EndpointFigures[] | null {
  if (ledger === undefined) return null;
  return ledger.buckets
    .filter(({ endpoint }) => /^\/v5\/order\/(create|amend|cancel)$/.test(endpoint))
    .map(({ endpoint, limit, worstRollingSecond, arrived, refused }) => ({ endpoint, limit, worstRollingSecond, arrived, refused }));
}

function kneeFigures({ knee, steps }: LoadRun): KneeFigures | null {
  if (knee === undefined) return null;
  return {
    lastGoodPerSecond: knee.lastGood ?? null,
    firstBadPerSecond: knee.firstBad ?? null,
    steps: steps.map((step) => ({
      perSecond: step.perSecond,
      achievedPerSecond: rateFigures(step).achievedPerSecond,
      verdict: step.verdict,
      ack: latencyFigures(step.statistics.stages.ack),
      errorRatio: errorRatio(step),
      brokenBy: step.gates
        .filter(({ status }) => status === 'fail')
        .map(({ name }) => name)
        .join(', '),
    })),
  };
}

function errorRatio({ statistics: { due, failed } }: LoadStep): number | null {
  return due === 0 ? null : failed / due;
}

function latencyFigures(histogram: Histogram): LatencyFigures {
  const at = (q: number): number | null => histogram.quantile(q) ?? null;
  return {
    count: histogram.count,
    mean: histogram.mean ?? null,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: histogram.max ?? null,
  };
}

function mapped<Key extends string, Value>(keys: readonly Key[], value: (key: Key) => Value): Record<Key, Value>;
function mapped(keys: readonly string[], value: (key: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, value(key)]));
}
