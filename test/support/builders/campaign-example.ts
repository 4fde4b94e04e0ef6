import type {
  Answered,
  CampaignReport,
  Confirmed,
  EdgeFigures,
  RunRow,
  SetupFigures,
} from '../../../src/reports/campaign/campaign-report.ts';
import { difference, edgeFigures } from '../../../src/reports/campaign/edge-figures.ts';
import { differenceOf, type Runs } from '../../../src/statistics/edge.ts';
import { paretoFront } from '../../../src/statistics/pareto.ts';
import { raceStep, type Left } from '../../../src/statistics/race.ts';
import { fullGrid, type Axis, type Settings } from '../../../src/statistics/search-space.ts';
import { sensitivityOf } from '../../../src/statistics/sensitivity.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { randomNormal, seededRandom } from '../../../src/util/random.ts';

/** Reports of campaigns that were never run: figures from seeded random numbers, statistics as they are. */

export interface ExampleChoice {
  readonly profiles?: readonly string[];
  readonly axes?: readonly Axis[];
  readonly seeds?: number;
  readonly confirmationSeeds?: number;
  /** Null: no setup leaves. */
  readonly block?: number | null;
  readonly scenarios?: readonly string[];
}

const SPREADS: Axis = { key: 'baseSpreadBps', values: [4, 6, 8, 12, 16] };

/** A choice with three keys, of which a map shows two, and two scenarios. */
export const GRID: ExampleChoice = {
  profiles: ['s1'],
  axes: [SPREADS, { key: 'levels', values: [2, 4, 8] }, { key: 'adaptive', values: [true, false] }],
  seeds: 20,
  confirmationSeeds: 10,
  block: 10,
  scenarios: ['btc', 'toxic'],
};

