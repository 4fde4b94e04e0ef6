import { describe, expect, test } from 'vitest';
import type { SymbolDay } from '../../../../src/execution/account/day.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import type { Fill } from '../../../../src/model/order.ts';
import { atoms, ticks } from '../../../../src/model/units.ts';
import { TradeFold, type TradeScope } from '../../../../src/reports/trades/trade-fold.ts';
import { tradeReport, type TradeReport } from '../../../../src/reports/trades/trade-report.ts';
import { csvText } from '../../../../src/reports/trades/trade-row.ts';
import { fillOf, newOrder } from '../../../support/builders/builders.ts';
import { START } from '../../../support/builders/journals.ts';

const GRID = { tick: '0.1', lot: '0.001' };
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };
const DAY = 86_400_000;
let count = 0;

function fill(side: 'buy' | 'sell', price: number, quantity: number, terms: Partial<Fill> = {}): JournalRecord {
  count += 1;
  const order = newOrder({ clientOrderId: `mm-abc-${count}`, side, price: ticks(price * 10) });
  return { type: 'fill', at: 1, fill: fillOf(order, `f-${count}`, quantity, { fee: atoms(100), ...terms }), grid: GRID };
}

const funding = (amount: number, at = 1): JournalRecord => ({
  type: 'funding',
  at,
  payment: { paymentId: `p-${amount}-${at}`, symbol: 'BTCUSDT', amount: atoms(amount), at },
});

function day(at: number, terms: Partial<SymbolDay>): JournalRecord {
  const of = { grid: { tick: 0.1, lot: 0.001 }, opening: { quantity: 0, price: 0 }, bought: 0, received: 0, paid: 0, firstPrice: null };
  return { type: 'day', at, day: Math.floor(at / DAY), symbol: 'BTCUSDT', of: { ...of, lastPrice: null, ...terms } };
}

function folded(records: readonly JournalRecord[], scope: TradeScope = ALL): { readonly fold: TradeFold; readonly report: TradeReport } {
  const fold = new TradeFold(scope);
  for (const record of [START, ...records]) fold.add(record);
  const source = { folder: '', isRunning: false, unsettled: [], problems: [], now: 5 * DAY };
  return { fold, report: tradeReport(fold, scope, source) };
}

describe('sums', () => {
  test('of trades, fees and funding, with the position at the last price', () => {
    const { report } = folded([fill('buy', 100, 2000), fill('sell', 110, 500), funding(50)]);
    expect(report.figures).toMatchObject({ fills: 2, makerFills: 2, turnoverUsd: 255, fees: '0.000002', funding: '0.0000005' });
    // Two coins at 100; half a coin sold and the rest valued at 110.
    expect(report.figures.netUsd).toBeCloseTo(20 - 0.000_002_5, 12);
    expect(report.symbols).toEqual([expect.objectContaining({ symbol: 'BTCUSDT', position: 1.5, price: 110 })]);
  });

  test('an execution that is recorded twice counts once', () => {
    const twice = fill('buy', 100, 1000);
    expect(folded([twice, START, twice, funding(7), funding(7)]).report.figures).toMatchObject({ fills: 1, funding: '0.00000007' });
  });

  test('of days and of runs add up to the whole', () => {
    const later: JournalRecord = { ...START, runId: 'mm-def-', at: 2 * DAY };
    const { report } = folded([
      fill('buy', 100, 1000, { at: 10 }),
      fill('sell', 120, 3000, { at: DAY + 10 }),
      later,
      fill('buy', 90, 1000, { at: 2 * DAY, clientOrderId: 'mm-def-1' }),
      // Read by the next start.
      fill('buy', 95, 1000, { at: DAY + 20, clientOrderId: 'mm-abc-9' }),
    ]);
    expect(report.days.map((each) => [each.day, each.fills])).toEqual([
      ['1970-01-01', 1],
      ['1970-01-02', 2],
      ['1970-01-03', 1],
    ]);
    expect(report.runs.map(({ runId, fills }) => [runId, fills])).toEqual([
      ['mm-abc', 3],
      ['mm-def', 1],
    ]);
    for (const parts of [report.days, report.runs, report.symbols])
      expect(parts.reduce((sum, { netUsd }) => sum + netUsd, 0)).toBeCloseTo(report.figures.netUsd, 12);
  });
});

describe('a scope', () => {
  test('leaves out what was before, but not the position that it left', () => {
    const { report, fold } = folded(
      [fill('buy', 100, 1000, { at: 10 }), fill('sell', 130, 1000, { at: 20 }), fill('buy', 1, 1, { at: 40 })],
      {
        from: 15,
        to: 30,
      },
    );
    expect(report.figures).toMatchObject({ fills: 1, turnoverUsd: 130, grossUsd: 30 });
    expect(fold.rows.map(({ at }) => at)).toEqual([20]);
    expect(report.symbols[0]).toMatchObject({ position: 0, price: 130 });
  });

  test('of other symbols has nothing', () => {
    expect(folded([fill('buy', 100, 1000)], { ...ALL, symbols: ['ETHUSDT'] }).report).toMatchObject({ figures: { fills: 0 }, symbols: [] });
  });
});

