import { BEST, type Expectation } from '../../harness/campaign/expectation.ts';
import { differenceOf, edgeOf, type Runs } from '../../statistics/edge.ts';
import type { Interval } from '../../statistics/sample.ts';
import type { Answered } from './campaign-report.ts';

/** The runs of a setup by seed: those that chose the best setups, and those that confirm them. */
export interface SetupRuns {
  readonly selection: Runs;
  readonly confirmation: Runs;
}

/**
 * Answers a question by an interval. The best setup was chosen by the seeds of the selection, which flatter it: where it has unseen seeds,
 * only those count. A setup that is named was not chosen by its result, so all seeds count.
 */
export function answerOf(expectation: Expectation, best: string, runsOf: (setup: string) => SetupRuns): Answered {
  const { left, right, text, atLeast } = expectation;
  const isBest = [left, right].includes(BEST);
  const names = (side: string): string => (side === BEST ? best : side);
  const hasUnseen = isBest && runsOf(best).confirmation.size > 0;
  const seen = (side: string): Runs => {
    const { selection, confirmation } = runsOf(names(side));
    return hasUnseen ? confirmation : new Map([...selection, ...confirmation]);
  };
  const measured = typeof right === 'number' ? edgeOf(seen(left)) : differenceOf(seen(left), seen(right));
  const bound = typeof right === 'number' ? right : 0;
  const interval = measured?.interval;
  const answer = interval === undefined ? 'undecided' : answered(interval, bound, atLeast);
  const seeds = measured?.seeds ?? 0;
  return {
    question: text,
    answer,
    bps: measured?.bps ?? null,
    intervalBps: interval ?? null,
    bound,
    on: hasUnseen ? 'confirmation' : 'all',
    seeds,
    seedsNeeded: answer === 'undecided' && interval !== undefined ? seedsFor(interval, bound, seeds) : null,
  };
}

function answered([low, high]: Interval, bound: number, atLeast: boolean): Answered['answer'] {
  if (low > bound) return atLeast ? 'yes' : 'no';
  if (high < bound) return atLeast ? 'no' : 'yes';
  return 'undecided';
}

/** Seeds with which an interval around the same middle would leave the bound: its width falls with the root of their number. */
function seedsFor([low, high]: Interval, bound: number, seeds: number): number | null {
  if (seeds < FEWEST_SEEDS) return null;
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const distance = Math.abs(middle - bound);
  const needed = Math.ceil(1.1 * seeds * (half / distance) ** 2);
  return Number.isSafeInteger(needed) && needed < MOST_SEEDS_NAMED ? needed : null;
}

/** Of fewer neither middle nor width of an interval is known well enough to say how many would do. */
const FEWEST_SEEDS = 8;
/** Beyond this a difference is too small to matter. */
const MOST_SEEDS_NAMED = 100_000;
