import { fixed, grouped, percent, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { CampaignReport, Confirmed, EdgeFigures, SetupFigures } from './campaign-report.ts';
import { measuredText, neededText } from './reasons.ts';
import { bpsCell, countsText, lostText, standingOf, TITLES, whatText } from './words.ts';

export function setupTable(report: CampaignReport): Table {
  return {
    title: TITLES.setups,
    head: ['setup', 'seeds', 'fills', 'net, bps [95 %]', 'to the best', ''],
    rows: report.setups.map((setup) => [...comparedCells(setup), standingOf(report, setup).text]),
  };
}

/** What both tables say of a setup: name, seeds, fills, net edge, difference to the best. */
function comparedCells(setup: SetupFigures | Confirmed): string[] {
  const { name, fills, netBps, intervalBps, toLeader } = setup;
  const difference = toLeader === null ? '–' : bpsCell(toLeader.bps, toLeader.intervalBps);
  return [name, seedsCell(setup), grouped(fills), bpsCell(netBps, intervalBps), difference];
}

/** `12`, or where not all had fills `4 of 12`. */
function seedsCell({ seeds, tradedSeeds }: EdgeFigures): string {
  return tradedSeeds < seeds ? `${grouped(tradedSeeds)} of ${grouped(seeds)}` : grouped(seeds);
}

export function behaviorTable({ setups, front }: CampaignReport): Table {
  return {
    title: TITLES.figures,
    head: ['setup', 'worst seed', 'fills/h', 'inventory sd', 'two-sided', 'drawdown', 'on the front'],
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
    title: TITLES.parts,
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
    title: TITLES.unseen,
    head: ['setup', 'seeds', 'fills', 'net, bps [95 %]', 'to the best', 'worst seed'],
    rows: confirmation.map((setup) => [...comparedCells(setup), worstText(setup)]),
  };
}

/** Of each setup in each scenario, where there are several. */
export function scenarioTable({ setups, origin }: CampaignReport): Table | undefined {
  if (origin.scenarios.length < 2) return undefined;
  return {
    title: TITLES.scenarios,
    head: ['setup', ...origin.scenarios.map(({ name }) => name)],
    rows: setups.map((setup) => [setup.name, ...setup.scenarios.map(({ netBps, intervalBps }) => bpsCell(netBps, intervalBps))]),
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

/** Runs that did what must not happen, and runs without a result. */
export function failedRunsTable({ broken, lost }: CampaignReport): Table | undefined {
  const rows = [
    ...broken.map(({ setup, scenario, seed, what, repeat }) => [setup, scenario, seed, whatText(what), repeat]),
    ...lost.map(({ setup, scenario, seed, reason, repeat }) => [setup, scenario, seed, lostText(reason), repeat]),
  ];
  return rows.length === 0 ? undefined : { title: TITLES.broken, head: ['setup', 'scenario', 'seed', 'what', 'repeat'], rows };
}
