import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Arrival } from '../../harness/load/arrivals.ts';
import type { Verdict } from '../../errors.ts';
import { LOAD_KINDS, type LoadKind } from '../../harness/load/load-plan.ts';
import type { LoadRun, LoadStep } from '../../harness/load/load-run.ts';
import type { LoadPoint } from '../../harness/load/load-series.ts';
import type { LoadCounts } from '../../harness/load/load-statistics.ts';
import { LOAD_STAGES, type LoadStage } from '../../harness/load/load-stage.ts';
import type { LoadGate } from '../../harness/load/sla.ts';
import type { Histogram } from '../../util/histogram.ts';
import type { RunOrigin } from '../run-origin.ts';

/** `durationMs` is the measured time; for a search, that of each step. */
export interface LoadOrigin extends RunOrigin {
  /** `embedded`, `testnet`, `demo`, or the address. */
  readonly venue: string;
  /** The requested rate over all symbols; for a search for the knee, the rate at which it began. */
  readonly perSecond: number;
  readonly arrival: Arrival;
  readonly transport: 'ws' | 'rest';
  readonly amendRatio: number;
  /** False with `--no-limiter`. */
  readonly limiter: boolean;
  /** `market`, `limits` and `latency` describe the embedded exchange; null for any other. */
  readonly market: string | null;
  readonly limits: string | null;
  readonly latency: string | null;
  readonly warmUpMs: number;
}

/** The whole report as one JSON document. Latencies in ms, measured from when a request was due, unless a stage says otherwise. */
export interface LoadReport {
  readonly schemaVersion: 1;
  readonly command: 'load-test';
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly origin: LoadOrigin;
  /** Without the warm-up. */
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
  /** Fills of orders that were meant to rest: 0 in a sound run. */
  readonly fills: number;
  readonly cancelAll: CancelReport | null;
  /** Open orders by the exchange’s own record; null where that record cannot be read. */
  readonly restingAtEnd: number | null;
  /** Null when no knee was searched for. */
  readonly knee: KneeFigures | null;
  /** The measured time, one point a second in runs of up to half an hour. */
  readonly series: readonly LoadPoint[];
}

/** Orders a second over all symbols. */
export interface RateFigures {
  readonly askedPerSecond: number;
  /** The rate of the drawn arrivals: equal to the requested rate if constant, close to it if random. */
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
  /** Pairs of a share of the values and the value that this share does not exceed, finer towards the worst. */
  readonly distribution: readonly (readonly [q: number, value: number])[];
  /** Bins that have values: where each begins and its number of values. Each is 12 % wider than the one before. */
  readonly histogram: readonly (readonly [fromMs: number, count: number])[];
}

export interface LimitFigures {
  /** Counted by the exchange; null where its record cannot be read. */
  readonly endpoints: readonly EndpointFigures[] | null;
}

export interface EndpointFigures {
  readonly endpoint: string;
  /** Requests allowed in any rolling second. */
  readonly limit: number;
  readonly worstRollingSecond: number;
  readonly arrived: number;
  readonly refused: number;
}

/** Figures of the process that makes the load; null in simulated time. */
export interface ResourceFigures {
  readonly rssPeakMb: number | null;
  /** Null also in runs that are too short to measure it. */
  readonly rssSlopeMbPerHour: number | null;
  /** Mean share of one processor. */
  readonly cpuRatio: number | null;
  readonly loopLagMs: LatencyFigures;
}

export interface KneeFigures {
  /** Null: even the lowest rate failed. */
  readonly lastGoodPerSecond: number | null;
  /** Null: no rate failed. */
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
  /** The gates that failed, as text; '' when none did. */
  readonly brokenBy: string;
}

/** At one sample a second: ten minutes after the warm-up minute. */
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
    stages: mapped(LOAD_STAGES, (stage) => ({
      ...latencyFigures(stages[stage]),
      distribution: stages[stage].distribution(),
      histogram: stages[stage].bins(),
    })),
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
