import type { Known } from '../../harness/campaign/campaign-step.ts';
import type { CampaignPlan, PlannedRuns, RunRef } from '../../harness/campaign/plan.ts';
import type { GateResult, RunResult } from '../../harness/campaign/run-result.ts';
import { edgeBps } from '../../harness/measures/measures.ts';
import { boundOf, figure } from '../soak/soak-rows.ts';
import type { MadeRun } from './result-table.ts';
import type { BrokenRun, GateFailures, JudgedGate, LostRun, RunRow, Survival } from './campaign-report.ts';

type RepeatRun = (ref: RunRef) => string;

export function runRow({ ref, result }: MadeRun, { confirmationSeeds }: CampaignPlan, repeatRun: RepeatRun): RunRow {
  const { verdict, netUsd, turnoverUsd, fills, inventorySdUsd, uptime, drawdownUsd, gates } = result;
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
    failedGates: gatesThat(gates, 'fail').map(({ name }) => name),
    repeat: repeatRun(ref),
  };
}

function namesOf({ setup, scenario, seed }: RunRef): { readonly setup: string; readonly scenario: string; readonly seed: string } {
  return { setup: setup.name, scenario: scenario.name, seed };
}

/** The one gate that says nothing about survival. */
const EARNING = 'net edge';

function gatesThat(gates: readonly GateResult[], status: GateResult['status']): GateResult[] {
  return gates.filter((gate) => gate.status === status);
}

/** Those that a run has to keep, where survival is asked. */
function judgedOf({ gates }: RunResult): GateResult[] {
  return gates.filter(({ name, status }) => name !== EARNING && status !== 'not_measured');
}

/** What went wrong in a run; `gateText` says it of a gate. In a comparison, a gate that fails is a result like another. */
function failuresOf(result: RunResult, { aim }: CampaignPlan, gateText: (gate: GateResult) => string): string[] {
  const { broken, ordersRest, bug } = result;
  const gates = aim === 'survive' ? gatesThat(judgedOf(result), 'fail') : [];
  return [...broken, ...(ordersRest ? ['orders rest at the end'] : []), ...(bug === null ? [] : [`bug: ${bug}`]), ...gates.map(gateText)];
}

export function brokenRuns(made: readonly MadeRun[], plan: CampaignPlan, repeatRun: RepeatRun): BrokenRun[] {
  return made.flatMap(({ ref, result }) => {
    const what = failuresOf(result, plan, (gate) => `${gate.name} ${figure(gate, gate.value ?? undefined)}, allowed ${boundOf(gate)}`);
    return what.length === 0 ? [] : [{ id: ref.id, ...namesOf(ref), what, repeat: repeatRun(ref) }];
  });
}

export function survivalOf(made: readonly MadeRun[], plan: CampaignPlan): Survival[] {
  return plan.setups.flatMap((setup) =>
    plan.scenarios.map((scenario) => {
      const runs = made.filter(({ ref }) => ref.setup === setup && ref.scenario === scenario);
      const failures = runs.map(({ result }) => failuresOf(result, plan, ({ name }) => `gate ${name}`));
      const open = runs.flatMap(({ result }) => gatesThat(judgedOf(result), 'too_few_samples').map(({ name }) => name));
      return {
        setup: setup.name,
        scenario: scenario.name,
        runs: runs.length,
        survived: failures.filter((each) => each.length === 0).length,
        notJudged: counted(open),
        failures: counted(failures.flat()),
        gates: outcomesOf(runs.flatMap(({ result }) => judgedOf(result))),
      };
    }),
  );
}

export function gateFailures(results: readonly RunResult[]): GateFailures {
  const failed = results.map((result) => gatesThat(judgedOf(result), 'fail').map(({ name }) => name));
  return { runs: failed.filter((names) => names.length > 0).length, gates: counted(failed.flat()) };
}

/** Of all runs together, in the order of the gates. */
function outcomesOf(gates: readonly GateResult[]): JudgedGate[] {
  const names = [...new Set(gates.map(({ name }) => name))];
  return names.flatMap((wanted) => {
    const own = gates.filter(({ name }) => name === wanted);
    const [first] = own;
    if (first === undefined) return [];
    const { name, unit, bound, atMost } = first;
    const judged = own.filter((gate) => gate.status !== 'too_few_samples');
    const values = judged.flatMap(({ value }) => value ?? []);
    const worst = values.length === 0 ? null : atMost ? Math.max(...values) : Math.min(...values);
    return [{ name, unit, bound, atMost, worst, judged: judged.length, failed: gatesThat(judged, 'fail').length }];
  });
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
