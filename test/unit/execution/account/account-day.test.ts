import { describe, expect, test } from 'vitest';
import { DayFold, dayOf, dayPnl, entered, onGrid, pnlLeft } from '../../../../src/execution/account/account-day.ts';
import { NO_DAY, type SymbolDay } from '../../../../src/execution/account/day.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { grid } from '../../../../src/model/grid.ts';
import { atoms, lots, ticks } from '../../../../src/model/units.ts';
import { BTC, fillOf, newOrder } from '../../../support/builders/builders.ts';

const NOON = Date.UTC(2026, 0, 2, 12);
const MIDNIGHT = Date.UTC(2026, 0, 3);
/** One tick times one lot, USD. */
const UNIT = 0.1 * 0.001;

const place = (at = NOON): JournalRecord => ({ type: 'placeIntent', at, order: newOrder() });
const fill = (side: 'buy' | 'sell', price: number, quantity: number, at = NOON, fee = 0): JournalRecord => ({
  type: 'fill',
  at,
  fill: fillOf(newOrder({ side, price: ticks(price) }), `${side}${price}`, quantity, { at, fee: atoms(fee) }),
});
const funding = (paymentId: string, amount: number, at = NOON): JournalRecord => ({
  type: 'funding',
  at,
  payment: { paymentId, symbol: 'BTCUSDT', amount: atoms(amount), at },
});

function foldOf(records: readonly JournalRecord[], before = NO_DAY): DayFold {
  const fold = new DayFold(before);
  for (const record of records) fold.add(record);
  return fold;
}

/** The day as a run enters it with a position of `quantity` at `price`. */
function pnlAt(earlier: SymbolDay, quantity: number, price: number): number | undefined {
  const day = entered(earlier, BTC, quantity, price);
  return day === undefined ? undefined : dayPnl(day, quantity, price);
}