/** Without a choice: two profiles with five spreads on 40 seeds, and the best of them on 20 more. */
export function campaignExample(choice: ExampleChoice = {}): CampaignReport {
  const { profiles = ['s1', 'conservative'], axes = [SPREADS], seeds = 40, confirmationSeeds = 20, block = 8 } = choice;
  const scenarios = choice.scenarios ?? ['btc'];
  const setups = profiles.flatMap((profile) =>
    fullGrid(axes).map((varied): Setup => ({ name: nameOf(profile, varied), profile, varied, axes })),
  );
  const numbers = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => String(from + i));
  const [chosenOn, unseen] = [numbers(1, seeds), numbers(1001, confirmationSeeds)];
  const made = new Map<string, RunRow>();
  const run = (setup: Setup, scenario: string, seed: string): RunRow => {
    const key = [setup.name, scenario, seed].join(' ');
    const row = made.get(key) ?? runOf(setup, scenario, seed, unseen.includes(seed));
    made.set(key, row);
    return row;
  };
  const named = (name: string): Setup =>
    defined(
      setups.find((setup) => setup.name === name),
      name,
    );
  const race = raceStep({ setups: setups.map(({ name }) => name), seeds: chosenOn, block: block ?? seeds }, (name, seed) =>
    sum(scenarios.map((scenario) => run(named(name), scenario, seed))),
  );
  if (setups.length === 1) for (const seed of chosenOn) for (const scenario of scenarios) run(at(setups, 0), scenario, seed);
  const rank = (setup: SetupFigures): number => (setup.left === null ? 1e6 : 0) + (setup.netBps ?? -1e5);
  const runsOf = (name: string, stage: RunRow['stage']): RunRow[] =>
    [...made.values()].filter((row) => row.setup === name && row.stage === stage);
  const best = at(race.alive, 0);
  const first = bySeed(runsOf(at(setups, 0).name, 'selection'));
  const figures = setups
    .map((setup, i) => ({
      ...figuresOf(setup, runsOf(setup.name, 'selection'), scenarios, best, bySeed(runsOf(best, 'selection')), race.left),
      toBaseline: i === 0 ? null : difference(bySeed(runsOf(setup.name, 'selection')), first),
    }))
    .toSorted((a, b) => rank(b) - rank(a));
  const finalists = confirmationSeeds === 0 ? [] : figures.filter(({ left }) => left === null).slice(0, 3);
  for (const { name } of finalists) for (const seed of unseen) for (const scenario of scenarios) run(named(name), scenario, seed);
  const confirmation = finalists.map(({ name }) => confirmedOf(name, best, (each) => runsOf(each, 'confirmation')));
  const order = figures.map(({ name }) => name);
  const runs = [...made.values()].toSorted((a, b) => order.indexOf(a.setup) - order.indexOf(b.setup) || Number(a.seed) - Number(b.seed));
  const earns = earnsAnything(confirmation[0] ?? at(figures, 0), confirmation.length > 0);
  return {
    schemaVersion: 1,
    command: 'campaign',
    verdict: earns.answer === 'yes' ? 'PASS' : 'INCONCLUSIVE',
    origin: {
      version: '1.9.0',
      build: '1.9.0',
      repeat: `mmbot campaign --profile ${profiles.join(',')} ${axes.map(({ key, values }) => `--vary ${key}=${values.join(',')}`).join(' ')} --seeds ${seeds} --confirm ${confirmationSeeds} --duration 1h`,
      tried: setups.length,
      combinations: setups.length,
      leftOut: [],
      baseline: at(setups, 0).name,
      scenarios: scenarios.map((name) => ({ name, market: name, symbols: ['BTCUSDT'], faults: name === 'btc' ? 'none' : 'light' })),
      seeds,
      confirmationSeeds,
      block,
      durationMs: 3_600_000,
      runs: runs.length,
      runsOfFullGrid: scenarios.length * (setups.length * seeds + confirmationSeeds * Math.min(3, setups.length)),
    },
    setups: figures,
    confirmation,
    front: paretoFront(
      figures.flatMap(({ name, netBps, inventorySdUsd }) =>
        netBps === null ? [] : [{ name, edgeBps: netBps, risk: inventorySdUsd ?? 0 }],
      ),
    ).map(({ name }) => name),
    sensitivity: sensitivityOf(
      axes,
      setups
        .map(({ name, varied, profile }) => ({ settings: varied, runs: bySeed(runsOf(name, 'selection')), profile }))
        .filter(({ profile }) => profile === profiles[0]),
    ),
    expectations: [earns],
    pairingGain: gainOf(setups, best, (name) => bySeed(runsOf(name, 'selection'))),
    survival: null,
    broken: [],
    lost: [],
    runs,
  };
}

function earnsAnything({ netBps, intervalBps, seeds }: EdgeFigures, isUnseen: boolean): Answered {
  const isSure = intervalBps !== null && intervalBps[0] > 0;
  return {
    question: 'best > 0',
    answer: isSure ? 'yes' : 'undecided',
    bps: netBps,
    intervalBps,
    bound: 0,
    on: isUnseen ? 'confirmation' : 'all',
    seeds,
    seedsNeeded: isSure ? null : 120,
  };
}

/** The same with a run that broke an invariant, one that was lost, and a question that is answered with no. */
export function brokenExample(): CampaignReport {
  const report = campaignExample();
  const [first, second] = [at(report.runs, 3), at(report.runs, 90)];
  return {
    ...report,
    verdict: 'FAIL',
    broken: [{ ...first, what: ['I8 no order is left open: 1 order rests', 'I3 fills agree: 2 differ'] }],
    lost: [{ ...second, reason: 'its process ended three times (SIGKILL), perhaps for lack of memory' }],
    expectations: [
      ...report.expectations,
      {
        question: 'best > conservative/baseSpreadBps=16',
        answer: 'undecided',
        bps: 0.21,
        intervalBps: [-0.12, 0.54],
        bound: 0,
        on: 'confirmation',
        seeds: 20,
        seedsNeeded: 90,
      },
      {
        question: 's1/baseSpreadBps=4 > 0',
        answer: 'no',
        bps: -1.9,
        intervalBps: [-2.6, -1.2],
        bound: 0,
        on: 'all',
        seeds: 8,
        seedsNeeded: null,
      },
    ],
  };
}

