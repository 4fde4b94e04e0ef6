import { at } from '../util/array.ts';
import { assert } from '../util/assert.ts';
import { minus } from './edge.ts';
import { estimateOf, intervalOf, type Estimate, type Run } from './estimate.ts';
import { byEdge, type Ranked } from './rank.ts';
import { OUTSIDE, type Interval } from './sample.ts';

/**
 * What may fall outside the intervals of all rounds together. A round has all seeds of the one before, so dividing by their number would be
 * too strict; this power of it follows Pocock's boundaries (1977) for up to 20 rounds. Rivals are not counted, as a setup is compared with
 * the leader only. In made campaigns one of two equal setups leaves in at most a tenth of the races, and of 20 equal setups the winner of
 * the full grid still wins in nine of ten (`test/slow/campaign-statistics.test.ts`).
 */
const OUTSIDE_ALL = 0.125;
const POWER = 2 / 3;

export interface Race {
  /** Of setups with the same edge the first wins. */
  readonly setups: readonly string[];
  /** Every setup meets them in this order. */
  readonly seeds: readonly string[];
  /** Seeds of a round. */
  readonly block: number;
  /** Setups that do not leave for being worse, because something else is asked about them. */
  readonly keep?: readonly string[];
}

/** How a run ended: `failed` when it has no result and will have none. Undefined as long as it has not ended. */
export type Outcomes = (setup: string, seed: string) => Run | 'failed' | undefined;

/** Why a setup runs no further. */
export interface Left {
  readonly setup: string;
  readonly round: number;
  readonly why: 'worse' | 'failed' | 'no turnover';
  /** The leader's edge minus its own, bps: the interval that shows it, wide enough for all rounds. */
  readonly behind?: Interval;
}

interface State {
  /** Best edge first, as of the last complete round. */
  readonly alive: readonly string[];
  readonly left: readonly Left[];
}

/** What to run next, or the end: the winner is the first of `alive`, the others are not proven worse. It is empty when all failed. */
export type RaceStep =
  | (State & {
      readonly kind: 'run';
      readonly round: number;
      readonly missing: readonly { readonly setup: string; readonly seed: string }[];
    })
  | (State & { readonly kind: 'over' });

/**
 * All setups that are left run the next block of seeds, then those that are worse than the leader leave, until one is left or all seeds are
 * used. It looks at complete rounds only: the way does not depend on which run ended first, and a resumed race goes on as before.
 */
export function raceStep({ setups, seeds, block, keep = [] }: Race, outcomes: Outcomes): RaceStep {
  assert(block >= 1, `a round needs a seed, not ${block}`);
  const rounds = Math.ceil(seeds.length / block);
  // Never less sure than the intervals that are shown.
  const outside = Math.min(OUTSIDE, OUTSIDE_ALL / rounds ** POWER);
  let state: State = { alive: setups, left: [] };
  for (let round = 1; round <= rounds && state.alive.length > 1; round += 1) {
    const met = seeds.slice(0, round * block);
    const runs = state.alive.flatMap((setup) => met.map((seed) => ({ setup, seed })));
    const missing = runs.filter(({ setup, seed }) => outcomes(setup, seed) === undefined);
    if (missing.length > 0) return { kind: 'run', round, missing, ...state };
    const standings = setups.filter((setup) => state.alive.includes(setup)).map((setup) => standingOf(setup, met, outcomes));
    const { alive, left } = afterRound(standings, round, { outside, keep, seeds: met.length });
    state = { alive, left: [...state.left, ...left] };
  }
  return { kind: 'over', ...state };
}

interface Rule {
  /** Chance that an interval misses the truth. */
  readonly outside: number;
  readonly keep: readonly string[];
  /** That all have met. */
  readonly seeds: number;
}

interface Standing extends Ranked {
  readonly setup: string;
  readonly failed: boolean;
  readonly estimate: Estimate | undefined;
}

function standingOf(setup: string, seeds: readonly string[], outcomes: Outcomes): Standing {
  const runs = seeds.map((seed) => outcomes(setup, seed)).filter((outcome) => typeof outcome === 'object');
  const estimate = estimateOf(runs);
  return { setup, failed: runs.length < seeds.length, estimate, bps: estimate?.bps, traded: estimate ? estimate.freedom + 1 : 0 };
}

/** The leader never leaves, and of equals none does. */
function afterRound(standings: readonly Standing[], round: number, { outside, keep, seeds }: Rule): State {
  const ranked = standings.toSorted(byEdge(seeds));
  const estimates = ranked.flatMap(({ failed, estimate }) => (failed || !estimate ? [] : [estimate]));
  const [best] = estimates;
  const least = best ? unseenLoss(best, estimates) : 0;
  const alive: string[] = [];
  const left: Left[] = [];
  for (const standing of ranked) {
    const leaving = reasonToLeave(standing, best, outside, least);
    if (leaving && !(leaving.why === 'worse' && keep.includes(standing.setup))) left.push({ setup: standing.setup, round, ...leaving });
    else alive.push(standing.setup);
  }
  return { alive, left };
}

/**
 * How much the leader may still lose by one seed, bps: no interval knows of a rare loss that the leader has not met. What hit another setup
 * may hit it too, unless it has fallen behind as far on a seed of its own.
 */
function unseenLoss(best: Estimate, alive: readonly Estimate[]): number {
  const furthest = (a: Estimate, b: Estimate): number => Math.max(...a.shifts.map((shift, seed) => at(b.shifts, seed) - shift));
  const others = Math.max(...alive.map((other) => furthest(other, best)));
  const own = Math.max(...alive.map((other) => furthest(best, other)));
  return Math.max(0, others - own);
}

function reasonToLeave(
  { failed, estimate }: Standing,
  best: Estimate | undefined,
  outside: number,
  least: number,
): Pick<Left, 'why' | 'behind'> | undefined {
  if (failed) return { why: 'failed' };
  if (!best) return undefined;
  if (!estimate) return { why: 'no turnover' };
  const behind = intervalOf(minus(best, estimate), outside);
  return behind && behind[0] > least ? { why: 'worse', behind } : undefined;
}
