import { describe, expect, test } from 'vitest';
import type { FillFigures, StandingFigures } from '../../../../src/reports/soak/fills/fill-figures.ts';
import { fillListTable, fillStandingTable, fillSummary, worstFillTable } from '../../../../src/reports/soak/fills/fill-tables.ts';
import { fillSentence } from '../../../../src/reports/soak/fills/fill-words.ts';

const FILL: FillFigures = {
  atMs: 95_250,
  time: '2026-01-01T00:01:35.250Z',
  fillId: 'f',
  clientOrderId: 'mm-a-1',
  symbol: 'BTCUSDT',
  side: 'buy',
  price: 64_980.1,
  quantity: 0.01,
  level: 1,
  maker: true,
  feeUsd: 0.13,
  queueMs: 1300,
  mid: 64_990.1,
  fromMidBps: 1.539,
  markout1sBps: 1,
  markout10sBps: -4.662,
  markout60sBps: null,
  resultUsd: -0.303,
  resultAfterMs: 10_000,
  why: {
    standing: 'moving',
    code: '',
    decidedAtMs: 93_900,
    ageMs: 1350,
    fairValue: 65_000.25,
    fromFairBps: 3.1,
    halfSpreadBps: 3,
    skewBps: -0.1,
    guard: null,
  },
};

const why = (terms: Partial<FillFigures['why']>): FillFigures['why'] => ({ ...FILL.why, ...terms });

describe('a fill in one sentence', () => {
  test.each<[string, Partial<FillFigures>, string]>([
    [
      'with its queue, the market after it and its reason',
      {},
      'bought 0.01 at 64,980.1 (level 2), 1.3 s in queue; mid fell 6.2 bps within 10 s; quoted 3.1 bps below fair 1.4 s before, move was on its way',
    ],
    [
      'of a sale, under a guard',
      {
        side: 'sell',
        queueMs: 40,
        markout60sBps: -2,
        resultAfterMs: 60_000,
        mid: 64_980.1,
        why: why({ standing: 'quoted', guard: 'inventory_soft', ageMs: 45, fromFairBps: -0.4 }),
      },
      'sold 0.01 at 64,980.1 (level 2), 40 ms in queue; mid rose 2.0 bps within 60 s; quoted 0.4 bps below fair 45 ms before at inventory_soft',
    ],
    [
      'of an order of others, before any markout',
      {
        level: null,
        maker: false,
        queueMs: null,
        resultAfterMs: null,
        markout1sBps: null,
        markout10sBps: null,
        why: why({ standing: 'unknown', ageMs: null, fromFairBps: null }),
      },
      'bought 0.01 at 64,980.1 as taker; not known any more, or not an order of this run',
    ],
    [
      'without a mid at the fill',
      { mid: null, why: why({ standing: 'quoted' }) },
      'bought 0.01 at 64,980.1 (level 2), 1.3 s in queue; markout -4.7 bps within 10 s; quoted 3.1 bps below fair 1.4 s before',
    ],
  ])('%s', (_, terms, expected) => {
    expect(fillSentence({ ...FILL, ...terms }, false)).toBe(expected);
  });

  test.each([
    ['canceling', 'stale_book', 'cancel was on its way (stale_book)'],
    ['canceling', '', 'cancel was on its way'],
    ['postponed', 'minIntervalMs', 'move waited for quoting.minIntervalMs'],
    ['postponed', 'opsPerSecond', 'move waited for execution.opsPerSecond'],
    ['denied', 'price_collar', 'move was denied by price_collar'],
    ['held', 'no_book', 'held by no_book'],
  ] as const)('%s %s', (standing, code, expected) => {
    expect(fillSentence({ ...FILL, why: why({ standing, code }) }, true)).toMatch(
      new RegExp(`^bought 0.01 BTCUSDT .*, ${expected.replace(/[()]/g, String.raw`\$&`)}$`),
    );
  });
});

const report = (fills: readonly FillFigures[], fillStandings: readonly StandingFigures[] = [], fillsDropped = 0) => {
  return { fills, fillStandings, fillsDropped, symbols: [{}] as never };
};

test('the ten that lost most are shown, worst first', () => {
  const fills = [3, -1, -5, ...Array.from({ length: 12 }, (_, i) => -2 - i / 100), -4].map((resultUsd) => ({ ...FILL, resultUsd }));
  const rows = worstFillTable(report(fills))?.rows ?? [];
  expect(rows.map(([, usd]) => usd).slice(0, 3)).toEqual(['-5.000', '-4.000', '-2.110']);
  expect(rows).toHaveLength(10);
  expect(rows[0]?.[0]).toBe('0:01:35.250');
  expect(
    worstFillTable(
      report([
        { ...FILL, resultUsd: 1 },
        { ...FILL, resultUsd: null },
      ]),
    ),
  ).toBeUndefined();
});

const STANDINGS: readonly StandingFigures[] = [
  { standing: 'quoted', code: '', fills: 60, share: 0.6, lossUsd: 1, lossShare: 0.25 },
  { standing: 'moving', code: '', fills: 20, share: 0.2, lossUsd: 2, lossShare: 0.5 },
  { standing: 'postponed', code: 'minIntervalMs', fills: 15, share: 0.15, lossUsd: 0.6, lossShare: 0.15 },
  { standing: 'canceling', code: 'no_book', fills: 5, share: 0.05, lossUsd: 0.4, lossShare: 0.1 },
];

test('the share of fills and of the loss that latency and budgets had', () => {
  expect(fillSummary(report([FILL], STANDINGS))).toBe(
    '25.0 % came while a move or cancel of the order was on its way, with 60.0 % of the loss; 15.0 % came while a move waited for a budget, with 15.0 % of the loss',
  );
  expect(fillStandingTable(report([FILL], STANDINGS))?.rows.map((row) => row.join(' | '))).toEqual([
    'any move or cancel on its way | 25 | 25.0 % | -2.40 | 60.0 %',
    'as quoted | 60 | 60.0 % | -1.00 | 25.0 %',
    'move was on its way | 20 | 20.0 % | -2.00 | 50.0 %',
    'move waited for quoting.minIntervalMs | 15 | 15.0 % | -0.60 | 15.0 %',
    'cancel was on its way (no_book) | 5 | 5.0 % | -0.40 | 10.0 %',
  ]);
  expect([fillSummary(report([])), fillStandingTable(report([])), fillListTable(report([]))]).toEqual([undefined, undefined, undefined]);
});

test('a run without losses has no shares of the loss', () => {
  const standings = STANDINGS.map((each) => ({ ...each, lossUsd: 0, lossShare: null }));
  expect(fillSummary(report([FILL], standings))).toBe(
    '25.0 % came while a move or cancel of the order was on its way; 15.0 % came while a move waited for a budget',
  );
  expect(fillStandingTable(report([FILL], standings))?.rows[0]).toEqual(['any move or cancel on its way', '25', '25.0 %', '0.00', '–']);
});

test('a page lists at most 200 fills, those that lost most, by time', () => {
  const fills = Array.from({ length: 300 }, (_, i) => ({ ...FILL, atMs: i * 1000, resultUsd: i % 3 === 0 ? 1 : -1 }));
  const table = fillListTable(report(fills, [], 700));
  expect(table?.rows).toHaveLength(200);
  expect(table?.inShort).toBe('the 200 of 1,000 that lost most; report.json has 300');
  expect(table?.rows.slice(0, 2).map(([at]) => at)).toEqual(['0:00:01.000', '0:00:02.000']);
  expect(fillListTable(report(fills.slice(0, 9)))?.inShort).toBe('9');
});