/** Of a campaign that asked what setups survive. */
export function survivalExample(): CampaignReport {
  const report = campaignExample({ axes: [], scenarios: ['btc', 'toxic'], confirmationSeeds: 0, block: null });
  const broken = report.runs.filter(({ scenario, setup }) => scenario === 'toxic' && setup === 's1').slice(0, 2);
  return {
    ...report,
    verdict: 'FAIL',
    expectations: [],
    survival: report.setups.flatMap(({ name }) =>
      report.origin.scenarios.map(({ name: scenario }) => {
        const failed = broken.filter((run) => run.setup === name && run.scenario === scenario).length;
        const failures = failed === 0 ? [] : [['risk ratio p95', failed] as const];
        const gates = [
          { name: 'risk ratio p95', unit: '', bound: 0.1, atMost: true, worst: failed === 0 ? 0.07 : 0.18, judged: 40, failed },
          { name: 'two-sided uptime', unit: '', bound: 0.8, atMost: false, worst: 0.86, judged: 40, failed: 0 },
        ];
        return { setup: name, scenario, runs: 40, survived: 40 - failed, notJudged: [['order latency p99', 3] as const], failures, gates };
      }),
    ),
    broken: broken.map((run) => ({ ...run, what: ['risk ratio p95 0.180, allowed at most 0.100'] })),
  };
}

interface Setup {
  readonly name: string;
  readonly profile: string;
  readonly varied: Settings;
  readonly axes: readonly Axis[];
}

function nameOf(profile: string, varied: Settings): string {
  const values = Object.entries(varied).map(([key, value]) => `${key.split('.').at(-1)}=${value}`);
  return values.length === 0 ? profile : `${profile}/${values.join(',')}`;
}

/** A wide spread earns more for each fill and has fewer of them; the other keys matter less and less. The seed moves all setups alike. */
function runOf({ name, profile, varied, axes }: Setup, scenario: string, seed: string, isUnseen: boolean): RunRow {
  const market = seededRandom(`market ${seed} ${scenario}`);
  const own = seededRandom(`${name} ${seed} ${scenario}`);
  const shares = axes.map(({ key, values }) =>
    values.length < 2 ? 0.5 : values.findIndex((value) => value === varied[key]) / (values.length - 1),
  );
  const [width = 0.5, ...others] = shares;
  const fills = Math.max(2, Math.round((profile === 's1' ? 420 : 260) * Math.exp(-1.8 * width) * (1 + 0.15 * randomNormal(market))));
  const turnoverUsd = fills * 118;
  const [peak, height, steep] = profile === 's1' ? [0.5, 0.75, 5] : [0.65, 0.55, 4];
  const effects = others.reduce((total, share, i) => total + (0.8 / (i + 1)) * share * (1.3 - share), 0);
  const mean = height - steep * (width - peak) ** 2 + effects - (scenario === 'btc' ? 0 : 0.6);
  const netBps = mean + 0.9 * randomNormal(market) + 0.35 * randomNormal(own);
  const inventorySdUsd = (profile === 's1' ? 170 : 120) * (1.3 - 0.7 * width) * (1 + 0.1 * Math.abs(randomNormal(own)));
  const netUsd = (netBps * turnoverUsd) / 10_000;
  const options = Object.entries(varied)
    .map(([key, value]) => `--set ${key}=${value}`)
    .join(' ');
  return {
    id: `${seededRandom(`${name} ${scenario} ${seed}`).uniform()}`.slice(2).padEnd(32, '0').slice(0, 32),
    setup: name,
    scenario,
    seed,
    stage: isUnseen ? 'confirmation' : 'selection',
    verdict: netBps < -1 ? 'FAIL' : netBps > 1 ? 'PASS' : 'INCONCLUSIVE',
    netBps,
    netUsd,
    turnoverUsd,
    fills,
    inventorySdUsd,
    uptime: 0.93 + 0.05 * own.uniform(),
    drawdownUsd: Math.abs(netUsd) * 0.6 + 2 + own.uniform(),
    failedGates: netBps < -1 ? ['net edge'] : [],
    repeat: `mmbot soak --profile ${profile} ${options} --clock virtual --duration 1h --market ${scenario} --symbols BTCUSDT --seed ${seed}`,
  };
}

