import { describe, expect, test } from 'vitest';
import { campaignHtml } from '../../../../src/reports/campaign/campaign-html.ts';
import { campaignMarkdown } from '../../../../src/reports/campaign/campaign-markdown.ts';
import type { CampaignReport, SetupFigures } from '../../../../src/reports/campaign/campaign-report.ts';
import { at } from '../../../../src/util/array.ts';
import { defined } from '../../../../src/util/assert.ts';
import { brokenExample, campaignExample, GRID, survivalExample } from '../../../support/builders/campaign-example.ts';

const pageOf = (id: string): string => `runs/${id}.html`;
const htmlOf = (report: CampaignReport): string => campaignHtml(report, pageOf);
const leadOf = (report: CampaignReport): string => textOf(/<p class="lead">(.*?)<\/p>/.exec(htmlOf(report))?.[1] ?? '');
const verdictOf = (report: CampaignReport): string => /<strong id="verdict">(.*?)<\/strong>/.exec(htmlOf(report))?.[1] ?? '';

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Of a part of the page: the texts of the cells, row by row. */
function rowsOf(report: CampaignReport, heading: string): string[][] {
  const part =
    htmlOf(report)
      .split('<section')
      .find((section) => section.includes(`<h2>${heading}`)) ?? '';
  const rows = [...part.matchAll(/<tr>(<(?:td|th scope="row").*?)<\/tr>/gs)];
  return rows.map(([, row = '']) => [...row.matchAll(/<(?:td|th)[^>]*>(.*?)<\/(?:td|th)>/gs)].map(([, cell = '']) => textOf(cell).trim()));
}

const example = campaignExample();
const withBest = (changes: Partial<SetupFigures>): CampaignReport => {
  return { ...example, setups: [{ ...at(example.setups, 0), ...changes }, ...example.setups.slice(1)] };
};

describe('the first screen', () => {
  test('says in one sentence which setup is best, on the seeds that chose it and on others, and how many may be as good', () => {
    const report = { ...withBest({ netBps: 0.42, intervalBps: [0.111, 0.73] }) };
    const confirmation = [{ ...at(report.confirmation, 0), netBps: 0.31, intervalBps: [-0.052, 0.67] as const }];
    expect(leadOf({ ...report, confirmation })).toBe(
      's1/baseSpreadBps=8 is best: +0.42 bps [0.11, 0.73] on 24 seeds, +0.31 [-0.05, 0.67] on 20 unseen ones; none of the 9 others may be as good',
    );
    expect(leadOf({ ...report, confirmation: [] })).toContain(' on 24 seeds, not confirmed; ');
  });

  test('says that the best one loses, that nothing traded, and that nothing ran', () => {
    expect(leadOf(withBest({ netBps: -0.4, intervalBps: [-0.6, -0.2] }))).toContain('is best, and loses: -0.40 bps');
    expect(leadOf(withBest({ netBps: null, intervalBps: null }))).toBe('no setup traded');
    expect(leadOf({ ...example, setups: [] })).toBe('no setup has a result');
  });

  test.each([
    ['PASS', '✓ PASS'],
    ['FAIL', '✗ FAIL'],
    ['INCONCLUSIVE', '? INCONCLUSIVE'],
  ] as const)('has the verdict %s where a question was asked', (verdict, shown) => {
    expect(verdictOf({ ...example, verdict })).toBe(shown);
  });

  test('has the verdict of the terminal and of campaign.json where nothing was asked', () => {
    for (const verdict of ['PASS', 'FAIL', 'INCONCLUSIVE'] as const) {
      const report = { ...example, verdict, expectations: [] };
      expect(verdictOf(report)).toContain(` ${verdict}`);
      expect(campaignMarkdown(report)).toMatch(`# Campaign: ${verdict}\n`);
    }
  });

  test('only what is sure is green or red', () => {
    const moodOf = (report: CampaignReport): string | undefined =>
      /<dt>net of the best setup<\/dt><dd><b( class="\w+")?>/.exec(htmlOf(report))?.[1];
    expect(moodOf(withBest({ intervalBps: [0.1, 2] }))).toBe(' class="good"');
    expect(moodOf(withBest({ intervalBps: [-0.1, 2] }))).toBeUndefined();
    expect(moodOf(withBest({ intervalBps: [-2, -0.1] }))).toBe(' class="bad"');
    expect(moodOf(withBest({ intervalBps: null }))).toBeUndefined();
  });
});

