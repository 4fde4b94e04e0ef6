import { counted } from '../../../util/counted.ts';
import { escapeHtml } from '../../html/elements.ts';
import { richTableHtml, type Column } from '../../html/rich-table.ts';
import { fixed, grouped, percent, signed } from '../../text/format.ts';
import type { CampaignReport, RunRow, SetupFigures } from '../campaign-report.ts';
import { commandHtml, seedHtml, type PageOf } from './cells.ts';

/** The page stays below a megabyte: of more runs, some of each setup are listed. */
const MOST_RUNS = 1200;
const LISTED_OF_MORE = 700;

/** The runs of each setup, folded, worst first. */
export function runsHtml(report: CampaignReport, pageOf: PageOf): string {
  const { setups, runs } = report;
  if (runs.length === 0) return '';
  const own = new Map(setups.map(({ name }) => [name, runs.filter(({ setup }) => setup === name)]));
  const most = runs.length <= MOST_RUNS ? MOST_RUNS : Math.max(1, Math.floor(LISTED_OF_MORE / own.size));
  const lists = setups.map((setup, place) => setupRunsHtml({ report, setup, place, runs: own.get(setup.name) ?? [], most, pageOf }));
  const note =
    runs.length <= MOST_RUNS
      ? ''
      : `<p class="note">The worst ${grouped(most)} of each setup; campaign.json has all ${grouped(runs.length)}.</p>`;
  return `<section class="runs"><h2>Runs, worst first</h2>${note}${lists.join('\n')}</section>`;
}

interface SetupRuns {
  readonly report: CampaignReport;
  readonly setup: SetupFigures;
  readonly place: number;
  readonly runs: readonly RunRow[];
  readonly most: number;
  readonly pageOf: PageOf;
}

function setupRunsHtml({ report, setup, place, runs, most, pageOf }: SetupRuns): string {
  if (runs.length === 0) return '';
  const sorted = runs.toSorted((a, b) => (a.netBps ?? Infinity) - (b.netBps ?? Infinity));
  const losing = runs.filter(({ netUsd }) => netUsd < 0).length;
  const inShort = `${counted(runs.length, 'run')}, ${grouped(losing)} lost money`;
  const [hasScenarios, hasUnseen] = [report.origin.scenarios.length > 1, report.confirmation.length > 0];
  const figure = (head: string): Column => ({ head, kind: 'figure' });
  const columns: Column[] = [
    { head: 'seed', kind: 'name' },
    ...['net, bps', 'net USDT', 'fills', 'turnover', 'inventory sd', 'two-sided', 'drawdown'].map((head) => figure(head)),
    ...(hasScenarios ? [figure('scenario')] : []),
    ...(hasUnseen ? [figure('seed is')] : []),
    { head: 'verdict' },
    { head: 'repeat (a click selects it)' },
  ];
  const rows = sorted
    .slice(0, most)
    .map((run) => [
      seedHtml(run.seed, pageOf(run.id)),
      ...figuresOf(run),
      ...(hasScenarios ? [escapeHtml(run.scenario)] : []),
      ...(hasUnseen ? [run.stage === 'confirmation' ? 'unseen' : ''] : []),
      verdictHtml(run),
      commandHtml(run.repeat),
    ]);
  const table = richTableHtml({ columns, rows, caption: `Runs of ${setup.name}`, className: 'dense', isBare: true });
  return `<details><summary>${escapeHtml(setup.name)} <small>${inShort}</small></summary><div id="runs-${place + 1}">${table}</div></details>`;
}

function figuresOf({ netBps, netUsd, fills, turnoverUsd, inventorySdUsd, uptime, drawdownUsd }: RunRow): string[] {
  return [
    signed(netBps),
    signed(netUsd),
    grouped(fills),
    grouped(Math.round(turnoverUsd)),
    fixed(inventorySdUsd, 0),
    percent(uptime),
    fixed(drawdownUsd),
  ];
}

function verdictHtml({ verdict, failedGates }: RunRow): string {
  const mood = { PASS: 'good', FAIL: 'bad', INCONCLUSIVE: 'open' } as const;
  const why = failedGates.length === 0 ? '' : ` <small>${escapeHtml(failedGates.join(', '))}</small>`;
  return `<span class="${mood[verdict]}">${verdict}</span>${why}`;
}
