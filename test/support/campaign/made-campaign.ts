import { campaignStep, type Known } from '../../../src/harness/campaign/campaign-step.ts';
import type { CampaignPlan, PlannedRuns, RunRef, Setup } from '../../../src/harness/campaign/plan.ts';
import type { GateResult, RunResult } from '../../../src/harness/campaign/run-result.ts';
import { seededRandom } from '../../../src/util/random.ts';

export function setup(name: string, varied: Setup['varied'] = {}): Setup {
  const settings = Object.fromEntries(Object.entries(varied).map(([key, value]) => [key, String(value)]));
  // Setups that are the same but for their name would share their runs.
  return {
    name,
    base: name.replace(/\/.*/, ''),
    profile: 's1',
    varied,
    settings: { ...settings, 'quoting.maxSkewBps': '0.5', [`made.${name}`]: '1' },
    sources: {},
    fees: null,
    options: ['--profile', 's1'],
  };
}

export function plan(changes: Partial<CampaignPlan> = {}): CampaignPlan {
  return {
    aim: 'compare',
    build: '0.1.0+test',
    setups: [setup('a'), setup('b')],
    scenarios: [
      { name: 'btc BTCUSDT', market: 'btc', recording: null, symbols: ['BTCUSDT'], faults: 'none', options: ['--market', 'btc'] },
    ],
    axes: [],
    combinations: 2,
    leftOut: [],
    seeds: ['1', '2', '3', '4', '5', '6'],
    confirmationSeeds: ['confirm-1', 'confirm-2', 'confirm-3'],
    finalists: 2,
    asked: [],
    block: undefined,
    durationMs: 600_000,
    ...changes,
  };
}

export function result(ref: Pick<RunRef, 'id' | 'seed'>, netUsd: number, changes: Partial<RunResult> = {}): RunResult {
  return {
    schemaVersion: 1,
    id: ref.id,
    seed: ref.seed,
    verdict: 'PASS',
    broken: [],
    gates: [],
    ordersRest: false,
    frozen: null,
    bug: null,
    elapsedMs: 600_000,
    fills: 100,
    turnoverUsd: 10_000,
    spreadUsd: 2,
    adverseUsd: netUsd - 1,
    feesUsd: 1,
    fundingUsd: 0,
    netUsd,
    drawdownUsd: 3,
    largestPositionUsd: 500,
    inventorySdUsd: 200,
    uptime: 0.9,
    requests: 1000,
    ...changes,
  };
}

/** A gate of a made run. */
export function gate(name: string, status: GateResult['status'], value: number | null = 0.5): GateResult {
  return { name, unit: '', bound: 0.8, atMost: false, status, value };
}

/** Net PnL of a made run: what its setup earns, what its market does to all setups, and chance. */
export function madeNet({ setup: { name }, scenario, seed }: RunRef, edges: Readonly<Record<string, number>>): number {
  const normal = (key: string): number => {
    const random = seededRandom(key);
    return Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6);
  };
  return (edges[name] ?? 0) + 2 * normal(`${scenario.name} ${seed}`) + 0.3 * normal(`${name} ${scenario.name} ${seed}`);
}

/** Makes all runs of a campaign, those of a step in the order of `shuffle`. */
export function finished(
  runs: PlannedRuns,
  make: (ref: RunRef) => RunResult | 'lost',
  shuffle: (refs: readonly RunRef[]) => readonly RunRef[] = (refs) => refs,
): { readonly known: Known; readonly made: number } {
  const results = new Map<string, RunResult | 'lost'>();
  const known: Known = (id) => results.get(id);
  for (;;) {
    const step = campaignStep(runs, known);
    if (step.stage === 'over') return { known, made: results.size };
    for (const ref of shuffle(step.missing)) results.set(ref.id, make(ref));
  }
}
