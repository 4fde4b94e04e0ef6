import type { Known } from '../../harness/campaign/campaign-step.ts';
import type { CampaignPlan, PlannedRuns, RunRef } from '../../harness/campaign/plan.ts';
import type { RunResult } from '../../harness/campaign/run-result.ts';
import { edgeBps } from '../../harness/measures/measures.ts';
import type { MadeRun } from './result-table.ts';
import type { BrokenRun, LostRun, RunRow, Survival } from './campaign-report.ts';

type RepeatRun = (ref: RunRef) => string;

export function runRow({ ref, result }: MadeRun, { confirmationSeeds }: CampaignPlan, repeatRun: RepeatRun): RunRow {
  const { verdict, netUsd, turnoverUsd, fills, inventorySdUsd, uptime, drawdownUsd, failedGates } = result;
  return {
    ...namesOf(ref),
    id: ref.id,
    stage: confirmationSeeds.includes(ref.seed) ? 'confirmation' : 'selection',
    verdict,
    netBps: edgeBps(netUsd, turnoverUsd) ?? null,
    netUsd,
    turnoverUsd,
    fills,
    inventorySdUsd,
    uptime,
    drawdownUsd,
    failedGates,
    repeat: repeatRun(ref),
  };
}

function namesOf({ setup, scenario, seed }: RunRef): { readonly setup: string; readonly scenario: string; readonly seed: string } {
  return { setup: setup.name, scenario: scenario.name, seed };
}

/** The one gate that says nothing about survival. */
const EARNING = 'net edge';

/** What went wrong in a run. In a comparison, a gate that fails is a result like another. */
function failuresOf({ broken, ordersRest, bug, failedGates }: RunResult, { aim }: CampaignPlan): string[] {
  const gates = aim === 'survive' ? failedGates.filter((name) => name !== EARNING) : [];
  return [
    ...broken,
    ...(ordersRest ? ['orders rest at the end'] : []),
    ...(bug === null ? [] : [`bug: ${bug}`]),
    ...gates.map((name) => `gate ${name}`),
  ];
}

export function brokenRuns(made: readonly MadeRun[], plan: CampaignPlan, repeatRun: RepeatRun): BrokenRun[] {
  return made.flatMap(({ ref, result }) => {
    const what = failuresOf(result, plan);
    return what.length === 0 ? [] : [{ id: ref.id, ...namesOf(ref), what, repeat: repeatRun(ref) }];
  });
}

export function survivalOf(made: readonly MadeRun[], plan: CampaignPlan): Survival[] {
  return plan.setups.flatMap((setup) =>
    plan.scenarios.map((scenario) => {
      const runs = made.filter(({ ref }) => ref.setup === setup && ref.scenario === scenario);
      const failures = runs.map(({ result }) => failuresOf(result, plan));
      const open = runs.flatMap(({ result }) => result.openGates.filter((name) => name !== EARNING));
      return {
        setup: setup.name,
        scenario: scenario.name,
        runs: runs.length,
        survived: failures.filter((each) => each.length === 0).length,
        notJudged: counted(open),
        failures: counted(failures.flat()),
      };
    }),
  );
}

/** Each word with how often it occurs, the most frequent first. */
function counted(words: readonly string[]): (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

interface LostParts {
  readonly reasons: ReadonlyMap<string, string>;
  readonly repeatRun: RepeatRun;
}

/** In the order of the plan. */
export function lostRuns(runs: PlannedRuns, known: Known, { reasons, repeatRun }: LostParts): LostRun[] {
  const { setups, seeds, confirmationSeeds } = runs.plan;
  const all = setups.flatMap(({ name }) => [...seeds, ...confirmationSeeds].flatMap((seed) => runs.of(name, seed)));
  return all
    .filter(({ id }) => known(id) === 'lost')
    .map((ref) => ({ ...namesOf(ref), reason: reasons.get(ref.id) ?? 'unknown', repeat: repeatRun(ref) }));
}
