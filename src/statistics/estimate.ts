import { at } from '../util/array.ts';
import { around, sum, type Interval } from './sample.ts';

const BPS = 10_000;

/** What one run earned after fees, and what it traded. */
export interface Run {
  readonly netUsd: number;
  readonly turnoverUsd: number;
}

/** An edge, or a difference of edges, over some seeds. */
export interface Estimate {
  readonly bps: number;
  /** How much each seed moves it: with all seeds, minus without this one. */
  readonly shifts: readonly number[];
  /** Degrees of freedom: seeds that traded, less one. */
  readonly freedom: number;
}

/** Net PnL over turnover of all runs together; undefined without turnover. */
export function estimateOf(runs: readonly Run[]): Estimate | undefined {
  const net = sum(runs.map(({ netUsd }) => netUsd));
  const turnover = sum(runs.map(({ turnoverUsd }) => turnoverUsd));
  if (turnover <= 0) return undefined;
  const edge = net / turnover;
  const shiftOf = ({ netUsd, turnoverUsd }: Run): number => (BPS * (netUsd - edge * turnoverUsd)) / (turnover - turnoverUsd);
  const freedom = runs.filter(({ turnoverUsd }) => turnoverUsd > 0).length - 1;
  return { bps: BPS * edge, shifts: freedom > 0 ? runs.map(shiftOf) : runs.map(() => 0), freedom };
}

/** The sum of estimates over the same seeds, each times its weight: with weights 1 and -1, a difference. */
export function combine(parts: readonly (readonly [weight: number, estimate: Estimate])[]): Estimate {
  const [, first] = at(parts, 0);
  return {
    bps: sum(parts.map(([weight, { bps }]) => weight * bps)),
    shifts: first.shifts.map((_, seed) => sum(parts.map(([weight, { shifts }]) => weight * at(shifts, seed)))),
    freedom: Math.min(...parts.map(([, { freedom }]) => freedom)),
  };
}

/** Standard error by the jackknife: runs with a large share of the turnover widen it, which a linear approximation would not see. */
export function errorOf({ shifts }: Estimate): number {
  return Math.sqrt(((shifts.length - 1) / shifts.length) * sum(shifts.map((shift) => shift * shift)));
}

/** 95 % unless told otherwise; undefined where fewer than two seeds traded. */
export function intervalOf(estimate: Estimate, outside?: number): Interval | undefined {
  return estimate.freedom < 1 ? undefined : around(estimate.bps, errorOf(estimate), estimate.freedom, outside);
}
