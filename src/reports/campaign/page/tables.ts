import { escapeHtml } from '../../html/elements.ts';
import { nameHtml, richTableHtml, type Column } from '../../html/rich-table.ts';
import { fixed, grouped, percent, signed } from '../../text/format.ts';
import type { CampaignReport, SetupFigures } from '../campaign-report.ts';
import { measuredText, neededText } from '../reasons.ts';
import { failingText, countsText, gateCells, lostText, standingOf, TITLES, whatText } from '../words.ts';
import { bpsHtml, commandHtml, linkHtml, seedHtml, type PageOf } from './cells.ts';

/** Longer tables are folded. */
const MOST_OPEN = 40;
const MOST_BROKEN = 100;

/** Runs that broke an invariant or have no result, with the command that repeats each. */
export function brokenHtml({ broken, lost }: CampaignReport, pageOf: PageOf): string {
  if (broken.length + lost.length === 0) return '';
  const columns: Column[] = [
    { head: 'setup', kind: 'name' },
    { head: 'scenario' },
    { head: 'seed', kind: 'figure' },
    { head: 'what', kind: 'long' },
    { head: 'repeat (a click selects it)', kind: 'long' },
  ];
  const rows = [
    ...broken.map(({ id, setup, scenario, seed, what, repeat }) => [
      escapeHtml(setup),
      escapeHtml(scenario),
      seedHtml(seed, pageOf(id)),
      `<span class="bad">${escapeHtml(whatText(what))}</span>`,
      commandHtml(repeat),
    ]),
    ...lost.map(({ setup, scenario, seed, reason, repeat }) => [
      escapeHtml(setup),
      escapeHtml(scenario),
      escapeHtml(seed),
      `<span class="open">${escapeHtml(lostText(reason))}</span>`,
      commandHtml(repeat),
    ]),
  ];
  const notes = [
    ...(rows.length > MOST_BROKEN ? [`${grouped(rows.length - MOST_BROKEN)} more are in campaign.json.`] : []),
    ...(lost.length > 0 ? ['A setup with a run that has no result cannot win.'] : []),
  ];
  return `<section><h2>${TITLES.broken}</h2>${richTableHtml({ columns, rows: rows.slice(0, MOST_BROKEN), caption: TITLES.broken, className: 'blocks' })}${notes.length === 0 ? '' : `<p class="note">${notes.join(' ')}</p>`}</section>`;
}

export function answersHtml({ expectations }: CampaignReport): string {
  if (expectations.length === 0) return '';
  const columns: Column[] = [
    { head: 'question', kind: 'name' },
    { head: 'answer' },
    { head: 'measured', kind: 'long' },
    { head: 'would decide it', kind: 'long' },
  ];
  const mood = { yes: 'good', no: 'bad', undecided: 'open' } as const;
  const rows = expectations.map((answered) => [
    escapeHtml(answered.question),
    `<span class="${mood[answered.answer]}">${answered.answer}</span>`,
    escapeHtml(measuredText(answered)),
    neededText(answered),
  ]);
  return `<section><h2>${TITLES.questions}</h2>${richTableHtml({ columns, rows, caption: TITLES.questions, className: 'blocks' })}</section>`;
}

/** What runs went through, where that was asked. */
export function survivalHtml({ survival, origin }: CampaignReport): string {
  if (survival === null) return '';
  const hasScenarios = origin.scenarios.length > 1;
  const columns: Column[] = [
    { head: 'setup', kind: 'name' },
    ...(hasScenarios ? [{ head: 'scenario' }] : []),
    { head: 'runs', kind: 'figure' },
    { head: 'survived', kind: 'figure' },
    { head: 'what went wrong', kind: 'long' },
    { head: 'too short to judge', kind: 'long' },
  ];
  const rows = survival.map(({ setup, scenario, runs, survived, failures, notJudged }) => [
    nameHtml(setup),
    ...(hasScenarios ? [escapeHtml(scenario)] : []),
    grouped(runs),
    survived === runs ? '<span class="good">all</span>' : `<span class="bad">${grouped(survived)}</span>`,
    escapeHtml(countsText(failures)),
    escapeHtml(countsText(notJudged)),
  ]);
  return `<section><h2>${TITLES.survival}</h2>${richTableHtml({ columns, rows, caption: TITLES.survival, className: 'blocks' })}</section>`;
}

/** What runs had to keep to survive. */
export function gatesHtml({ survival, origin }: CampaignReport): string {
  if (survival === null) return '';
  const hasScenarios = origin.scenarios.length > 1;
  const columns: Column[] = [
    { head: 'setup', kind: 'name' },
    ...(hasScenarios ? [{ head: 'scenario' }] : []),
    { head: 'gate' },
    ...['allowed', 'worst run', 'judged', 'failed'].map((head): Column => ({ head, kind: 'figure' })),
  ];
  const rows = survival.flatMap(({ setup, scenario, gates }) =>
    gates.map((gate) => [
      nameHtml(setup),
      ...(hasScenarios ? [scenario] : []).map(escapeHtml),
      ...[gate.name, ...gateCells(gate)].map(escapeHtml),
    ]),
  );
  return `<section><h2>${TITLES.gates}</h2>${richTableHtml({ columns, rows, caption: TITLES.gates, className: 'blocks' })}
<p class="note">The bounds are settings of each setup (thresholds.*), the same under faults as in a calm market. The net edge is not judged, and neither is what a run in simulated time cannot measure.</p></section>`;
}

