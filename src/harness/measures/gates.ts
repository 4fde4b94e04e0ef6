import type { Settings } from '../../config/fields.ts';
import type { Verdict } from '../../errors.ts';

/** One measured figure of a run. `samples`: the number of observations behind it; `needed`: the least number to judge it. */
export interface Measure {
  readonly value: number | undefined;
  readonly samples: number;
  readonly needed: number;
  /** Why this run cannot measure it at all. */
  readonly notMeasured?: string | undefined;
}

export type Gate = {
  readonly name: string;
  /** The profile key that holds the bound. */
  readonly key: string;
  readonly unit: string;
  readonly bound: number;
  readonly atMost: boolean;
  readonly value: number | undefined;
  readonly samples: number;
  readonly needed: number;
  readonly status: 'pass' | 'fail' | 'too_few_samples' | 'not_measured';
  readonly note: string | undefined;
};

export type Threshold = keyof Settings['thresholds'];

/** The gates: one row for each threshold of a profile. */
const GATES: readonly { readonly key: Threshold; readonly name: string; readonly unit: string; readonly atMost: boolean }[] = [
  { key: 'orderLatencyP95Ms', name: 'order latency p95', unit: 'ms', atMost: true },
  { key: 'orderLatencyP99Ms', name: 'order latency p99', unit: 'ms', atMost: true },
  { key: 'riskRatioP95', name: 'risk ratio p95', unit: '', atMost: true },
  { key: 'makerShare', name: 'maker share', unit: '', atMost: false },
  { key: 'errorRate', name: 'error rate', unit: '', atMost: true },
  { key: 'netEdgeBps', name: 'net edge', unit: 'bps', atMost: false },
  { key: 'quoteUptime', name: 'two-sided uptime', unit: '', atMost: false },
  { key: 'memorySlopeMbPerHour', name: 'memory slope', unit: 'MB/h', atMost: true },
];

export function judgeGates(measures: Readonly<Record<Threshold, Measure>>, thresholds: Settings['thresholds']): Gate[] {
  return GATES.map(({ key, name, unit, atMost }) => {
    const { value, samples, needed, notMeasured } = measures[key];
    const bound = thresholds[key];
    return {
      name,
      key: `thresholds.${key}`,
      unit,
      bound,
      atMost,
      value,
      samples,
      needed,
      status: statusOf(measures[key], bound, atMost),
      note: notMeasured,
    };
  });
}

function statusOf({ value, samples, needed, notMeasured }: Measure, bound: number, atMost: boolean): Gate['status'] {
  if (notMeasured !== undefined) return 'not_measured';
  if (value === undefined || samples < needed) return 'too_few_samples';
  return (atMost ? value <= bound : value >= bound) ? 'pass' : 'fail';
}

/** One failure decides the verdict; a gate with too few samples leaves it open. */
export function verdictOf(gates: readonly Gate[], violations: number): Verdict {
  if (violations > 0 || gates.some(({ status }) => status === 'fail')) return 'FAIL';
  return gates.some(({ status }) => status === 'too_few_samples') ? 'INCONCLUSIVE' : 'PASS';
}

/** Observations that a quantile needs: ten beyond it. */
export function samplesFor(quantile: number): number {
  return Math.ceil(10 / (1 - quantile) - 1e-9);
}
