import type { Histogram } from '../util/histogram.ts';
import { samplesFor, type Gate } from './gates.ts';

/** A bound on a quantile of the order latency, from when a request was due to its answer. */
export interface SlaBound {
  /** `p95`, or `max`. */
  readonly name: string;
  /** 0 < q < 1; 1: the maximum. */
  readonly quantile: number;
  readonly boundMs: number;
  /** Where it was asked for: `--sla`, or a setting's key. */
  readonly source: string;
}

/** A gate with what chance leaves open: with 95 % confidence the true value lies in `interval`. */
export interface LoadGate extends Gate {
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** Requests that the error rate is judged by. */
const MIN_REQUESTS = 100;

export function judgeLoad(
  ack: Histogram,
  { failed, due }: { readonly failed: number; readonly due: number },
  bounds: readonly SlaBound[],
  maxErrorRate: number,
): readonly LoadGate[] {
  const errorRate = due === 0 ? undefined : failed / due;
  return [
    ...bounds.map((bound) => latencyGate(ack, bound)),
    {
      name: 'error rate',
      key: 'thresholds.errorRate',
      unit: '',
      bound: maxErrorRate,
      atMost: true,
      value: errorRate,
      samples: due,
      needed: MIN_REQUESTS,
      status: statusOf(errorRate, due, MIN_REQUESTS, maxErrorRate),
      note: undefined,
      interval: undefined,
    },
  ];
}

function latencyGate(ack: Histogram, { name, quantile, boundMs, source }: SlaBound): LoadGate {
  const value = quantile === 1 ? ack.max : ack.quantile(quantile);
  const needed = quantile === 1 ? 1 : samplesFor(quantile);
  return {
    name: `order latency ${name}`,
    key: source,
    unit: 'ms',
    bound: boundMs,
    atMost: true,
    value,
    samples: ack.count,
    needed,
    status: statusOf(value, ack.count, needed, boundMs),
    note: undefined,
    interval: quantile === 1 ? undefined : ack.interval(quantile),
  };
}

function statusOf(value: number | undefined, samples: number, needed: number, bound: number): Gate['status'] {
  if (value === undefined || samples < needed) return 'too_few_samples';
  return value <= bound ? 'pass' : 'fail';
}
