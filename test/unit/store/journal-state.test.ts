import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import type { OrderState } from '../../../src/model/order.ts';
import { lots } from '../../../src/model/units.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';
import { fillOf, newOrder } from '../../support/builders/builders.ts';

function foldOf(records: readonly JournalRecord[]): JournalFold {
  const fold = new JournalFold();
  for (const record of records) fold.add(record);
  return fold;
}

const place = (clientOrderId: string, at = 1): JournalRecord => ({ type: 'placeIntent', at, order: newOrder({ clientOrderId }) });
const amend = (clientOrderId: string, at = 1): JournalRecord => ({ type: 'amendIntent', at, amend: newOrder({ clientOrderId }) });
const answer = (clientOrderId: string, outcome: 'acknowledged' | 'refused' | 'unknown' | 'dropped'): JournalRecord => ({
  type: 'answer',
  at: 2,
  clientOrderId,
  outcome,
  reason: '',
});
const fill = (clientOrderId: string, fillId: string, quantity: number): JournalRecord => ({
  type: 'fill',
  at: 4,
  fill: fillOf(newOrder({ clientOrderId }), fillId, quantity),
});
const order = (clientOrderId: string, state: OrderState, filled = 0): JournalRecord => ({
  type: 'order',
  at: 3,
  clientOrderId,
  exchangeOrderId: 'x',
  state,
  price: 1,
  quantity: 1,
  filled: lots(filled),
});

const open = (records: readonly JournalRecord[]): readonly string[] => foldOf(records).state.open.map(({ clientOrderId }) => clientOrderId);

describe('what a journal comes to', () => {
  test('the grid of an order’s time is kept, and older records have none', () => {
    const grid = { tick: '0.1', lot: '0.001' };
    const before = foldOf([{ type: 'placeIntent', at: 1, order: { ...newOrder({ clientOrderId: 'a' }), grid } }, place('b')]);
    const { open: orders } = foldOf([JSON.parse(JSON.stringify(before.snapshot(2))) as JournalRecord]).state;
    expect(orders.map((each) => each.grid)).toEqual([grid, undefined]);
  });

  test.each<[OrderState, boolean]>([
    [{ tag: 'pending' }, true],
    [{ tag: 'unknown' }, true],
    [{ tag: 'open' }, true],
    [{ tag: 'filled' }, false],
    [{ tag: 'canceled', reason: '' }, false],
    [{ tag: 'rejected', reason: '' }, false],
    [{ tag: 'neverAccepted' }, false],
  ])('an order that was seen %j is open: %s', (state, isOpen) => {
    expect(open([place('a'), place('b'), order('a', state)])).toEqual(isOpen ? ['a', 'b'] : ['b']);
  });

  test.each([
    ['acknowledged', true],
    ['unknown', true],
    ['refused', false],
    ['dropped', false],
  ] as const)('an order whose answer is %s is open: %s', (outcome, isOpen) => {
    expect(open([place('a'), answer('a', outcome)])).toEqual(isOpen ? ['a'] : []);
  });

  test('an order that has ended is done with when all that was executed of it is recorded, each execution once', () => {
    const ended = [place('a'), fill('a', 'f1', 4), order('a', { tag: 'filled' }, 10)];
    expect(open(ended)).toEqual(['a']);
    expect(open([...ended, fill('a', 'f1', 4), fill('b', 'f2', 6)])).toEqual(['a']);
    expect(open([...ended, fill('a', 'f2', 6)])).toEqual([]);
    expect(open([place('a'), fill('a', 'f1', 4), order('a', { tag: 'canceled', reason: '' }, 4)])).toEqual([]);
    expect(foldOf(ended).state.open).toEqual([
      { clientOrderId: 'a', symbol: 'BTCUSDT', at: 1, fillIds: ['f1'], executed: 4, filledAtEnd: 10 },
    ]);
  });

  test('a cancel that left proves nothing', () => {
    expect(open([place('a'), { type: 'cancelIntent', at: 5, symbol: 'BTCUSDT', clientOrderId: 'a' }])).toEqual(['a']);
  });

  test('the last create or amend may still land, until a stop has proven that nothing rests', () => {
    expect(foldOf([place('a', 5), amend('a', 9)]).state.lastIntentAt).toBe(9);
    expect(foldOf([place('a', 5), { type: 'stop', at: 8, clean: false }]).state.lastIntentAt).toBe(5);
    expect(foldOf([place('a', 5), { type: 'stop', at: 8, clean: true }]).state.lastIntentAt).toBeUndefined();
  });

  test('only a clean stop as the very last word is a clean end', () => {
    const stop: JournalRecord = { type: 'stop', at: 8, clean: true };
    expect(foldOf([stop]).endedClean).toBe(true);
    expect(foldOf([{ ...stop, clean: false }]).endedClean).toBe(false);
    expect(foldOf([stop, place('a')]).endedClean).toBe(false);
  });

  test('a freeze holds through stops and new runs until a person lifts it', () => {
    const freeze: JournalRecord = { type: 'freeze', at: 7, reason: 'daily_loss' };
    expect(foldOf([freeze, { type: 'stop', at: 8, clean: true }]).state.frozen).toEqual({ reason: 'daily_loss', at: 7 });
    expect(foldOf([freeze, { type: 'unfreeze', at: 9, reason: 'daily_loss' }]).state.frozen).toBeUndefined();
  });

  test('a snapshot at any point stands for everything before it', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const at = fc.integer({ min: 1, max: 99 });
    const states = fc.constantFrom<OrderState>({ tag: 'open' }, { tag: 'filled' }, { tag: 'canceled', reason: 'x' });
    const record: fc.Arbitrary<JournalRecord> = fc.oneof(
      fc.tuple(id, at).map(([one, time]) => place(one, time)),
      fc.tuple(id, at).map(([one, time]) => amend(one, time)),
      fc.tuple(id, fc.constantFrom('acknowledged', 'refused', 'unknown', 'dropped')).map(([one, outcome]) => answer(one, outcome)),
      fc.tuple(id, states, fc.integer({ min: 0, max: 9 })).map(([one, state, filled]) => order(one, state, filled)),
      fc.tuple(id, fc.constantFrom('f1', 'f2', 'f3')).map(([one, fillId]) => fill(one, `${one}-${fillId}`, 3)),
      at.map((time): JournalRecord => ({ type: 'freeze', at: time, reason: 'loss' })),
      at.map((time): JournalRecord => ({ type: 'unfreeze', at: time, reason: 'loss' })),
      fc.tuple(at, fc.boolean()).map(([time, clean]): JournalRecord => ({ type: 'stop', at: time, clean })),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), fc.array(record, { maxLength: 30 }), (before, after) => {
        // As a file would hold it.
        const snapshot = JSON.parse(JSON.stringify(foldOf(before).snapshot(50))) as JournalRecord;
        expect(foldOf([snapshot, ...after]).state).toEqual(foldOf([...before, ...after]).state);
      }),
      { numRuns: 1000 },
    );
  });
});
