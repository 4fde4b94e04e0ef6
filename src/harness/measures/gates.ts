import type { Settings } from '../../config/fields.ts';
import type { Verdict } from '../../errors.ts';
import type { Interval } from '../../statistics/block-bootstrap.ts';

/** One measured figure of a run. `samples`: the number of observations behind it; `needed`: the least number to judge it. */
export interface Measure {
  readonly value: number | undefined;
  readonly samples: number;
  readonly needed: number;
  /** With fewer, the value passes only when it is clear of the bound by as much again as its interval is wide. */
  readonly neededToPass?: number;
  /** 95 % interval of the value, by which it is then judged. */
  readonly interval?: Interval | undefined;
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
  /** 95 % interval of `value`, where the gate judges by it: it passes or fails only with the whole interval. */
  readonly interval?: Interval | undefined;
  readonly samples: number;
  /** The least number to judge by; with an interval that includes the bound, about the number at which it no longer would. */
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

/** What each gate asks, in their order. */
export function askedGates(boundOf: (key: Threshold) => number): Pick<Gate, 'name' | 'unit' | 'bound' | 'atMost'>[] {
  return GATES.map(({ key, name, unit, atMost }) => ({ name, unit, bound: boundOf(key), atMost }));
}

export function judgeGates(measures: Readonly<Record<Threshold, Measure>>, thresholds: Settings['thresholds']): Gate[] {
  return GATES.map(({ key, name, unit, atMost }) => {
    const measure = measures[key];
    const { value, interval, samples, notMeasured } = measure;
    const bound = thresholds[key];
    const status = statusOf(measure, bound, atMost);
    return {
      name,
      key: `thresholds.${key}`,
      unit,
      bound,
      atMost,
      value,
      ...(interval === undefined ? {} : { interval }),
      samples,
      needed: status === 'too_few_samples' ? neededFor(measure, bound) : measure.needed,
      status,
      note: notMeasured,
    };
  });
}

function statusOf(measure: Measure, bound: number, atMost: boolean): Gate['status'] {
  const { value, interval, samples, needed, neededToPass = needed, notMeasured } = measure;
  if (notMeasured !== undefined) return 'not_measured';
  if (value === undefined || samples < needed) return 'too_few_samples';
  const isWithin = (figure: number): boolean => (atMost ? figure <= bound : figure >= bound);
  const [low, high] = interval ?? [value, value];
  if (isWithin(low) !== isWithin(high)) return 'too_few_samples';
  if (!isWithin(low)) return 'fail';
  const margin = samples < neededToPass ? high - low : 0;
  return isWithin(atMost ? high + margin : low - margin) ? 'pass' : 'too_few_samples';
}

/** A value at its bound would need samples without end. */
export const MOST_GROWTH = 100;

/** An interval shrinks with the square root of the samples: how many leave the bound outside, if the value stays. */
function neededFor({ value, interval, samples, needed, neededToPass = needed }: Measure, bound: number): number {
  if (value === undefined || interval === undefined || samples < needed) return needed;
  const [low, high] = interval;
  const reach = value < bound ? high - value : value - low;
  const growth = Math.min(MOST_GROWTH, (reach / (value - bound)) ** 2);
  return Math.max(samples + 1, neededToPass, Math.ceil(samples * growth));
}

/** One failure decides the verdict; a gate with too few samples leaves it open. */
export function verdictOf(gates: readonly Pick<Gate, 'status'>[], violations: number): Verdict {
  if (violations > 0 || gates.some(({ status }) => status === 'fail')) return 'FAIL';
  return gates.some(({ status }) => status === 'too_few_samples') ? 'INCONCLUSIVE' : 'PASS';
}

/** Observations that a quantile needs: ten beyond it. */
export function samplesFor(quantile: number): number {
  return Math.ceil(10 / (1 - quantile) - 1e-9);
}
