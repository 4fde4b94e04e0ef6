import { duration, grouped } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { CampaignReport } from './campaign-report.ts';

const MOST_LEFT_OUT = 10;

/** The settings of the campaign; the last row repeats it. */
export function originTable({ origin }: CampaignReport): Table {
  const {
    scenarios,
    seeds,
    confirmationSeeds,
    block,
    durationMs,
    runs,
    runsOfFullGrid,
    tried,
    combinations,
    leftOut,
    baseline,
    version,
    build,
    repeat,
  } = origin;
  return {
    title: 'Campaign',
    head: ['', ''],
    rows: [
      ...scenarios.map(({ name, market, symbols, faults }) => [
        `scenario ${name}`,
        [`market ${market}`, ...symbols, ...(faults === 'none' ? [] : [`faults ${faults}`])].join(', '),
      ]),
      ['setups', `${grouped(tried)} of ${grouped(combinations)} combinations`],
      ...(tried < 2 ? [] : [['baseline', baseline]]),
      ...leftOut.slice(0, MOST_LEFT_OUT).map(({ name, because }) => ['left out', `${name}: ${because}`]),
      ...(leftOut.length > MOST_LEFT_OUT ? [['left out', `${grouped(leftOut.length - MOST_LEFT_OUT)} more`]] : []),
      ['seeds', `${grouped(seeds)} to choose, ${grouped(confirmationSeeds)} to confirm`],
      ['rounds', block === null ? 'every setup runs every seed' : `${grouped(block)} seeds; setups that are proven worse leave after each`],
      ['runs', `${grouped(runs)} of ${grouped(runsOfFullGrid)}, ${duration(durationMs)} each in simulated time`],
      ['mmbot', version === build ? version : `${version}, build ${build}`],
      ['repeat', repeat],
    ],
  };
}
