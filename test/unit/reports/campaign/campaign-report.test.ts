import { describe, expect, test } from 'vitest';
import { expectationIn, type Expectation } from '../../../../src/harness/campaign/expectation.ts';
import { PlannedRuns, type CampaignPlan, type RunRef } from '../../../../src/harness/campaign/plan.ts';
import type { RunResult } from '../../../../src/harness/campaign/run-result.ts';
import { bestProfile, isUnchanged } from '../../../../src/reports/campaign/best-profile.ts';
import { campaignReport } from '../../../../src/reports/campaign/build-report.ts';
import { runsCsv, setupsCsv } from '../../../../src/reports/campaign/campaign-csv.ts';
import { campaignMarkdown } from '../../../../src/reports/campaign/campaign-markdown.ts';
import { campaignHtml } from '../../../../src/reports/campaign/campaign-html.ts';
import type { CampaignReport, SetupFigures } from '../../../../src/reports/campaign/campaign-report.ts';
import { campaignLead } from '../../../../src/reports/campaign/campaign-lead.ts';
import { parseFile } from '../../../../src/config/parse-file.ts';
import { defined } from '../../../../src/util/assert.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { finished, gate, madeNet, plan, result, setup } from '../../../support/campaign/made-campaign.ts';

const EDGES = { a: 0, b: 2, c: -5 };
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));
const THREE: Partial<CampaignPlan> = { setups: ['a', 'b', 'c'].map((name) => setup(name)), seeds: SEEDS, combinations: 3, block: 5 };

interface Made {
  readonly plan?: Partial<CampaignPlan>;
  readonly make?: (ref: RunRef) => RunResult | 'lost';
  readonly questions?: readonly string[];
  readonly shuffle?: (refs: readonly RunRef[]) => readonly RunRef[];
}

function reportOf({
  plan: changes = THREE,
  make = (ref) => result(ref, madeNet(ref, EDGES)),
  questions = [],
  shuffle,
}: Made = {}): CampaignReport {
  const runs = new PlannedRuns(plan(changes));
  const { known } = finished(runs, make, shuffle);
  const expectations: readonly Expectation[] = questions.map((text) => defined(expectationIn(text), text));
  return campaignReport({
    runs,
    known,
    expectations,
    repeat: 'mmbot campaign',
    repeatRun: ({ seed }) => `soak ${seed}`,
    reasons: new Map(),
  });
}

