import { differenceOf, edgeOf, type Runs } from '../../statistics/edge.ts';
import type { EdgeFigures, SetupFigures } from './campaign-report.ts';

/** The net edge of these runs, as a report has it. */
export function edgeFigures(runs: Runs): EdgeFigures {
  const { seeds, traded, bps, interval, median, worst } = edgeOf(runs);
  return {
    seeds,
    tradedSeeds: traded,
    netBps: bps ?? null,
    intervalBps: interval ?? null,
    medianBps: median ?? null,
    worst: worst ?? null,
  };
}

/** Their net edge minus that of the leader on the seeds that both have; null when one of the two did not trade there. */
export function toLeader(runs: Runs, leaders: Runs): SetupFigures['toLeader'] {
  const difference = differenceOf(runs, leaders);
  if (difference === undefined) return null;
  return { seeds: difference.seeds, bps: difference.bps, intervalBps: difference.interval ?? null };
}