test('broken and lost runs come first, each with the command that repeats it', () => {
  const report = brokenExample();
  const html = htmlOf(report);
  expect(html.indexOf('<h2>Broken and lost runs')).toBeLessThan(html.indexOf('<h2>Setups, best first'));
  const [first, second] = rowsOf(report, 'Broken and lost runs');
  expect(first).toEqual([expect.any(String), 'btc', expect.any(String), report.broken[0]?.what.join('; '), report.broken[0]?.repeat]);
  expect(second?.[3]).toBe(`no result: ${report.lost[0]?.reason}`);
  expect(second?.[4]).toBe(report.lost[0]?.repeat);
  expect(htmlOf(example)).not.toContain('Broken and lost runs');
});

test('of many broken runs the first hundred are listed', () => {
  const report = brokenExample();
  const broken = Array.from({ length: 250 }, () => at(report.broken, 0));
  expect(rowsOf({ ...report, broken }, 'Broken and lost runs')).toHaveLength(100);
  expect(htmlOf({ ...report, broken })).toContain('151 more are in campaign.json.');
});

test('questions have their answers, what was measured and how many seeds would decide them', () => {
  expect(rowsOf(brokenExample(), 'Questions')).toContainEqual([
    'best > conservative/baseSpreadBps=16',
    'undecided',
    '+0.21 bps [-0.12, 0.54] on 20 unseen seeds',
    'about 90 unseen seeds (--confirm 90)',
  ]);
});

test('setups have their interval, the difference to the best, and their standing in words', () => {
  const rows = rowsOf(example, 'Setups, best first');
  expect(rows).toHaveLength(10);
  expect(rows[0]).toEqual(['1', 's1/baseSpreadBps=8', '', expect.stringMatching(/^\+[\d.]+ \[[\d.]+, [\d.]+\]$/), '', '', '24', 'best']);
  expect(rows[1]?.at(-1)).toMatch(/^worse, round \d$/);
  expect(rows.at(-1)).toEqual(['10', expect.any(String), '', expect.any(String), '', expect.stringMatching(/^-/), '8', 'worse, round 1']);
  expect(
    rowsOf(campaignExample({ block: null }), 'Setups, best first')
      .at(-1)
      ?.at(-1),
  ).toMatch(/^(worse|may be as good)$/);
});

test('of many setups the first 40 are drawn, all are in the table, and the page stays small', () => {
  const spreads = { key: 'baseSpreadBps', values: Array.from({ length: 40 }, (_, i) => 1 + i / 2) };
  const report = campaignExample({ axes: [spreads, { key: 'levels', values: [1, 2, 3, 4, 5] }], profiles: ['s1'], seeds: 6, block: 3 });
  expect(report.setups).toHaveLength(200);
  expect(rowsOf(report, 'Setups, best first')).toHaveLength(40);
  expect(htmlOf(report)).toContain('The best 40 of 200 are shown');
  expect(rowsOf(report, 'Figures of the setups')).toHaveLength(200);
  expect(htmlOf(report).length).toBeLessThan(1_000_000);
});