function figuresOf(
  setup: Setup,
  runs: readonly RunRow[],
  scenarios: readonly string[],
  best: string,
  leader: Runs,
  left: readonly Left[],
): Omit<SetupFigures, 'toBaseline'> {
  const { name, profile, varied } = setup;
  const own = bySeed(runs);
  const edge = edgeFigures(own);
  const fills = runs.reduce((total, row) => total + row.fills, 0);
  const { netUsd, turnoverUsd } = sum(runs);
  const spreadBps = 0.4 * Number(varied['baseSpreadBps'] ?? 8);
  return {
    ...edge,
    name,
    profile,
    varied,
    fees: null,
    settings: {
      ...Object.fromEntries(Object.entries(varied).map(([key, value]) => [key, String(value)])),
      levels: '4',
      adaptive: 'true',
      orderSizeUsd: '120',
    },
    runs: runs.length,
    fills,
    fillsPerHour: runs.length === 0 ? null : fills / runs.length,
    turnoverUsd,
    netUsd,
    spreadBps: edge.netBps === null ? null : spreadBps,
    adverseBps: edge.netBps === null ? null : edge.netBps - spreadBps + 2.02,
    feesBps: edge.netBps === null ? null : -2,
    fundingBps: edge.netBps === null ? null : -0.02,
    inventorySdUsd: runs.length === 0 ? null : Math.sqrt(runs.reduce((total, row) => total + row.inventorySdUsd ** 2, 0) / runs.length),
    uptime: runs.length === 0 ? null : runs.reduce((total, row) => total + (row.uptime ?? 0), 0) / runs.length,
    drawdownUsd: Math.max(0, ...runs.map((row) => row.drawdownUsd)),
    gateFailures: { runs: 0, gates: [] },
    toLeader: name === best ? null : difference(own, leader),
    left: left.find((each) => each.setup === name) ?? null,
    scenarios:
      scenarios.length < 2
        ? []
        : scenarios.map((scenario) => ({ scenario, ...edgeFigures(bySeed(runs.filter((row) => row.scenario === scenario))) })),
  };
}

function confirmedOf(name: string, best: string, runsOf: (name: string) => readonly RunRow[]): Confirmed {
  const own = bySeed(runsOf(name));
  return {
    ...edgeFigures(own),
    name,
    runs: runsOf(name).length,
    fills: runsOf(name).reduce((sum, { fills }) => sum + fills, 0),
    toLeader: name === best ? null : difference(own, bySeed(runsOf(best))),
  };
}

/** Median over the setups. */
function gainOf(setups: readonly Setup[], best: string, runsOf: (name: string) => Runs): number | null {
  const gains = setups.flatMap(({ name }) => {
    const difference = name === best ? undefined : differenceOf(runsOf(name), runsOf(best));
    if (difference?.interval === undefined || difference.unpaired === undefined) return [];
    return [(difference.unpaired[1] - difference.unpaired[0]) / (difference.interval[1] - difference.interval[0])];
  });
  return gains.toSorted((a, b) => a - b)[gains.length >> 1] ?? null;
}

function bySeed(runs: readonly RunRow[]): Runs {
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  return new Map(seeds.map((seed) => [seed, sum(runs.filter((row) => row.seed === seed))]));
}

function sum(runs: readonly { readonly netUsd: number; readonly turnoverUsd: number }[]): {
  readonly netUsd: number;
  readonly turnoverUsd: number;
} {
  return {
    netUsd: runs.reduce((total, { netUsd }) => total + netUsd, 0),
    turnoverUsd: runs.reduce((total, { turnoverUsd }) => total + turnoverUsd, 0),
  };
}
