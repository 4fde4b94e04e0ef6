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

/** Their net edge minus that of others on the seeds that both have; null when one of the two did not trade there. */
export function difference(runs: Runs, others: Runs): SetupFigures['toLeader'] {
  const { seeds, bps, interval = null } = differenceOf(runs, others) ?? {};
  return seeds === undefined || bps === undefined ? null : { seeds, bps, intervalBps: interval };
}