describe('runs', () => {
  const sections = (report: CampaignReport): string[] => htmlOf(report).split('<details><summary>').slice(1);
  const netOf = (section: string): number[] =>
    [...section.matchAll(/<\/th><td>([+\-–][\d.]*)<\/td>/g)].map(([, net = '']) => (net === '–' ? Infinity : Number(net)));

  test('of each setup are folded, all of a thousand, worst first, with link and command, in less than a megabyte', () => {
    const report = campaignExample({ ...GRID, seeds: 60, confirmationSeeds: 30 });
    expect(report.runs.length).toBeGreaterThan(1000);
    expect(htmlOf(report).length).toBeLessThan(1_000_000);
    for (const section of sections(report)) expect(netOf(section)).toEqual(netOf(section).toSorted((a, b) => a - b));
    expect(sections(report).flatMap((section) => netOf(section))).toHaveLength(report.runs.length);
    for (const { id, repeat } of report.runs) {
      expect(htmlOf(report)).toContain(`href="runs/${id}.html"`);
      if (Number(id[0]) > 8) expect(htmlOf(report)).toContain(`<code>${repeat}</code>`);
    }
  }, 120_000);

  test('of several thousand the worst of each setup are listed', () => {
    const more = example.runs.flatMap((run) =>
      Array.from({ length: 12 }, (_, i) => ({ ...run, id: `${run.id}${i}`, netBps: (run.netBps ?? 0) + i })),
    );
    const report = { ...example, runs: more };
    expect(htmlOf(report)).toContain(`The worst 70 of each setup; campaign.json has all ${more.length.toLocaleString('en-US')}.`);
    expect(htmlOf(report).length).toBeLessThan(1_000_000);
  });

  test('are linked only where they have a page', () => {
    expect(campaignHtml(example, () => undefined)).not.toContain('href="runs/');
    const { worst, name } = at(example.setups, 0);
    const run = example.runs.find(({ setup, seed }) => setup === name && seed === worst?.seed);
    expect(htmlOf(example)).toContain(`<small>seed <a href="runs/${run?.id}.html">${worst?.seed}</a></small>`);
  });
});

describe('the map', () => {
  const grid = campaignExample(GRID);
  const withEffects = (sizes: Readonly<Record<string, number>>): CampaignReport => ({
    ...grid,
    sensitivity: grid.sensitivity.map((each) => ({
      ...each,
      effects: each.effects.map((effect, i) => ({ ...effect, bps: i === 0 ? (sizes[each.key] ?? 0) : 0 })),
    })),
  });
  const captions = (report: CampaignReport): string[] =>
    [...htmlOf(report).matchAll(/<caption>(.*?)<\/caption>/g)].map(([, text = '']) => textOf(text));

  test('shows the two keys with the largest effect, the other pairs in tabs, other keys as in the best setup', () => {
    const report = withEffects({ baseSpreadBps: 0.1, levels: -3, adaptive: 2 });
    expect([...htmlOf(report).matchAll(/<label><input[^>]*>(.*?)<\/label>/g)].map(([, text]) => text)).toEqual([
      'levels × adaptive',
      'levels × baseSpreadBps',
      'adaptive × baseSpreadBps',
    ]);
    expect(captions(report)[0]).toBe(
      `net edge, bps, with s1, baseSpreadBps ${grid.setups[0]?.varied['baseSpreadBps']} as in the best setup`,
    );
  });

  test('prints each value in its cell, says which left, and leaves what was not tried empty', () => {
    const shown = grid.setups.filter(({ varied }) => varied['adaptive'] === grid.setups[0]?.varied['adaptive']);
    const report = { ...grid, setups: grid.setups.filter(({ name }) => name !== shown.at(-1)?.name) };
    const cells = [...(/<div id="pair-0".*?<\/table>/s.exec(htmlOf(report))?.[0] ?? '').matchAll(/<td.*?<\/td>/g)].map(([cell]) => cell);
    expect(cells).toHaveLength(15);
    expect(cells.filter((cell) => cell.includes('not tried'))).toHaveLength(1);
    expect(cells.filter((cell) => /<small>best<\/small>/.test(cell))).toHaveLength(1);
    expect(cells.filter((cell) => /<small>worse, round \d<\/small>/.test(cell)).length).toBeGreaterThan(5);
    for (const cell of cells) expect(cell).toMatch(/not tried|<b>[+-]\d+\.\d\d<\/b>/);
  });

  test('has a color for each side of zero, and the same strength at the same distance', () => {
    const [best] = grid.setups;
    const isFarthest = ({ varied }: SetupFigures): boolean =>
      varied['baseSpreadBps'] === 4 && varied['levels'] === 2 && varied['adaptive'] === best?.varied['adaptive'];
    const setups = grid.setups.map((setup) =>
      setup === best ? { ...setup, netBps: 2 } : isFarthest(setup) ? { ...setup, netBps: -2 } : setup,
    );
    const html = htmlOf({ ...grid, setups });
    expect(html).toContain('<td class="over best" style="--share:100%"');
    expect(html).toMatch(/<td class="under \w+" style="--share:100%"/);
  });

  test('is a plot with a line for each profile where one key is varied, and nothing where none is', () => {
    const html = htmlOf(example);
    expect(html).not.toContain('class="card map"');
    expect([...html.matchAll(/<g class="series series-\d"><line|<g class="series series-\d" transform/g)].length).toBe(4);
    expect(html).toContain('<h2>Net edge by baseSpreadBps</h2>');
    expect(htmlOf(campaignExample({ axes: [] }))).not.toContain('<h2>Net edge by');
    expect(htmlOf(campaignExample({ axes: [{ key: 'levels', values: [4] }] }))).not.toContain('<h2>Net edge by');
  });
});

