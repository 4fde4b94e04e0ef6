import { at, nearestRank } from '../../util/array.ts';
import type { LoadStage } from './load-stage.ts';

/** Maximum number of points: one per second up to half an hour, fewer per second in longer runs. */
const MOST_POINTS = 1800;

/** One interval of the measured time. A latency belongs to the interval in which its request was due, not to that of the answer. */
export interface LoadPoint {
  /** Its end, ms since the start of the measured time. */
  readonly atMs: number;
  /** Orders per second that were due, and that were sent. */
  readonly askedPerSecond: number;
  readonly achievedPerSecond: number;
  /** Requests due in this interval that failed, were refused or were never sent. */
  readonly errors: number;
  /** ms; null without samples. */
  readonly latencyMs: Readonly<Record<LoadStage, PointQuantiles | null>>;
  readonly rssMb: number | null;
  /** Share of one processor. */
  readonly cpuRatio: number | null;
  /** The longest delay of a timer, ms. */
  readonly loopLagMs: number | null;
}

export interface PointQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Resources of the process at one moment. */
export interface ResourceReading {
  readonly rssMb: number | null;
  readonly cpuRatio: number | null;
  readonly loopLagMs: number | null;
}

class Bucket {
  due = 0;
  sent = 0;
  errors = 0;
  readonly latencies = new Map<LoadStage, number[]>();
  worstAck: number | null = null;
  resources: ResourceReading = { rssMb: null, cpuRatio: null, loopLagMs: null };
}

/** The measured time in intervals of equal length. Times: ms since its start. */
export class LoadSeries {
  readonly #bucketMs: number;
  readonly #buckets: Bucket[];

  constructor(durationMs: number) {
    const seconds = Math.ceil(durationMs / 1000);
    this.#bucketMs = Math.ceil(seconds / MOST_POINTS) * 1000;
    this.#buckets = Array.from({ length: Math.ceil(durationMs / this.#bucketMs) }, () => new Bucket());
  }

  due(atMs: number): void {
    this.#at(atMs).due += 1;
  }

  sent(atMs: number): void {
    this.#at(atMs).sent += 1;
  }

  failed(dueMs: number): void {
    this.#at(dueMs).errors += 1;
  }

  took(stage: LoadStage, dueMs: number, latencyMs: number): void {
    const bucket = this.#at(dueMs);
    const { latencies } = bucket;
    if (stage === 'ack') bucket.worstAck = Math.max(bucket.worstAck ?? 0, latencyMs);
    const list = latencies.get(stage);
    if (list === undefined) latencies.set(stage, [latencyMs]);
    else list.push(latencyMs);
  }

  /** An interval keeps its worst reading. */
  resources(atMs: number, reading: ResourceReading): void {
    const bucket = this.#at(atMs);
    const { rssMb, cpuRatio, loopLagMs } = bucket.resources;
    bucket.resources = {
      rssMb: worse(rssMb, reading.rssMb),
      cpuRatio: worse(cpuRatio, reading.cpuRatio),
      loopLagMs: worse(loopLagMs, reading.loopLagMs),
    };
  }

  /** The slowest answer of each interval so far; cheap enough to be read while a load runs. */
  worstAnswers(elapsedMs: number): { readonly atMs: readonly number[]; readonly values: readonly (number | null)[] } {
    const buckets = this.#buckets.slice(0, Math.ceil(elapsedMs / this.#bucketMs));
    return { atMs: buckets.map((_, index) => (index + 1) * this.#bucketMs), values: buckets.map(({ worstAck }) => worstAck) };
  }

  /** The intervals that begin in the first `elapsedMs` of the measured time. */
  points(elapsedMs: number): readonly LoadPoint[] {
    const seconds = this.#bucketMs / 1000;
    return this.#buckets.slice(0, Math.ceil(elapsedMs / this.#bucketMs)).map((bucket, index) => ({
      atMs: (index + 1) * this.#bucketMs,
      askedPerSecond: bucket.due / seconds,
      achievedPerSecond: bucket.sent / seconds,
      errors: bucket.errors,
      latencyMs: {
        schedule: quantilesOf(bucket.latencies.get('schedule')),
        decide: quantilesOf(bucket.latencies.get('decide')),
        queue: quantilesOf(bucket.latencies.get('queue')),
        ack: quantilesOf(bucket.latencies.get('ack')),
        stream: quantilesOf(bucket.latencies.get('stream')),
      },
      ...bucket.resources,
    }));
  }

  #at(ms: number): Bucket {
    return at(this.#buckets, Math.max(0, Math.min(this.#buckets.length - 1, Math.floor(ms / this.#bucketMs))));
  }
}

function quantilesOf(values: readonly number[] | undefined): PointQuantiles | null {
  if (values === undefined) return null;
  const ascending = values.toSorted((a, b) => a - b);
  const rank = (q: number): number => nearestRank(ascending, q);
  return { count: ascending.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

function worse(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
