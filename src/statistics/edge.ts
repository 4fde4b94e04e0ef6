import { combine, errorOf, estimateOf, intervalOf, type Estimate, type Run } from './estimate.ts';
import { around, sampleOf, type Interval } from './sample.ts';
import { defined } from '../util/assert.ts';

/** The runs of one setup, by seed. */
export type Runs = ReadonlyMap<string, Run>;

/** The net edge of one setup over its seeds, bps of turnover. */
export interface Edge {
  readonly seeds: number;
  /** Of these, the seeds with turnover: only they tell anything. */
  readonly traded: number;
  /** Undefined without turnover. */
  readonly bps: number | undefined;
  /**
   * 95 %; undefined where fewer than two seeds traded. It knows nothing of losses that no seed has met: where a run in ten loses much, it
   * is too narrow with fewer than about 40 seeds.
   */
  readonly interval: Interval | undefined;
  /** Of the seeds that traded. */
  readonly median: number | undefined;
  readonly worst: { readonly seed: string; readonly bps: number } | undefined;
}

/** One setup's net edge minus another's, on the seeds that both have. */
export interface Difference {
  readonly seeds: number;
  readonly bps: number;
  readonly interval: Interval | undefined;
  /** As if the setups had met different markets: what the same seeds save is the difference to `interval`. */
  readonly unpaired: Interval | undefined;
}

/**
 * All net PnL over all turnover, not the mean of the seeds' edges: money is earned in total, and a seed with three fills must not count as
 * much as one with three hundred. Fills of one seed depend on each other, seeds do not: the interval comes from what each seed changes.
 */
export function edgeOf(runs: Runs): Edge {
  const seeds = commonSeeds([runs]);
  const estimate = estimateOf(runsOf(runs, seeds));
  const traded = seeds.flatMap((seed) => {
    const bps = estimateOf(runsOf(runs, [seed]))?.bps;
    return bps === undefined ? [] : [{ seed, bps }];
  });
  return {
    seeds: seeds.length,
    traded: traded.length,
    bps: estimate?.bps,
    interval: estimate && intervalOf(estimate),
    median: sampleOf(traded.map(({ bps }) => bps))?.median,
    worst: traded.toSorted((a, b) => a.bps - b.bps)[0],
  };
}

/** Undefined when one of the two did not trade on their common seeds. */
export function differenceOf(a: Runs, b: Runs): Difference | undefined {
  const seeds = commonSeeds([a, b]);
  const [first, second] = [estimateOf(runsOf(a, seeds)), estimateOf(runsOf(b, seeds))];
  if (!first || !second) return undefined;
  const difference = minus(first, second);
  const { bps, freedom } = difference;
  return {
    seeds: seeds.length,
    bps,
    interval: intervalOf(difference),
    unpaired: freedom < 1 ? undefined : around(bps, Math.hypot(errorOf(first), errorOf(second)), freedom),
  };
}

export function minus(a: Estimate, b: Estimate): Estimate {
  return combine([
    [1, a],
    [-1, b],
  ]);
}

/** The seeds that all have, sorted: sums of floats depend on the order, and a result must not depend on which run ended first. */
export function commonSeeds(setups: readonly Runs[]): string[] {
  const [first, ...others] = setups;
  return first === undefined ? [] : [...first.keys()].filter((seed) => others.every((runs) => runs.has(seed))).toSorted();
}

export function runsOf(runs: Runs, seeds: readonly string[]): Run[] {
  return seeds.map((seed) => defined(runs.get(seed), `the run of seed ${seed}`));
}