describe('the day of an account', () => {
  test('an execution of an order that was counted in other steps enters it at what it was worth', () => {
    const today: JournalRecord = {
      type: 'day',
      at: NOON,
      day: dayOf(NOON),
      symbol: 'BTCUSDT',
      of: { ...NO_SYMBOL, grid: { tick: 0.1, lot: 0.001 } },
    };
    // 2 lots of 0.01 at 60,000 ticks of 1.
    const old = { ...fill('buy', 60_000, 2), grid: { tick: '1', lot: '0.01' } } as JournalRecord;
    expect(foldOf([today, old]).of('BTCUSDT')).toMatchObject({
      bought: 20,
      received: -600_000 * 20,
      firstPrice: 600_000,
      lastPrice: 600_000,
    });
    // Before anything is counted, the first record determines the steps.
    expect(pnlAt(foldOf([old]).of('BTCUSDT'), 20, 601_000)).toBeCloseTo(20_000 * UNIT, 6);
  });

  test('goes only forward: whatever is dated before it counts today', () => {
    const fold = foldOf([place(MIDNIGHT), place(NOON), fill('buy', 600_000, 1, NOON)]);
    fold.turn(MIDNIGHT - 1);
    expect([fold.day, fold.orders, fold.of('BTCUSDT').bought]).toEqual([dayOf(MIDNIGHT), 2, 1]);
    fold.turn(MIDNIGHT + 86_400_000);
    expect([fold.orders, [...fold.symbols]]).toEqual([0, []]);
  });

  test('begins when its own record says so, where there is one, and not by a stamp', () => {
    const record: JournalRecord = { type: 'day', at: NOON, day: dayOf(NOON), symbol: 'BTCUSDT', of: NO_SYMBOL };
    const start: JournalRecord = { type: 'start', at: NOON, runId: 'mm-a-', configHash: '', version: '', seed: undefined };
    expect(foldOf([record, place(NOON), place(MIDNIGHT), fill('buy', 600_000, 1, MIDNIGHT)]).orders).toBe(2);
    expect(foldOf([record, place(NOON), start, place(MIDNIGHT)]).orders).toBe(1);
    expect(foldOf([place(MIDNIGHT)], foldOf([record, place(NOON)]).state).orders).toBe(2);
  });

  test('counts an order from its intent on, and not when it never left; a payment counts once', () => {
    const dropped: JournalRecord = { type: 'answer', at: NOON, clientOrderId: 'mm-t-1', outcome: 'dropped', reason: 'fenced' };
    const fold = foldOf([place(), place(), dropped, funding('a', 5), funding('a', 5), funding('b', -2)]);
    expect([fold.orders, fold.of('BTCUSDT').paid]).toEqual([1, 3]);
  });

  test('is the same after a file: a run can continue from its result', () => {
    const [before, after] = [
      [place(), fill('buy', 600_000, 2), funding('a', 5)],
      [funding('a', 5), fill('sell', 600_100, 1), place()],
    ];
    const read = JSON.parse(JSON.stringify(foldOf(before).state)) as typeof NO_DAY;
    expect(foldOf(after, read).state).toEqual(foldOf([...before, ...after]).state);
  });

  test.each<[string, readonly JournalRecord[], number, number, number]>([
    ['what was held before enters at the price that is found', [], 1000, 600_000, 0],
    ['flat and untouched', [], 0, 600_000, 0],
    ['bought and still held', [fill('buy', 600_000, 10)], 10, 599_000, -10_000 * UNIT],
    ['with something from before: that enters at the first price of the day', [fill('buy', 600_000, 10)], 110, 599_000, -110_000 * UNIT],
    [
      'bought and sold, with fees and funding',
      [fill('buy', 600_000, 10, NOON, 3e8), fill('sell', 601_000, 10), funding('f', 1e8)],
      0,
      1,
      1 - 4,
    ],
  ])('%s', (_, records, quantity, price, pnl) => {
    expect(pnlAt(foldOf(records).of('BTCUSDT'), quantity, price)).toBeCloseTo(pnl, 9);
  });

  test('goes on over runs: the market moved while none ran', () => {
    const first = entered(foldOf([]).of('BTCUSDT'), BTC, 100, 600_000);
    expect(pnlAt(first ?? NO_SYMBOL, 100, 590_000)).toBeCloseTo(-1_000_000 * UNIT, 9);
  });

  test('does not take for a loss what somebody else bought or sold while none ran', () => {
    const first = entered(foldOf([]).of('BTCUSDT'), BTC, 100, 600_000) ?? NO_SYMBOL;
    expect(pnlAt(first, 0, 590_000)).toBeCloseTo(-1_000_000 * UNIT, 9);
    expect(pnlAt(first, 5000, 600_000)).toBeCloseTo(0, 9);
  });

  test('is unknown while what is held has no price', () => {
    const day = entered(foldOf([]).of('BTCUSDT'), BTC, 0, undefined) ?? NO_SYMBOL;
    expect([dayPnl(day, 0, undefined), dayPnl(day, 3, undefined)]).toEqual([0, undefined]);
    expect(entered(foldOf([]).of('BTCUSDT'), BTC, 3, undefined)).toBeUndefined();
    expect(entered(day, BTC, 3, undefined)).toBeUndefined();
  });

  test('comes to the same on another grid', () => {
    const day = entered(foldOf([fill('buy', 600_000, 30)]).of('BTCUSDT'), BTC, 130, 600_000) ?? NO_SYMBOL;
    const coarser = { ...BTC, tick: grid('0.50'), lot: grid('0.010'), atomsPerTickLot: BTC.atomsPerTickLot * 50 };
    expect(dayPnl(onGrid(day, coarser), 13, 118_000)).toBeCloseTo(dayPnl(day, 130, 590_000) ?? Number.NaN, 6);
    expect(onGrid(onGrid(day, coarser), BTC)).toEqual(day);
  });

  test('has what a symbol lost that is not traded any more, at its last price', () => {
    const day = entered(foldOf([fill('buy', 600_000, 10)]).of('BTCUSDT'), BTC, 10, 600_000) ?? NO_SYMBOL;
    const sold = foldOf([{ type: 'day', at: NOON, day: dayOf(NOON), symbol: 'BTCUSDT', of: day }, fill('sell', 590_000, lots(10))]);
    expect(pnlLeft(sold.of('BTCUSDT'))).toBeCloseTo(-100_000 * UNIT, 9);
  });
});

const NO_SYMBOL = new DayFold().of('BTCUSDT');
