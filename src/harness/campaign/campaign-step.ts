import { raceStep, type Left, type Outcomes } from '../../statistics/race.ts';
import type { PlannedRuns, RunRef } from './plan.ts';
import type { RunResult } from './run-result.ts';

/** What is known of a run: its result, `lost` when it has none and will have none, undefined as long as it was not made. */
export type Known = (id: string) => RunResult | 'lost' | undefined;

export interface CampaignStep {
  readonly stage: 'selection' | 'confirmation' | 'over';
  /** Round of the selection that is next or was the last, from 1. */
  readonly round: number;
  /** Runs to make before the next step. */
  readonly missing: readonly RunRef[];
  /** Names of setups, best first. After the selection: the winner and those that are not proven worse. */
  readonly alive: readonly string[];
  readonly left: readonly Left[];
}

/**
 * What a campaign does next. It depends on the plan and on results of complete rounds only: not on the number of workers, the order of
 * arrival, or interruptions.
 */
export function campaignStep(runs: PlannedRuns, known: Known): CampaignStep {
  const { setups, seeds, block = seeds.length, asked, confirmationSeeds, finalists } = runs.plan;
  const missing = (names: readonly string[], of: readonly string[]): RunRef[] =>
    of.flatMap((seed) => names.flatMap((name) => runs.of(name, seed))).filter(({ id }) => known(id) === undefined);
  const names = setups.map(({ name }) => name);
  const step = raceStep({ setups: names, seeds, block, keep: asked }, outcomesOf(runs, known));
  const { alive, left } = step;
  if (step.kind === 'run') {
    const [first, last] = [(step.round - 1) * block, step.round * block];
    return { stage: 'selection', round: step.round, missing: missing(alive, seeds.slice(first, last)), alive, left };
  }
  const round = Math.max(1, ...left.map((each) => each.round));
  // A setup without rivals does not race.
  const alone = names.length === 1 ? missing(names, seeds) : [];
  if (alone.length > 0) return { stage: 'selection', round, missing: alone, alive, left };
  // What a question compares with the best setup has to meet its unseen seeds too.
  const finals = [...new Set([...alive.slice(0, finalists), ...asked])];
  const unconfirmed = missing(finals, confirmationSeeds);
  return { stage: unconfirmed.length > 0 ? 'confirmation' : 'over', round, missing: unconfirmed, alive, left };
}

/** Of a setup and a seed: all scenarios together. */
function outcomesOf(runs: PlannedRuns, known: Known): Outcomes {
  return (setup, seed) => {
    const results = runs.of(setup, seed).map(({ id }) => known(id));
    if (results.includes(undefined)) return undefined;
    return results.includes('lost') ? 'failed' : together(results.filter((result) => typeof result === 'object'));
  };
}

/** Sums over the results. */
export function together(results: readonly RunResult[]): { readonly netUsd: number; readonly turnoverUsd: number } {
  return {
    netUsd: results.reduce((sum, { netUsd }) => sum + netUsd, 0),
    turnoverUsd: results.reduce((sum, { turnoverUsd }) => sum + turnoverUsd, 0),
  };
}