describe('positions', () => {
  test('held at the start are valued at the price of then', () => {
    const { report } = folded([day(5, { opening: { quantity: 2000, price: 1000 } }), fill('sell', 90, 1000)]);
    expect(report.figures.grossUsd).toBeCloseTo(-20, 12);
    expect(report.symbols[0]?.position).toBe(1);
  });

  test('are valued when a day begins', () => {
    const opening = { quantity: 1000, price: 1200 };
    const { report } = folded([day(5, {}), fill('buy', 100, 1000), day(DAY + 1, { opening }), fill('sell', 130, 1000, { at: DAY + 5 })]);
    expect(report.days.map(({ grossUsd }) => grossUsd)).toEqual([0, 30]);
    expect(report.unrecorded).toEqual([]);
  });

  test('that changed without an execution are named, and gain nothing', () => {
    const { report } = folded([day(5, {}), fill('buy', 100, 1000), day(9, { opening: { quantity: 0, price: 0 }, bought: 1500 })]);
    expect(report.unrecorded).toEqual([{ at: '1970-01-01T00:00:00.009Z', symbol: 'BTCUSDT', change: 0.5 }]);
    expect(report.figures.grossUsd).toBe(0);
    expect(report.symbols[0]?.position).toBe(1.5);
  });
});

test('a position by hand before any price gains nothing, however it becomes known', () => {
  const byHand = day(9, { opening: { quantity: 0, price: 0 }, bought: 40 });
  const sold = fill('sell', 65_000, 40, { fee: atoms(0) });
  expect(folded([day(5, {}), byHand, sold]).report.figures).toMatchObject({ grossUsd: 0, netUsd: 0 });
  expect(folded([day(5, {}), byHand, day(DAY + 1, { opening: { quantity: 40, price: 650_000 } })]).report.figures.grossUsd).toBe(0);
});

test('a position by hand overnight does not gain the move of the night', () => {
  const { report } = folded([
    day(5, {}),
    fill('buy', 50_000, 1000),
    fill('sell', 50_000, 1000),
    day(DAY + 1, { opening: { quantity: 1000, price: 600_000 } }),
  ]);
  expect(report.figures.grossUsd).toBe(0);
  expect(report.unrecorded).toMatchObject([{ change: 1 }]);
});

test('an execution that is learned late does not value the position', () => {
  const inOrder = [fill('buy', 60_000, 1000, { at: 1 }), fill('buy', 60_010, 10, { at: 2 }), fill('buy', 60_500, 1000, { at: 3 })];
  const [a, b, c] = inOrder as [JournalRecord, JournalRecord, JournalRecord];
  const late = folded([a, c, b]).report;
  expect(late.figures.grossUsd).toBeCloseTo(folded(inOrder).report.figures.grossUsd, 9);
  expect(late.symbols[0]?.price).toBe(60_500);
});

test('what happens at the end of one scope belongs to the next', () => {
  const records = [funding(7, 2 * DAY)];
  expect(folded(records, { from: DAY, to: 2 * DAY }).report.figures.funding).toBe('0');
  expect(folded(records, { from: 2 * DAY, to: 3 * DAY }).report.figures.funding).toBe('0.00000007');
});

describe('a record is incomplete', () => {
  const reasons = (records: readonly JournalRecord[]): readonly string[] => folded(records).report.problems;

  test('when the last run has no stop, or an unclean one', () => {
    expect(reasons([])).toEqual([expect.stringContaining('without a recorded stop')]);
    expect(reasons([{ type: 'stop', at: 9, clean: false }])).toEqual([expect.stringContaining('could not verify')]);
    expect(reasons([{ type: 'stop', at: 9, clean: true }])).toEqual([]);
  });

  test('without any run, and while a start has not read what the run before it left', () => {
    const running = (records: readonly JournalRecord[]): readonly string[] => {
      const fold = new TradeFold(ALL);
      for (const record of records) fold.add(record);
      return tradeReport(fold, ALL, { folder: '', isRunning: true, unsettled: [], problems: [], now: 9 }).problems;
    };
    expect(running([])).toEqual(['no run is recorded']);
    const next: JournalRecord = { ...START, runId: 'mm-def-', at: 8 };
    expect(running([START, next])).toEqual([expect.stringContaining('the run that is starting now reads')]);
    expect(running([START, next, day(9, {})])).toEqual([]);
    expect(running([START, { type: 'stop', at: 7, clean: true }, next])).toEqual([]);
  });

  test('when an execution has no steps to count it in', () => {
    const bare = { ...fill('buy', 100, 1000), grid: undefined } as unknown as JournalRecord;
    const stop: JournalRecord = { type: 'stop', at: 9, clean: true };
    expect(reasons([bare, stop])).toEqual([expect.stringContaining('1 executions of an older version')]);
    expect(reasons([day(5, {}), bare, stop])).toEqual([]);
  });
});

test('rows have the exact texts, in the order of their columns', () => {
  const exact = { price: '100.05', quantity: '0.0015' };
  const { fold } = folded([fill('sell', 100.1, 2, { fillId: 'e"1', exact, fee: atoms(-1) }), funding(-12_345_678)]);
  expect(csvText(fold.rows).split('\n').slice(1)).toEqual([
    `1970-01-01T00:00:00.000Z,fill,BTCUSDT,sell,100.05,0.0015,0.150075,-0.00000001,,maker,"e""1",x-mm-abc-${count},mm-abc-${count}`,
    '1970-01-01T00:00:00.001Z,funding,BTCUSDT,,,,,,-0.12345678,,p--12345678-1,,',
    '',
  ]);
});
