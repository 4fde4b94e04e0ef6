import { expectationIn } from '../../../src/harness/campaign/expectation.ts';
import { answerOf } from '../../../src/reports/campaign/answers.ts';
import { differenceOf, edgeOf, type Runs } from '../../../src/statistics/edge.ts';
import type { Interval } from '../../../src/statistics/sample.ts';
import { raceStep, type Outcomes, type Race } from '../../../src/statistics/race.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { seededRandom, type Random } from '../../../src/util/random.ts';
import { madeCampaign, type World } from './made-campaign.ts';

const TRUTHS = [1, -0.4] as const;
const DIFFERENCE = 1.4;
/** So near to the winner of the full grid is as good. */
const NEAR_BPS = 0.1;

export interface Coverage {
  /** Shares of campaigns whose interval has the truth: of a setup's own edge, of the paired difference. */
  readonly own: number;
  readonly paired: number;
  /** Unpaired over paired width. */
  readonly wider: number;
}

export function coverageOf(world: World, seeds: number, campaigns: number): Coverage {
  const random = seededRandom(`coverage ${JSON.stringify(world)} ${seeds}`);
  const hits = { own: 0, paired: 0 };
  const widths = { paired: 0, unpaired: 0 };
  for (let i = 0; i < campaigns; i += 1) {
    const setups = madeCampaign(random, world, TRUTHS, seeds);
    const [first, second] = [at(setups, 0), at(setups, 1)];
    const difference = defined(differenceOf(first, second), 'difference');
    const paired = defined(difference.interval, 'interval');
    if (has(defined(edgeOf(first).interval, 'interval'), TRUTHS[0])) hits.own += 1;
    if (has(paired, DIFFERENCE)) hits.paired += 1;
    widths.paired += width(paired);
    widths.unpaired += width(defined(difference.unpaired, 'interval'));
  }
  return { own: hits.own / campaigns, paired: hits.paired / campaigns, wider: widths.unpaired / widths.paired };
}

const has = ([low, high]: Interval, value: number): boolean => low <= value && value <= high;
const width = ([low, high]: Interval): number => high - low;

export interface RaceCase {
  readonly world: World;
  readonly setups: number;
  readonly seeds: number;
  readonly block: number;
  /** True edge of a setup. */
  readonly truth: (random: Random) => number;
}

export interface RaceFigures {
  /** Shares of races that found the winner of the full grid; it, or a setup whose edge on all seeds, or in truth, is as good. */
  readonly same: number;
  readonly near: number;
  readonly nearInTruth: number;
  /** Runs made, of those of the full grid. */
  readonly share: number;
  readonly finalists: number;
}

export function raceFiguresOf({ world, setups, seeds, block, truth }: RaceCase, races: number): RaceFigures {
  const random = seededRandom(`race ${JSON.stringify(world)} ${setups} ${seeds} ${block} ${truth.toString()}`);
  const sums = { same: 0, near: 0, nearInTruth: 0, share: 0, finalists: 0 };
  for (let i = 0; i < races; i += 1) {
    const truths = Array.from({ length: setups }, () => truth(random));
    const runs = madeCampaign(random, world, truths, seeds);
    const grid = runs.map((each) => defined(edgeOf(each).bps, 'edge'));
    const best = grid.indexOf(Math.max(...grid));
    const { winner, finalists, made } = runRace(runs, block);
    sums.same += Number(winner === best);
    sums.near += Number(at(grid, best) - at(grid, winner) <= NEAR_BPS);
    sums.nearInTruth += Number(at(truths, best) - at(truths, winner) <= NEAR_BPS);
    sums.share += made / setups / seeds;
    sums.finalists += finalists;
  }
  const { same, near, nearInTruth, share, finalists } = sums;
  return { same: same / races, near: near / races, nearInTruth: nearInTruth / races, share: share / races, finalists: finalists / races };
}

/** Share of campaigns that call one of two equal setups better, when a question about them was asked and others race too. */
export function wrongAnswersOf(
  world: World,
  { setups, seeds, block }: Pick<RaceCase, 'setups' | 'seeds' | 'block'>,
  races: number,
): number {
  const random = seededRandom(`questions ${JSON.stringify(world)} ${setups} ${seeds} ${block}`);
  const truths = Array.from({ length: setups }, (_, i) => (i < 2 ? 0 : i / setups - 0.5));
  const question = defined(expectationIn('a > b'), 'question');
  let wrong = 0;
  for (let i = 0; i < races; i += 1) {
    const runs = madeCampaign(random, world, truths, seeds);
    const { runsMade } = runRace(runs, block, ['0', '1']);
    const { answer } = answerOf(question, '0', (name) => ({ selection: at(runsMade, name === 'a' ? 0 : 1), confirmation: new Map() }));
    wrong += Number(answer !== 'undecided');
  }
  return wrong / races;
}

/** Places in the list, and how many runs it took. */
function runRace(
  runs: readonly Runs[],
  block: number,
  keep: readonly string[] = [],
): { winner: number; finalists: number; made: number; runsMade: Runs[] } {
  const race: Race = { setups: runs.map((_, i) => String(i)), seeds: [...at(runs, 0).keys()], block, keep };
  const made = race.setups.map(() => new Set<string>());
  const outcomes: Outcomes = (setup, seed) => (at(made, Number(setup)).has(seed) ? at(runs, Number(setup)).get(seed) : undefined);
  for (;;) {
    const step = raceStep(race, outcomes);
    if (step.kind === 'over') {
      const runsMade = made.map((seeds, i) => new Map([...at(runs, i)].filter(([seed]) => seeds.has(seed))));
      return { winner: Number(step.alive[0]), finalists: step.alive.length, made: made.reduce((sum, { size }) => sum + size, 0), runsMade };
    }
    for (const { setup, seed } of step.missing) at(made, Number(setup)).add(seed);
  }
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8);
