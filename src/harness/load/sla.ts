import type { Histogram } from '../../util/histogram.ts';
import { samplesFor, type Gate } from '../measures/gates.ts';

/** A bound on a quantile of the order latency, measured from when a request was due to its answer. */
export interface SlaBound {
  /** `p95`, or `max`. */
  readonly name: string;
  /** 0 < q < 1; 1 is the maximum. */
  readonly quantile: number;
  readonly boundMs: number;
  /** Where the bound was set: `--sla`, or the key of a setting. */
  readonly source: string;
}

/** A gate with a confidence interval: with 95 % confidence the true value lies in `interval`. */
export interface LoadGate extends Gate {
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** Number of requests needed to judge the error rate. */
const MIN_REQUESTS = 100;

/** A load that drops more orders than this has not produced the requested rate. */
const LEAST_ACHIEVED = 0.99;
const MIN_ORDERS = 30;

/** Figures by which a load is judged. */
export interface LoadMeasures {
  readonly ack: Histogram;
  /** Requests of all kinds. */
  readonly due: number;
  readonly failed: number;
  /** Orders that were due, and those that were sent to the exchange. */
  readonly ordersDue: number;
  readonly ordersSent: number;
}

export function judgeLoad(
  { ack, due, failed, ordersDue, ordersSent }: LoadMeasures,
  bounds: readonly SlaBound[],
  maxErrorRate: number,
): readonly LoadGate[] {
  return [
    ...bounds.map((bound) => latencyGate(ack, bound)),
    ratioGate({ name: 'error rate', key: 'thresholds.errorRate', bound: maxErrorRate, atMost: true, needed: MIN_REQUESTS }, failed, due),
    ratioGate({ name: 'orders sent', key: 'load-test', bound: LEAST_ACHIEVED, atMost: false, needed: MIN_ORDERS }, ordersSent, ordersDue),
  ];
}

type RatioRule = Pick<Gate, 'name' | 'key' | 'bound' | 'atMost' | 'needed'>;

function ratioGate(rule: RatioRule, part: number, samples: number): LoadGate {
  const value = samples === 0 ? undefined : part / samples;
  return { ...rule, unit: '', value, samples, status: statusOf(value, samples, rule), note: undefined, interval: undefined };
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
    status: statusOf(value, ack.count, { bound: boundMs, atMost: true, needed }),
    note: undefined,
    interval: quantile === 1 ? undefined : ack.interval(quantile),
  };
}

function statusOf(value: number | undefined, samples: number, { bound, atMost, needed }: Omit<RatioRule, 'name' | 'key'>): Gate['status'] {
  if (value === undefined || samples < needed) return 'too_few_samples';
  return (atMost ? value <= bound : value >= bound) ? 'pass' : 'fail';
}