describe('the answer of a campaign', () => {
  test('names the best setup, what it earns, and by how much others earn less', () => {
    const { setups, confirmation, pairingGain, verdict } = reportOf();
    expect(setups.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
    expect(setups[0]).toMatchObject({ toLeader: null, left: null });
    expect(setups[1]?.left).toMatchObject({ why: 'worse' });
    expect(confirmation[0]).toMatchObject({ name: 'b', seeds: 3 });
    expect(pairingGain).toBeGreaterThan(2);
    expect(verdict).toBe('PASS');
  });

  test('does not depend on the order in which the runs ended', () => {
    const random = seededRandom('order');
    const shuffled = (refs: readonly RunRef[]): RunRef[] =>
      refs
        .map((ref) => [random.uniform(), ref] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, ref]) => ref);
    expect(JSON.stringify(reportOf({ shuffle: shuffled }))).toBe(JSON.stringify(reportOf()));
  });

  test.each([
    ['b > a', 'yes', 'PASS'],
    ['a > b', 'no', 'FAIL'],
    ['a < b', 'yes', 'PASS'],
    ['c > -1', 'no', 'FAIL'],
    ['b > 2', 'undecided', 'INCONCLUSIVE'],
  ] as const)('to %s is %s', (question, answer, verdict) => {
    const report = reportOf({ questions: [question] });
    expect(report.expectations[0]).toMatchObject({ answer });
    expect(report.verdict).toBe(verdict);
  });

  test('about the best setup counts the unseen seeds only', () => {
    expect(reportOf({ questions: ['net > 0'] }).expectations[0]).toMatchObject({ on: 'confirmation', seeds: 3 });
    expect(reportOf({ questions: ['b > 0'] }).expectations[0]).toMatchObject({ on: 'all', seeds: 8 });
  });

  test('says how many seeds would decide', () => {
    const asked = (seeds: number) =>
      reportOf({ plan: { seeds: SEEDS.slice(0, seeds), confirmationSeeds: [] }, questions: ['a > 0.5'] }).expectations[0];
    expect(asked(4)).toMatchObject({ answer: 'undecided', seedsNeeded: null });
    const one = asked(8);
    expect(one).toMatchObject({ answer: 'undecided' });
    expect(one?.seedsNeeded).toBeGreaterThan(8);
  });

  test('fails for a run that broke an invariant, with the command that repeats it', () => {
    const report = reportOf({
      make: (ref) => result(ref, 1, ref.setup.name === 'a' && ref.seed === '2' ? { broken: ['books agree'] } : {}),
    });
    expect(report.verdict).toBe('FAIL');
    expect(report.broken).toMatchObject([{ setup: 'a', seed: '2', what: ['books agree'], repeat: 'soak 2' }]);
    expect(campaignMarkdown(report)).toContain('| books agree | soak 2 |');
  });

  test('leaves it open when a run is lost', () => {
    const report = reportOf({ make: (ref) => (ref.setup.name === 'c' && ref.seed === '1' ? 'lost' : result(ref, madeNet(ref, EDGES))) });
    expect(report.verdict).toBe('INCONCLUSIVE');
    expect(report.lost).toMatchObject([{ setup: 'c', seed: '1' }]);
  });

  test('is one even when nothing traded', () => {
    const report = reportOf({
      make: (ref) => result(ref, 0, { fills: 0, turnoverUsd: 0, uptime: null, spreadUsd: 0, adverseUsd: 0, feesUsd: 0 }),
    });
    expect(campaignLead(report)).toBe('no setup traded');
    expect(report.setups[0]).toMatchObject({ netBps: null, intervalBps: null, uptime: null });
    expect(bestProfile(report)).toBeUndefined();
  });

  test('of one run has no interval', () => {
    const report = reportOf({ plan: { setups: [setup('a')], seeds: ['1'], confirmationSeeds: [] }, questions: ['a > 0'] });
    expect(report.setups[0]).toMatchObject({ runs: 1, intervalBps: null });
    expect(report.expectations[0]).toMatchObject({ answer: 'undecided' });
  });
});

describe('the baseline', () => {
  const figuresOf = (report: CampaignReport, name: string): SetupFigures =>
    defined(
      report.setups.find((each) => each.name === name),
      name,
    );

  test('is the first setup, with which each other is compared on the same seeds', () => {
    const report = reportOf();
    expect(report.origin.baseline).toBe('a');
    expect(figuresOf(report, 'a').toBaseline).toBeNull();
    const { toBaseline } = figuresOf(report, 'b');
    expect(toBaseline?.bps).toBeCloseTo(-(figuresOf(report, 'a').toLeader?.bps ?? Number.NaN), 9);
    expect(toBaseline?.intervalBps?.[0]).toBeGreaterThan(0);
    expect(figuresOf(report, 'c').toBaseline?.seeds).toBe(5);
  });

  test('has a column in every format, unless it is the best: then that column is there already', () => {
    const head = (report: CampaignReport): string => /\| setup \| net, bps.*/.exec(campaignMarkdown(report))?.[0] ?? '';
    const html = (report: CampaignReport): string => campaignHtml(report, () => undefined);
    const best = reportOf({ make: (ref) => result(ref, madeNet(ref, { a: 9, b: 2, c: -5 })) });
    expect(head(reportOf())).toContain('| to a |');
    expect(html(reportOf())).toContain('<th scope="col" class="figure">to a</th>');
    expect(head(best)).not.toContain('to a');
    expect(html(reportOf())).toContain('<h2>Against the baseline, a</h2>');
    expect(html(best)).not.toContain('Against the baseline');
    const [names = '', first = ''] = setupsCsv(reportOf()).split('\n');
    const cells = first.split(',');
    expect(Number(cells[names.split(',').indexOf('to_baseline_bps')])).toBeCloseTo(
      figuresOf(reportOf(), 'b').toBaseline?.bps ?? Number.NaN,
      9,
    );
    expect(names).toContain('to_baseline_low,to_baseline_high');
  });
});