/** All figures of all setups. */
export function setupsHtml(report: CampaignReport, pageOf: PageOf): string {
  const { setups } = report;
  const hasFunding = setups.some(({ fundingBps }) => (fundingBps ?? 0) !== 0);
  const hasFailing = setups.some(({ gateFailures }) => gateFailures.runs > 0);
  const figure = (head: string): Column => ({ head, kind: 'figure' });
  const columns: Column[] = [
    { head: '#' },
    { head: 'setup', kind: 'name' },
    figure('runs'),
    figure('net, bps'),
    figure('to the best'),
    figure('worst seed'),
    ...['spread', 'after the fill', 'fees', ...(hasFunding ? ['funding'] : [])].map((head) => figure(head)),
    ...['fills/h', 'inventory sd', 'drawdown', 'two-sided', ...(hasFailing ? ['fail a gate'] : [])].map((head) => figure(head)),
  ];
  const rows = setups.map((setup, i) => [
    String(i + 1),
    linkHtml(i, setup.name),
    grouped(setup.runs),
    bpsHtml(setup.netBps, setup.intervalBps),
    setup.toLeader === null ? escapeHtml(standingOf(report, setup).text) : bpsHtml(setup.toLeader.bps, setup.toLeader.intervalBps),
    worstHtml(report, setup, pageOf),
    signed(setup.spreadBps),
    signed(setup.adverseBps),
    signed(setup.feesBps),
    ...(hasFunding ? [signed(setup.fundingBps)] : []),
    setup.fillsPerHour === null ? '–' : grouped(Math.round(setup.fillsPerHour)),
    fixed(setup.inventorySdUsd, 0),
    fixed(setup.drawdownUsd, 2),
    percent(setup.uptime),
    ...(hasFailing ? [failingText(setup)] : []),
  ]);
  const table = richTableHtml({ columns, rows, caption: TITLES.figures, className: 'dense blocks' });
  const folded = `<details><summary>${grouped(setups.length)} setups</summary>${table}</details>`;
  return `<section><h2>${TITLES.figures}</h2>${setups.length > MOST_OPEN ? folded : table}
<p class="note">Spread, price moves after the fill, fees${hasFunding ? ' and funding' : ''} in bps of turnover; inventory and drawdown in USDT, the drawdown is the largest of a run.</p></section>`;
}

/** With a link to the run of that seed that earned least. */
function worstHtml({ runs }: CampaignReport, { name, worst }: SetupFigures, pageOf: PageOf): string {
  if (worst === null) return '–';
  const own = runs.filter(({ setup, seed, stage }) => setup === name && seed === worst.seed && stage === 'selection');
  const run = own.toSorted((a, b) => (a.netBps ?? 0) - (b.netBps ?? 0))[0];
  return `${signed(worst.bps)} <small>seed ${seedHtml(worst.seed, run === undefined ? undefined : pageOf(run.id))}</small>`;
}

/** Net edge of each setup in each scenario; empty where there is only one. */
export function scenariosHtml({ setups, origin }: CampaignReport): string {
  if (origin.scenarios.length < 2) return '';
  const names = origin.scenarios.map(({ name }) => name);
  const rows = setups.map((setup, i) => [
    String(i + 1),
    linkHtml(i, setup.name),
    ...names.map((name) => {
      const figures = setup.scenarios.find(({ scenario }) => scenario === name);
      return bpsHtml(figures?.netBps ?? null, figures?.intervalBps ?? null);
    }),
  ]);
  const columns: Column[] = [{ head: '#' }, { head: 'setup', kind: 'name' }, ...names.map((head): Column => ({ head, kind: 'figure' }))];
  return `<section><h2>${TITLES.scenarios}</h2>${richTableHtml({ columns, rows, caption: TITLES.scenarios, className: 'blocks' })}</section>`;
}

export function winnerHtml({ setups }: CampaignReport): string {
  const [best] = setups;
  if (best === undefined) return '';
  const { settings, varied, fees, name } = best;
  const fee = (ppm: number): string => `${fixed(ppm / 10_000, 4).replace(/0{1,2}$/, '')} %`;
  const mark = (...keys: string[]): string => (keys.some((key) => key in varied) ? 'varied' : '');
  const rows = [
    ...Object.entries(settings).map(([key, value]) => [escapeHtml(key), escapeHtml(value), mark(key)]),
    ...(fees === null ? [] : [['fees', `maker ${fee(fees.makerPpm)}, taker ${fee(fees.takerPpm)}`, mark('makerFee', 'takerFee')]]),
  ];
  const columns: Column[] = [{ head: 'setting', kind: 'name' }, { head: 'value' }, { head: '' }];
  const table =
    rows.length === 0
      ? '<p class="none">All settings are the defaults.</p>'
      : richTableHtml({ columns, rows, caption: `Settings of ${name}` });
  return `<section class="winner"><h2>Settings of ${escapeHtml(name)} that are not the defaults</h2>${table}</section>`;
}
