import type { Interval } from '../../statistics/sample.ts';
import { duration, fixed, grouped, percent, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { Answered, CampaignReport, Confirmed, EdgeFigures, SetupFigures } from './campaign-report.ts';

/** `+0.42 [0.11, 0.73]`, bps. */
export function withInterval(bps: number | null, interval: Interval | null): string {
  return interval === null ? signed(bps) : `${signed(bps)} ${intervalText(interval)}`;
}

function intervalText([low, high]: Interval): string {
  return `[${fixed(low)}, ${fixed(high)}]`;
}

/** What the comparison says of a setup, in a few words. */
function standingOf({ toLeader, left, netBps }: SetupFigures): string {
  if (left?.why === 'failed') return 'FAIL: a run has no result';
  if (left?.why === 'no turnover' || netBps === null) return 'no fills';
  if (left !== null) return `worse (round ${left.round})`;
  return toLeader === null ? 'best' : 'may be as good';
}

export function setupTable({ setups }: CampaignReport): Table {
  return {
    title: 'Setups, best first',
    head: ['setup', 'seeds', 'fills', 'net bps [95 %]', 'to the best', ''],
    rows: setups.map((setup) => [...comparedCells(setup), standingOf(setup)]),
  };
}

/** What both tables say of a setup: name, seeds, fills, net edge, difference to the best. */
function comparedCells(setup: SetupFigures | Confirmed): string[] {
  const { name, fills, netBps, intervalBps, toLeader } = setup;
  const difference = toLeader === null ? '–' : withInterval(toLeader.bps, toLeader.intervalBps);
  return [name, seedsCell(setup), grouped(fills), withInterval(netBps, intervalBps), difference];
}

/** `12`, or where not all had fills `4 of 12`. */
function seedsCell({ seeds, tradedSeeds }: EdgeFigures): string {
  return tradedSeeds < seeds ? `${grouped(tradedSeeds)} of ${grouped(seeds)}` : grouped(seeds);
}

export function behaviorTable({ setups, front }: CampaignReport): Table {
  return {
    title: 'What they did',
    head: ['setup', 'worst seed', 'fills/h', 'inventory sd', 'uptime', 'drawdown', 'front'],
    rows: setups.map((setup) => [
      setup.name,
      worstText(setup),
      setup.fillsPerHour === null ? '–' : grouped(Math.round(setup.fillsPerHour)),
      setup.inventorySdUsd === null ? '–' : `${grouped(Math.round(setup.inventorySdUsd))} USDT`,
      percent(setup.uptime),
      `${fixed(setup.drawdownUsd)} USDT`,
      front.includes(setup.name) ? 'yes' : '',
    ]),
  };
}

function worstText({ worst }: EdgeFigures): string {
  return worst === null ? '–' : `${signed(worst.bps)} (${worst.seed})`;
}

export function edgeTable({ setups }: CampaignReport): Table {
  return {
    title: 'Where the edge comes from, bps of turnover',
    head: ['setup', 'spread', 'after the fill', 'fees', 'funding', 'net'],
    rows: setups.map(({ name, spreadBps, adverseBps, feesBps, fundingBps, netBps }) => [
      name,
      ...[spreadBps, adverseBps, feesBps, fundingBps, netBps].map((bps) => signed(bps)),
    ]),
  };
}

export function confirmationTable({ confirmation }: CampaignReport): Table | undefined {
  if (confirmation.length === 0) return undefined;
  return {
    title: 'Confirmation, on seeds that were not used to choose',
    head: ['setup', 'seeds', 'fills', 'net bps [95 %]', 'to the first', 'worst seed'],
    rows: confirmation.map((setup) => [...comparedCells(setup), worstText(setup)]),
  };
}

/** Of each setup in each scenario, where there are several. */
export function scenarioTable({ setups, origin }: CampaignReport): Table | undefined {
  if (origin.scenarios.length < 2) return undefined;
  return {
    title: 'By scenario, net bps [95 %]',
    head: ['setup', ...origin.scenarios.map(({ name }) => name)],
    rows: setups.map((setup) => [setup.name, ...setup.scenarios.map(({ netBps, intervalBps }) => withInterval(netBps, intervalBps))]),
  };
}

export function sensitivityTable({ sensitivity }: CampaignReport): Table | undefined {
  const rows = sensitivity.flatMap(({ key, combinations, seeds, effects }) =>
    effects.map(({ value, bps, interval }, i) => [
      i === 0 ? key : '',
      String(value),
      withInterval(bps, interval ?? null),
      i === 0 ? `${grouped(combinations)} × ${grouped(seeds)} seeds` : '',
    ]),
  );
  return rows.length === 0
    ? undefined
    : { title: 'Effect of each value on the net edge, bps', head: ['key', 'value', 'effect [95 %]', 'from'], rows };
}

export function answerTable({ expectations }: CampaignReport): Table | undefined {
  if (expectations.length === 0) return undefined;
  return {
    title: 'Questions',
    head: ['question', 'measured [95 %]', 'seeds', 'answer'],
    rows: expectations.map((each) => [
      each.question,
      withInterval(each.bps, each.intervalBps),
      `${grouped(each.seeds)}${each.on === 'confirmation' ? ' unseen' : ''}`,
      answerText(each),
    ]),
  };
}

function answerText({ answer, seedsNeeded }: Answered): string {
  if (answer === 'no') return 'FAIL: no';
  if (answer === 'yes') return 'pass: yes';
  return seedsNeeded === null ? 'undecided' : `undecided; about ${grouped(seedsNeeded)} seeds would do`;
}

export function survivalTable({ survival, origin }: CampaignReport): Table | undefined {
  if (survival === null) return undefined;
  return {
    title: 'Survival',
    head: ['setup', ...(origin.scenarios.length > 1 ? ['scenario'] : []), 'runs', 'survived', 'what went wrong', 'too short to judge'],
    rows: survival.map(({ setup, scenario, runs, survived, failures, notJudged }) => [
      setup,
      ...(origin.scenarios.length > 1 ? [scenario] : []),
      grouped(runs),
      survived === runs ? 'pass: all' : `FAIL: ${grouped(survived)} of ${grouped(runs)}`,
      countsText(failures),
      countsText(notJudged),
    ]),
  };
}

function isOnlyGates(what: readonly string[]): boolean {
  return what.every((each) => each.startsWith('gate '));
}

function countsText(counts: readonly (readonly [what: string, runs: number])[]): string {
  return counts.map(([what, count]) => `${what} (${grouped(count)})`).join('; ');
}

/** Runs that did what must not happen, and runs without a result. */
export function failedRunsTable({ broken, lost }: CampaignReport): Table | undefined {
  const rows = [
    ...broken.map(({ setup, seed, what, repeat }) => [setup, seed, `${isOnlyGates(what) ? 'FAIL' : 'BROKEN'}: ${what.join('; ')}`, repeat]),
    ...lost.map(({ setup, seed, reason, repeat }) => [setup, seed, `lost: ${reason}`, repeat]),
  ];
  return rows.length === 0
    ? undefined
    : { title: 'Runs that failed, broke an invariant or were lost', head: ['setup', 'seed', 'what', 'repeat'], rows };
}

export function originTable({ origin }: CampaignReport): Table {
  const {
    tried,
    combinations,
    leftOut,
    scenarios,
    seeds,
    confirmationSeeds,
    block,
    durationMs,
    runs,
    runsOfFullGrid,
    version,
    build,
    repeat,
  } = origin;
  return {
    title: 'Campaign',
    head: ['', ''],
    rows: [
      ['setups', tried === combinations ? grouped(tried) : `${grouped(tried)} of ${grouped(combinations)} combinations`],
      ...leftOut.map(({ name, because }) => ['left out', `${name}: ${because}`]),
      ['scenarios', scenarios.map(({ name }) => name).join('; ')],
      ['seeds', `${grouped(seeds)}${confirmationSeeds === 0 ? '' : `, and ${grouped(confirmationSeeds)} unseen ones for the best`}`],
      ['search', block === null ? 'every setup on every seed' : `race in rounds of ${block} seeds`],
      [
        'runs',
        `${grouped(runs)} of ${duration(durationMs)}${runs < runsOfFullGrid ? `; every setup on every seed: ${grouped(runsOfFullGrid)}` : ''}`,
      ],
      ['mmbot', `${version}, build ${build}`],
      ['repeat', repeat],
    ],
  };
}

/** The reason for the verdict. */
export function campaignReason(report: CampaignReport): string {
  const { broken, lost, expectations, origin, setups } = report;
  const { survival } = report;
  if (broken.length > 0)
    return `${grouped(broken.length)} of ${grouped(origin.runs)} runs ${survival === null ? 'broke an invariant' : 'did not survive'}`;
  const no = expectations.filter(({ answer }) => answer === 'no');
  if (no.length > 0) return no.map(({ question }) => `not ${question}`).join(', ');
  if (lost.length > 0) return `${grouped(lost.length)} runs have no result; the same command tries them again`;
  const open = expectations.filter(({ answer }) => answer === 'undecided');
  if (open.length > 0) return open.map((each) => `${each.question}: ${answerText(each)}`).join(', ');
  if (setups.every(({ turnoverUsd }) => turnoverUsd === 0)) return 'no setup had fills: nothing was compared';
  if (expectations.length > 0) return expectations.map(({ question }) => question).join(', ');
  if (survival?.some(({ notJudged }) => notJudged.length > 0) === true) return 'runs were too short to judge some gates: --duration';
  if (survival !== null) return `all ${grouped(origin.runs)} runs survived`;
  return `${origin.runs === 1 ? 'the run' : `all ${grouped(origin.runs)} runs`} kept every invariant; no question was asked (--expect)`;
}