describe('survival', () => {
  const survive = (changes: Partial<RunResult>): CampaignReport =>
    reportOf({
      plan: { aim: 'survive', confirmationSeeds: [] },
      make: (ref) => result(ref, -5, ref.setup.name === 'b' && ref.seed === '4' ? changes : {}),
    });

  test('is not a matter of what a run earns', () => {
    const report = survive({ verdict: 'FAIL', gates: [gate('net edge', 'fail')] });
    expect(report.verdict).toBe('PASS');
    expect(report.survival).toMatchObject([
      { setup: 'a', runs: 6, survived: 6 },
      { setup: 'b', runs: 6, survived: 6 },
    ]);
  });

  test('is not proven by runs that are too short for a gate', () => {
    const report = survive({
      verdict: 'INCONCLUSIVE',
      gates: [gate('net edge', 'too_few_samples'), gate('order latency p95', 'too_few_samples')],
    });
    expect(report.verdict).toBe('INCONCLUSIVE');
    expect(report.survival?.[1]).toMatchObject({ survived: 6, notJudged: [['order latency p95', 1]] });
  });

  test.each([
    [{ gates: [gate('error rate', 'fail'), gate('net edge', 'fail')] }, 'gate error rate'],
    [{ broken: ['books agree'] }, 'books agree'],
    [{ ordersRest: true }, 'orders rest at the end'],
    [{ bug: 'it broke' }, 'bug: it broke'],
  ] as const)('ends with %j', (changes, what) => {
    const report = survive(changes);
    expect(report.verdict).toBe('FAIL');
    expect(report.survival?.[1]).toMatchObject({ survived: 5, failures: [[what, 1]] });
    expect(campaignMarkdown(report)).toContain('soak 4');
  });

  test('says what was measured and what is allowed, of the run that failed and of each gate that is judged', () => {
    const ratio = { ...gate('risk ratio p95', 'pass', 0.05), bound: 0.1, atMost: true };
    const report = reportOf({
      plan: { aim: 'survive', confirmationSeeds: [] },
      make: (ref) => {
        const isLow = ref.setup.name === 'b' && ref.seed === '4';
        const uptime = isLow ? gate('two-sided uptime', 'fail', 0.7123) : gate('two-sided uptime', 'pass', 0.9);
        const slope = gate('memory slope', 'not_measured', null);
        return result(ref, -5, { gates: [uptime, { ...ratio, value: isLow ? 0.08 : 0.05 }, slope, gate('net edge', 'fail', -3)] });
      },
    });
    expect(report.broken).toMatchObject([{ setup: 'b', seed: '4', what: ['two-sided uptime 0.712, allowed at least 0.800'] }]);
    expect(report.survival?.[1]?.gates).toEqual([
      { name: 'two-sided uptime', unit: '', bound: 0.8, atMost: false, worst: 0.7123, judged: 6, failed: 1 },
      { name: 'risk ratio p95', unit: '', bound: 0.1, atMost: true, worst: 0.08, judged: 6, failed: 0 },
    ]);
    const markdown = campaignMarkdown(report);
    expect(markdown).toContain('| b | two-sided uptime | at least 0.800 | 0.712 | 6 | 1 |');
    expect(markdown).toContain('| a | risk ratio p95 | at most 0.100 | 0.050 | 6 | 0 |');
    expect(markdown).not.toMatch(/\| (net edge|memory slope) \|/);
  });
});

