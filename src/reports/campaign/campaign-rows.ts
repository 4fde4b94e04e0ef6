import { fixed, grouped, percent, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { CampaignReport, Confirmed, EdgeFigures, SetupFigures } from './campaign-report.ts';
import { measuredText, neededText } from './reasons.ts';
import { baselineHeads, bpsCell, countsText, failingText, gateCells, lostText, standingOf, TITLES, whatText } from './words.ts';

/** `names`: what the names of the setups are made of, where they are short. */
export function setupTable(report: CampaignReport, names: string): Table {
  return {
    title: `${TITLES.setups}${names === '' ? '' : ` (${names})`}`,
    head: ['setup', 'net, bps [95 %]', 'to the best', 'runs', 'standing', 'seeds with fills', ...baselineHeads(report)],
    rows: report.setups.map((setup) => [
      ...comparedCells(setup),
      standingOf(report, setup).text,
      seedsCell(setup),
      ...baselineHeads(report).map(() => differenceCell(setup.toBaseline)),
    ]),
    hasShortCells: true,
  };
}

/** What both tables say of a setup: name, net edge, difference to the best, runs. */
function comparedCells({ name, netBps, intervalBps, toLeader, runs }: SetupFigures | Confirmed): string[] {
  return [name, bpsCell(netBps, intervalBps), differenceCell(toLeader), grouped(runs)];
}

function differenceCell(difference: SetupFigures['toLeader']): string {
  return difference === null ? '–' : bpsCell(difference.bps, difference.intervalBps);
}

/** `12`, or where not all had fills `4 of 12`. */
function seedsCell({ seeds, tradedSeeds }: EdgeFigures): string {
  return tradedSeeds < seeds ? `${grouped(tradedSeeds)} of ${grouped(seeds)}` : grouped(seeds);
}

export function behaviorTable({ setups }: CampaignReport): Table {
  return {
    title: TITLES.figures,
    head: ['setup', 'worst seed', 'fills/h', 'inventory sd', 'drawdown', 'two-sided', 'fail a gate'],
    rows: setups.map((setup) => [
      setup.name,
      setup.worst === null ? '–' : `${signed(setup.worst.bps)} (${setup.worst.seed})`,
      setup.fillsPerHour === null ? '–' : grouped(Math.round(setup.fillsPerHour)),
      fixed(setup.inventorySdUsd, 0),
      fixed(setup.drawdownUsd),
      percent(setup.uptime),
      failingText(setup),
    ]),
    hasShortCells: true,
  };
}

export function edgeTable({ setups }: CampaignReport): Table {
  return {
    title: TITLES.parts,
    head: ['setup', 'spread', 'after the fill', 'fees', 'funding', 'net'],
    rows: setups.map(({ name, spreadBps, adverseBps, feesBps, fundingBps, netBps }) => [
      name,
      ...[spreadBps, adverseBps, feesBps, fundingBps, netBps].map((bps) => signed(bps)),
    ]),
    hasShortCells: true,
  };
}

export function confirmationTable({ confirmation }: CampaignReport): Table | undefined {
  if (confirmation.length === 0) return undefined;
  return {
    title: TITLES.unseen,
    head: ['setup', 'net, bps [95 %]', 'to the best', 'runs', 'seeds with fills'],
    rows: confirmation.map((setup) => [...comparedCells(setup), seedsCell(setup)]),
    hasShortCells: true,
  };
}

/** Of each setup in each scenario, where there are several. */
export function scenarioTable({ setups, origin }: CampaignReport): Table | undefined {
  if (origin.scenarios.length < 2) return undefined;
  return {
    title: TITLES.scenarios,
    head: ['setup', ...origin.scenarios.map(({ name }) => name)],
    rows: setups.map((setup) => [setup.name, ...setup.scenarios.map(({ netBps, intervalBps }) => bpsCell(netBps, intervalBps))]),
    hasShortCells: true,
  };
}

export function sensitivityTable({ sensitivity }: CampaignReport): Table | undefined {
  const rows = sensitivity.flatMap(({ key, combinations, seeds, effects }) =>
    effects.map(({ value, bps, interval }, i) => [
      i === 0 ? key : '',
      String(value),
      bpsCell(bps, interval ?? null),
      i === 0 ? `${grouped(combinations)} × ${grouped(seeds)} seeds` : '',
    ]),
  );
  return rows.length === 0 ? undefined : { title: TITLES.effects, head: ['setting', 'value', 'effect, bps [95 %]', 'from'], rows };
}

export function answerTable({ expectations }: CampaignReport): Table | undefined {
  if (expectations.length === 0) return undefined;
  return {
    title: TITLES.questions,
    head: ['question', 'answer', 'measured', 'would decide it'],
    rows: expectations.map((each) => [each.question, each.answer, measuredText(each), neededText(each)]),
  };
}

export function survivalTable({ survival, origin }: CampaignReport): Table | undefined {
  if (survival === null) return undefined;
  return {
    title: TITLES.survival,
    head: ['setup', ...(origin.scenarios.length > 1 ? ['scenario'] : []), 'runs', 'survived', 'what went wrong', 'too short to judge'],
    rows: survival.map(({ setup, scenario, runs, survived, failures, notJudged }) => [
      setup,
      ...(origin.scenarios.length > 1 ? [scenario] : []),
      grouped(runs),
      survived === runs ? 'all' : grouped(survived),
      countsText(failures),
      countsText(notJudged),
    ]),
  };
}

/** The gates that runs have to keep to survive, with what was measured. */
export function gateTable({ survival, origin }: CampaignReport): Table | undefined {
  if (survival === null) return undefined;
  const hasScenarios = origin.scenarios.length > 1;
  return {
    title: TITLES.gates,
    head: ['setup', ...(hasScenarios ? ['scenario'] : []), 'gate', 'allowed', 'worst run', 'judged', 'failed'],
    rows: survival.flatMap(({ setup, scenario, gates }) =>
      gates.map((gate) => [setup, ...(hasScenarios ? [scenario] : []), gate.name, ...gateCells(gate)]),
    ),
  };
}

/** Runs that did what must not happen, and runs without a result. */
export function failedRunsTable({ broken, lost }: CampaignReport): Table | undefined {
  const rows = [
    ...broken.map(({ setup, scenario, seed, what, repeat }) => [setup, scenario, seed, whatText(what), repeat]),
    ...lost.map(({ setup, scenario, seed, reason, repeat }) => [setup, scenario, seed, lostText(reason), repeat]),
  ];
  return rows.length === 0 ? undefined : { title: TITLES.broken, head: ['setup', 'scenario', 'seed', 'what', 'repeat'], rows };
}
