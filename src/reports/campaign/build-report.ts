import { VERSION } from '../../config/version.ts';
import type { Verdict } from '../../errors.ts';
import { campaignStep, type CampaignStep, type Known } from '../../harness/campaign/campaign-step.ts';
import type { Expectation } from '../../harness/campaign/expectation.ts';
import type { CampaignPlan, PlannedRuns, RunRef, Setup } from '../../harness/campaign/plan.ts';
import type { RunResult } from '../../harness/campaign/run-result.ts';
import { differenceOf, edgeOf, type Runs } from '../../statistics/edge.ts';
import { paretoFront } from '../../statistics/pareto.ts';
import { byEdge } from '../../statistics/rank.ts';
import { sampleOf, sum } from '../../statistics/sample.ts';
import { sensitivityOf, type Sensitivity } from '../../statistics/sensitivity.ts';
import { edgeFigures, difference } from './edge-figures.ts';
import { defined } from '../../util/assert.ts';
import { answerOf, type SetupRuns } from './answers.ts';
import { ResultTable } from './result-table.ts';
import { brokenRuns, gateFailures, lostRuns, runRow, survivalOf } from './run-rows.ts';
import type { Answered, CampaignReport, Confirmed, SetupFigures } from './campaign-report.ts';

export interface ReportParts {
  readonly runs: PlannedRuns;
  /** Results of a finished campaign. */
  readonly known: Known;
  readonly expectations: readonly Expectation[];
  /** The command that repeats the campaign. */
  readonly repeat: string;
  /** The command that repeats one of its runs. */
  readonly repeatRun: (ref: RunRef) => string;
  /** Why a run has no result, by id. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** The answer of a campaign whose runs are all made. */
export function campaignReport(parts: ReportParts): CampaignReport {
  const { runs, known, expectations, repeatRun, reasons } = parts;
  const { plan } = runs;
  const step = campaignStep(runs, known);
  const table = new ResultTable(runs, known);
  const ranked = rankedSetups(plan, step, table);
  const leader = step.alive.length === 0 ? undefined : ranked[0];
  const setups = ranked.map((setup) => setupFigures(setup, { plan, table, step, leader }));
  const confirmation = ranked
    .filter(({ name }) => table.of(name, plan.confirmationSeeds).length > 0)
    .map((setup, _, all) => confirmed(setup, all[0], { plan, table }));
  const runsOf = (name: string): SetupRuns => ({
    selection: table.runs(name, plan.seeds),
    confirmation: table.runs(name, plan.confirmationSeeds),
  });
  const answers = leader === undefined ? [] : expectations.map((each) => answerOf(each, leader.name, runsOf));
  const made = ranked.flatMap(({ name }) => table.made(name));
  const broken = brokenRuns(made, plan, repeatRun);
  const survival = plan.aim === 'survive' ? survivalOf(made, plan) : null;
  const notJudged = sum((survival ?? []).map((each) => each.notJudged.length));
  const lost = lostRuns(runs, known, { reasons, repeatRun });
  return {
    schemaVersion: 1,
    command: 'campaign',
    verdict: verdictOf(answers, {
      broken: broken.length,
      open: lost.length + notJudged + (made.some(({ result }) => result.turnoverUsd > 0) ? 0 : 1),
    }),
    origin: originOf(parts, made.length),
    setups,
    confirmation,
    front: frontOf(setups),
    sensitivity: plan.axes.length === 0 ? [] : effectsOf(plan, table),
    expectations: answers,
    pairingGain: pairingGain(leader, ranked, (name) => table.runs(name, plan.seeds)),
    survival,
    broken,
    lost,
    runs: made.map((each) => runRow(each, plan, repeatRun)),
  };
}

/**
 * The leader of the race, then the others by their difference to it on common seeds: setups that left have met other seeds than the leader,
 * and what they earned there cannot be compared. Without a leader, because every setup has a run without a result, by what they earned.
 */
function rankedSetups({ setups, seeds }: CampaignPlan, { alive }: CampaignStep, table: ResultTable): Setup[] {
  const [leader] = alive;
  const leaders = leader === undefined ? undefined : table.runs(leader, seeds);
  const compared = setups.map((setup) => {
    const runs = table.runs(setup.name, seeds);
    const { bps, traded } = edgeOf(runs);
    return { setup, traded, bps: leaders === undefined ? bps : differenceOf(runs, leaders)?.bps };
  });
  const ranked = compared.toSorted(byEdge(seeds.length)).map(({ setup }) => setup);
  return [...ranked.filter(({ name }) => name === leader), ...ranked.filter(({ name }) => name !== leader)];
}

interface Around {
  readonly plan: CampaignPlan;
  readonly table: ResultTable;
  readonly step: CampaignStep;
  readonly leader: Setup | undefined;
}

function setupFigures(setup: Setup, { plan, table, step, leader }: Around): SetupFigures {
  const { name, profile, varied, fees, settings } = setup;
  const results = table.of(name, plan.seeds).map(({ result }) => result);
  const total = (key: 'fills' | 'turnoverUsd' | 'netUsd' | 'spreadUsd' | 'adverseUsd' | 'feesUsd' | 'fundingUsd' | 'elapsedMs'): number =>
    sum(results.map((result) => result[key]));
  const turnoverUsd = total('turnoverUsd');
  const bps = (usd: number): number | null => (turnoverUsd === 0 ? null : (10_000 * usd) / turnoverUsd);
  const against = (other: Setup): SetupFigures['toLeader'] => difference(table.runs(name, plan.seeds), table.runs(other.name, plan.seeds));
  const hours = total('elapsedMs') / 3_600_000;
  return {
    name,
    profile,
    varied,
    fees,
    settings,
    runs: results.length,
    ...edgeFigures(table.runs(name, plan.seeds)),
    fills: total('fills'),
    fillsPerHour: hours === 0 ? null : total('fills') / hours,
    turnoverUsd,
    netUsd: total('netUsd'),
    spreadBps: bps(total('spreadUsd')),
    adverseBps: bps(total('adverseUsd')),
    feesBps: bps(-total('feesUsd')),
    fundingBps: bps(-total('fundingUsd')),
    inventorySdUsd: inventorySd(results),
    uptime: uptimeOf(results),
    drawdownUsd: Math.max(0, ...results.map((result) => result.drawdownUsd)),
    gateFailures: gateFailures(results),
    toLeader: leader === undefined || setup === leader ? null : against(leader),
    toBaseline: setup === baselineOf(plan) ? null : against(baselineOf(plan)),
    left: step.left.find((each) => each.setup === name) ?? null,
    scenarios:
      plan.scenarios.length < 2
        ? []
        : plan.scenarios.map((scenario) => ({
            scenario: scenario.name,
            ...edgeFigures(table.runs(name, plan.seeds, scenario.name)),
          })),
  };
}

/** What a plan names first. */
function baselineOf({ setups }: CampaignPlan): Setup {
  return defined(setups[0], 'a setup');
}

function inventorySd(results: readonly RunResult[]): number | null {
  if (results.length === 0) return null;
  return Math.sqrt(sum(results.map(({ inventorySdUsd }) => inventorySdUsd ** 2)) / results.length);
}

/** Weighted by the length of the runs. */
function uptimeOf(results: readonly RunResult[]): number | null {
  const observed = results.filter(({ uptime }) => uptime !== null);
  const ms = sum(observed.map(({ elapsedMs }) => elapsedMs));
  return ms === 0 ? null : sum(observed.map(({ uptime, elapsedMs }) => (uptime ?? 0) * elapsedMs)) / ms;
}

function confirmed({ name }: Setup, first: Setup | undefined, { plan, table }: Pick<Around, 'plan' | 'table'>): Confirmed {
  const runs = table.runs(name, plan.confirmationSeeds);
  return {
    name,
    runs: table.of(name, plan.confirmationSeeds).length,
    fills: sum(table.of(name, plan.confirmationSeeds).map(({ result }) => result.fills)),
    ...edgeFigures(runs),
    toLeader: first === undefined || first.name === name ? null : difference(runs, table.runs(first.name, plan.confirmationSeeds)),
  };
}

/** Of each varied key, and of the profile where there are several. */
function effectsOf({ setups, axes, seeds }: CampaignPlan, table: ResultTable): Sensitivity[] {
  const bases = [...new Set(setups.map(({ base }) => base))];
  const all = bases.length < 2 ? axes : [{ key: 'setup', values: bases }, ...axes];
  const tried = setups.map(({ name, base, varied }) => ({ settings: { ...varied, setup: base }, runs: table.runs(name, seeds) }));
  return sensitivityOf(all, tried);
}

/** Of setups that met the same seeds: those that left have met others. */
function frontOf(setups: readonly SetupFigures[]): string[] {
  const known = setups.flatMap(({ name, netBps, inventorySdUsd, left }) =>
    netBps === null || inventorySdUsd === null || left !== null ? [] : [{ name, edgeBps: netBps, risk: inventorySdUsd }],
  );
  return paretoFront(known).map(({ name }) => name);
}

/** Differences that are smaller are those of floats. */
const SAME_BPS = 1e-6;

function pairingGain(leader: Setup | undefined, ranked: readonly Setup[], runsOf: (name: string) => Runs): number | null {
  if (leader === undefined) return null;
  const gains = ranked.slice(1).flatMap(({ name }) => {
    const { interval, unpaired } = differenceOf(runsOf(name), runsOf(leader.name)) ?? {};
    // Setups that make the same trades differ by the same amount on every seed.
    if (interval === undefined || unpaired === undefined || interval[1] - interval[0] < SAME_BPS) return [];
    return [(unpaired[1] - unpaired[0]) / (interval[1] - interval[0])];
  });
  return sampleOf(gains)?.median ?? null;
}

/** A broken invariant fails every campaign. Without a question, a campaign that has all its runs has answered. */
function verdictOf(answers: readonly Answered[], { broken, open }: { readonly broken: number; readonly open: number }): Verdict {
  if (broken > 0 || answers.some(({ answer }) => answer === 'no')) return 'FAIL';
  return open > 0 || answers.some(({ answer }) => answer === 'undecided') ? 'INCONCLUSIVE' : 'PASS';
}

function originOf({ runs: { plan }, repeat }: ReportParts, made: number): CampaignReport['origin'] {
  const { build, setups, combinations, leftOut, scenarios, seeds, confirmationSeeds, block, durationMs, finalists } = plan;
  return {
    version: VERSION,
    build,
    repeat,
    tried: setups.length,
    combinations,
    leftOut,
    baseline: baselineOf(plan).name,
    scenarios: scenarios.map(({ name, market, symbols, faults }) => ({ name, market: market ?? 'recording', symbols, faults })),
    seeds: seeds.length,
    confirmationSeeds: confirmationSeeds.length,
    block: block ?? null,
    durationMs,
    runs: made,
    runsOfFullGrid: scenarios.length * (setups.length * seeds.length + Math.min(finalists, setups.length) * confirmationSeeds.length),
  };
}