describe('its figures', () => {
  test('add up: spread, moves, fees and funding are the net', () => {
    for (const { spreadBps, adverseBps, feesBps, fundingBps, netBps } of reportOf().setups) {
      const parts = [spreadBps, adverseBps, feesBps, fundingBps].reduce<number>((sum, part) => sum + (part ?? Number.NaN), 0);
      expect(parts).toBeCloseTo(netBps ?? Number.NaN, 9);
    }
  });

  test('are in the files for other programs, a line for each setup and run', () => {
    const report = reportOf();
    expect(setupsCsv(report).trimEnd().split('\n')).toHaveLength(4);
    expect(runsCsv(report).trimEnd().split('\n')).toHaveLength(1 + report.runs.length);
  });

  test('cannot become a formula of a spreadsheet', () => {
    const report = reportOf({ plan: { setups: [setup('=1+1'), setup('x"y,z')] } });
    expect(setupsCsv(report)).toContain(`'=1+1,`);
    expect(setupsCsv(report)).toContain(`"x""y,z",`);
  });
});

test('the effect of a value is told for all profiles together, and that of the profile too', () => {
  const setups = ['s1', 'wide'].flatMap((base) => [1, 2].map((levels) => setup(`${base}/levels=${levels}`, { 'quoting.levels': levels })));
  const axes = [{ key: 'quoting.levels', values: [1, 2] }];
  const edges = { 's1/levels=1': 0, 's1/levels=2': 2, 'wide/levels=1': 4, 'wide/levels=2': 6 };
  const { sensitivity } = reportOf({
    plan: { setups, axes, seeds: SEEDS, confirmationSeeds: [] },
    make: (ref) => result(ref, madeNet(ref, edges)),
  });
  const effects = sensitivity.map(({ key, combinations, effects: each }) => [key, combinations, each.map(({ bps }) => Math.round(bps))]);
  expect(effects).toEqual([
    ['setup', 2, [-2, 2]],
    ['quoting.levels', 2, [-1, 1]],
  ]);
});

describe('the best setup as a profile', () => {
  test('has its settings, and says where it comes from', () => {
    const setups = [2, 4].map((bps) => setup(`s1/baseSpreadBps=${bps}`, { 'quoting.baseSpreadBps': bps }));
    const axes = [{ key: 'quoting.baseSpreadBps', values: [2, 4] }];
    const text = defined(
      bestProfile(reportOf({ plan: { setups, axes }, make: (ref) => result(ref, madeNet(ref, { 's1/baseSpreadBps=4': 2 })) })),
      'a profile',
    );
    expect(text).toMatch(/^# Written by a campaign of mmbot [\d.]+, of 2 setups:\n# s1\/baseSpreadBps=4 is best: /);
    const { entries, problems } = parseFile(text, 'best.yaml');
    expect(problems).toEqual([]);
    expect(entries.map(({ key, text: value }) => [key, value])).toEqual([
      ['quoting.baseSpreadBps', '4'],
      ['quoting.maxSkewBps', '0.5'],
    ]);
  });

  test('has those of single symbols', () => {
    const values = { 'quoting.levels': 3, 'ETHUSDT:quoting.levels': 1, 'ETHUSDT:risk.maxOrderUsd': 100, 'BTCUSDT:quoting.levels': 2 };
    const text = defined(bestProfile(reportOf({ plan: { setups: [setup('a', values)], confirmationSeeds: [] } })), 'a profile');
    const { entries, problems } = parseFile(text, 'best.yaml');
    expect(problems).toEqual([]);
    expect(Object.fromEntries(entries.map(({ key, text: value }) => [key, value]))).toEqual({
      'quoting.maxSkewBps': '0.5',
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
    });
  });

  test('is no way to smuggle settings in by a name', () => {
    const text = defined(
      bestProfile(reportOf({ plan: { setups: [setup('a\nrisk: {maxPositionUsd: 1}')], confirmationSeeds: [] } })),
      'a profile',
    );
    expect(parseFile(text, 'best.yaml').entries.map(({ key }) => key)).toEqual(['quoting.maxSkewBps']);
  });
});

test('a profile that a campaign wrote is known as long as nobody changes it', () => {
  const text = defined(bestProfile(reportOf()), 'profile');
  expect(isUnchanged(text)).toBe(true);
  for (const edited of [`${text}# mine\n`, `# mine\n${text}`, text.replace('mmbot', 'me'), text.replace(/^# Checksum.*\n/m, '')])
    expect(isUnchanged(edited)).toBe(false);
});