test('names on the front are those of the report, joined from one to the next', () => {
  const html = htmlOf(example);
  expect(html.match(/class="point \w+ front"/g)).toHaveLength(example.front.length);
  expect(html.match(/<line class="joint" [^>]*>(?=<line class="joint"|<g class="point)/g)?.length).toBeGreaterThanOrEqual(
    example.front.length - 1,
  );
  expect(html).toContain(`${example.front.length} are on the front: `);
});

test('where survival was asked, it is what the page is about', () => {
  const report = survivalExample();
  expect(leadOf(report)).toBe('158 of 160 runs survived: they kept every invariant, and every gate that they could be judged by');
  expect(rowsOf(report, 'Survival')).toContainEqual(['s1', 'toxic', '40', '38', 'risk ratio p95 (2)', 'order latency p99 (3)']);
  expect(rowsOf(report, 'Survival')).toContainEqual(['s1', 'btc', '40', 'all', '', 'order latency p99 (3)']);
  expect(htmlOf(report)).not.toContain('Setups, best first');
  expect(verdictOf({ ...report, verdict: 'PASS', broken: [] })).toBe('✓ PASS');
});

test('of combinations that were drawn at random there is no map with hardly a cell', () => {
  const spreads = { key: 'baseSpreadBps', values: Array.from({ length: 9 }, (_, i) => i + 1) };
  const axes = [spreads, { key: 'levels', values: [1, 2, 3, 4, 5, 6] }];
  const report = campaignExample({ profiles: ['s1'], axes, seeds: 2, confirmationSeeds: 0, block: null });
  expect(htmlOf(report)).toContain('class="card map"');
  const values = report.setups.filter(({ varied }) => varied['levels'] === 1);
  const few = [...values, ...report.setups.filter(({ varied }) => varied['baseSpreadBps'] === 1)];
  expect(htmlOf({ ...report, setups: few })).not.toContain('class="card map"');
});

test('the settings of the best setup are listed, and its fees', () => {
  const report = withBest({ settings: { baseSpreadBps: '8', levels: '4' }, fees: { makerPpm: -25, takerPpm: 550 } });
  expect(rowsOf(report, 'Settings of')).toEqual([
    ['baseSpreadBps', '8', 'varied'],
    ['levels', '4', ''],
    ['fees', 'maker -0.0025 %, taker 0.055 %', ''],
  ]);
  expect(htmlOf(withBest({ settings: {} }))).toContain('All settings are the defaults.');
});

describe('what is not there', () => {
  const unknown = { netBps: null, intervalBps: null, medianBps: null, worst: null, toLeader: null };
  const parts = {
    spreadBps: null,
    adverseBps: null,
    feesBps: null,
    fundingBps: null,
    fillsPerHour: null,
    inventorySdUsd: null,
    uptime: null,
  };
  const nothing: Partial<SetupFigures> = { ...unknown, ...parts, fills: 0, turnoverUsd: 0, netUsd: 0, drawdownUsd: 0 };
  const idle: CampaignReport = {
    ...example,
    setups: example.setups.map((setup, i) => ({
      ...setup,
      ...nothing,
      left: i === 0 ? null : { setup: setup.name, round: 1, why: 'no turnover' },
    })),
    confirmation: example.confirmation.map((confirmed) => ({ ...confirmed, ...unknown })),
    runs: example.runs.map((run) => ({ ...run, netBps: null, uptime: null, fills: 0 })),
    expectations: example.expectations.map((answered) => ({
      ...answered,
      answer: 'undecided',
      bps: null,
      intervalBps: null,
      seedsNeeded: null,
    })),
    front: [],
    sensitivity: example.sensitivity.map((each) => ({ ...each, combinations: 0, effects: [] })),
    pairingGain: null,
  };
  const cases: Readonly<Record<string, CampaignReport>> = {
    'no setup traded': idle,
    'no setup at all': { ...idle, setups: [], confirmation: [], runs: [], lost: brokenExample().lost },
    'one setup': campaignExample({ profiles: ['s1'], axes: [] }),
    'one seed': campaignExample({ seeds: 1, confirmationSeeds: 0, block: null }),
    'two setups that are equal': { ...example, setups: [at(example.setups, 0), { ...at(example.setups, 0), name: 'twin' }] },
    'one value of a key': campaignExample({ axes: [{ key: 'levels', values: [4] }] }),
    'no confirmation': campaignExample({ confirmationSeeds: 0 }),
  };

  test.each(Object.keys(cases))('leaves a dash and no broken drawing: %s', (name) => {
    const html = htmlOf(defined(cases[name], name)).replace(/<style>[\s\S]*?<\/style>/, '');
    expect(html).not.toMatch(/NaN|undefined|Infinity|\bnull\b|>\+?–\d/);
    for (const [, place = ''] of html.matchAll(/ (?:x1|x2|cx|cy|x|y|y1|y2)="([^"]*)%"/g)) {
      expect(Number(place)).toBeGreaterThanOrEqual(0);
      expect(Number(place)).toBeLessThanOrEqual(100);
    }
  });

  test('of one setup nothing is compared', () => {
    expect(leadOf(defined(cases['one setup'], 'one setup'))).toMatch(
      /^s1 earns: [+-][\d.]+ bps \[.*\] on 40 seeds, [+-][\d.]+ \[.*\] on 20 unseen ones$/,
    );
  });
});

test('combinations that were left out are among the settings of the campaign, the first ten by name', () => {
  const leftOut = Array.from({ length: 12 }, (_, i) => ({ name: `s1/levels=${i}`, because: 'levels: expected less' }));
  const html = htmlOf({ ...example, origin: { ...example.origin, leftOut } });
  expect(html.match(/<dt>left out<\/dt><dd>s1\/levels=\d: levels: expected less/g)).toHaveLength(10);
  expect(html).toContain('<dt>left out</dt><dd>2 more</dd>');
});

test('labels are made of what differs', () => {
  const axes = [
    { key: 'quoting.baseSpreadBps', values: [4, 8] },
    { key: 'quoting.levels', values: [3] },
  ];
  const labels = (profiles: readonly string[]): string[] =>
    [...htmlOf(campaignExample({ profiles, axes })).matchAll(/class="label[^>]*>(.*?)<\/text>/g)].map(([, text = '']) => text);
  for (const label of labels(['s1'])) expect(label).toMatch(/^[48]$/);
  for (const label of labels(['s1', 'conservative'])) expect(label).toMatch(/^(s1|conservative) · [48]$/);
  expect(labels(['s1']).length).toBeGreaterThan(0);
});

test('foreign text is shown, never executed: names, values, questions, reasons, commands, addresses', () => {
  const evil = `<img src=x onerror="alert('1')">&`;
  const words = new Set(['verdict', 'stage', 'why', 'answer', 'on', 'command', 'schemaVersion']);
  const spoil = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return words.has(key) ? value : `${value}${evil}`;
    if (Array.isArray(value)) return value.map((each) => spoil(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [['varied', 'settings'].includes(key) ? `${name}${evil}` : name, spoil(each, name)]),
    );
  };
  const sources = [brokenExample(), survivalExample(), campaignExample({ ...GRID, seeds: 4, confirmationSeeds: 2, block: 2 })];
  for (const report of sources) {
    const html = campaignHtml(spoil(report) as CampaignReport, (id) => `runs/"${evil}${id}`);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('onerror="');
    expect(html).toContain('&lt;img src=x onerror=&quot;');
    expect(html).not.toContain('&<wbr>');
    expect(html).not.toMatch(/href="runs\/"/);
  }
});
