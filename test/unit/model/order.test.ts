import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLive, newOrderState, openQuantity, transition, type OrderEvent, type OrderReport } from '../../../src/model/order.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { newOrder, openOrder, reportOf } from '../../support/builders/builders.ts';

const ORDER = newOrder({ quantity: lots(10) });
const after = (...events: OrderEvent[]) => events.reduce((order, event) => transition(order, event, 1), newOrderState(ORDER, 0));

describe('order', () => {
  test('goes from intent over ack to open; the first row only confirms it', () => {
    expect(after().state.tag).toBe('pending');
    expect(after({ type: 'acknowledged', exchangeOrderId: 'x' })).toMatchObject({ state: { tag: 'open' }, exchangeOrderId: 'x' });
    expect(after({ type: 'reported', report: reportOf(ORDER) }, { type: 'refused', reason: 'late answer' }).state.tag).toBe('open');
  });

  test('an ack of a cancel changes nothing: the order is live until a row says otherwise', () => {
    const canceling = after({ type: 'acknowledged', exchangeOrderId: 'x' }, { type: 'cancelSent' });
    expect(isLive(canceling)).toBe(true);
    expect(openQuantity(canceling)).toBe(10);
    const gone = transition(canceling, { type: 'reported', report: reportOf(ORDER, { status: 'canceled', reason: 'CancelByUser' }) }, 2);
    expect(gone).toMatchObject({ state: { tag: 'canceled', reason: 'CancelByUser' }, change: { kind: 'none' } });
  });

  test('an unknown outcome counts as live until it is disproved', () => {
    const unknown = after({ type: 'outcomeUnknown' });
    expect(openQuantity(unknown)).toBe(10);
    expect(isLive(transition(unknown, { type: 'neverAccepted' }, 2))).toBe(false);
  });

  test('a refused create is final only as long as no row shows that the order rests after all', () => {
    const refused = after({ type: 'refused', reason: 'throttled' });
    expect(isLive(refused)).toBe(false);
    expect(transition(refused, { type: 'reported', report: reportOf(ORDER, { updatedAt: 5 }) }, 5).state.tag).toBe('open');
    const rejected = after({ type: 'reported', report: reportOf(ORDER, { status: 'rejected', updatedAt: 5 }) });
    expect(transition(rejected, { type: 'reported', report: reportOf(ORDER, { updatedAt: 6 }) }, 6).state.tag).toBe('rejected');
  });

  test('an amend takes effect when a row shows its terms; until then the larger quantity counts', () => {
    const amending = transition(
      openOrder({ quantity: lots(10) }),
      { type: 'amendSent', terms: { price: ticks(5), quantity: lots(15) } },
      1,
    );
    expect(openQuantity(amending)).toBe(15);
    const stale = transition(amending, { type: 'reported', report: reportOf(ORDER) }, 2);
    expect(stale.change.kind).toBe('amend');
    const done = transition(stale, { type: 'reported', report: reportOf(ORDER, { price: ticks(5), quantity: lots(15) }) }, 3);
    expect(done).toMatchObject({ price: 5, quantity: 15, change: { kind: 'none' }, updatedAt: 3 });
  });

  test('executions of its old quantity do not end it while an amend to more is in doubt; they do once that is refused', () => {
    const amending = transition(
      openOrder({ quantity: lots(10) }),
      { type: 'amendSent', terms: { price: ticks(5), quantity: lots(15) } },
      1,
    );
    const half = transition(amending, { type: 'executed', filled: lots(10) }, 2);
    expect([half.state.tag, openQuantity(half)]).toEqual(['open', 5]);
    expect(transition(half, { type: 'amendRefused' }, 3)).toMatchObject({ state: { tag: 'filled' }, filled: 10 });
    expect(transition(half, { type: 'executed', filled: lots(15) }, 3)).toMatchObject({ state: { tag: 'filled' }, filled: 15 });
  });

  test('executions of more than its old quantity show that an amend to more was taken: never more is filled than it has', () => {
    const amending = transition(
      openOrder({ quantity: lots(10) }),
      { type: 'amendSent', terms: { price: ticks(5), quantity: lots(15) } },
      1,
    );
    const most = transition(amending, { type: 'executed', filled: lots(12) }, 2);
    expect([most, openQuantity(most)]).toMatchObject([{ state: { tag: 'open' }, filled: 12, quantity: 12 }, 3]);
  });

  test('nor does a row of its old terms that is older than these executions; one that says itself that nothing is left does', () => {
    const amending = transition(
      openOrder({ quantity: lots(10) }),
      { type: 'amendSent', terms: { price: ticks(5), quantity: lots(15) } },
      1,
    );
    const half = transition(amending, { type: 'executed', filled: lots(10) }, 2);
    const row = (terms: Partial<OrderReport>) => transition(half, { type: 'reported', report: reportOf(ORDER, terms) }, 3);
    const older = row({ filled: lots(3) });
    expect([older.state.tag, older.filled, openQuantity(older)]).toEqual(['open', 10, 5]);
    expect(transition(older, { type: 'changeDisproved' }, 4)).toMatchObject({ state: { tag: 'filled' }, filled: 10 });
    expect(row({ filled: lots(10) })).toMatchObject({ state: { tag: 'filled' }, change: { kind: 'none' } });
  });

  describe('a cancel that was sent while an amend to more was under way', () => {
    const resting = openOrder({ quantity: lots(10) });
    const terms = { price: ticks(5), quantity: lots(15) };
    const canceling = [{ type: 'amendSent', terms } as const, { type: 'cancelSent' } as const].reduce(
      (order, event) => transition(order, event, 1),
      resting,
    );

    test('leaves what the amend may still bring in the open quantity, and executions of the old one do not end the order', () => {
      expect([canceling.change.kind, openQuantity(canceling)]).toEqual(['cancel', 15]);
      expect(transition(canceling, { type: 'executed', filled: lots(10) }, 2)).toMatchObject({ state: { tag: 'open' }, filled: 10 });
    });

    test('is still under way when a row shows the amended terms', () => {
      const shown = transition(canceling, { type: 'reported', report: reportOf(ORDER, terms) }, 2);
      expect(shown).toMatchObject({ ...terms, change: { kind: 'cancel', terms: undefined } });
      expect(transition(shown, { type: 'cancelRefused' }, 3).change.kind).toBe('none');
    });

    test('leaves the amend in doubt when it is refused, and is left alone when the amend is', () => {
      expect(transition(canceling, { type: 'cancelRefused' }, 2).change).toEqual({ kind: 'amend', terms, unknown: true });
      expect(transition(canceling, { type: 'amendRefused' }, 2).change).toEqual({ kind: 'cancel', terms: undefined, unknown: false });
      expect(transition(canceling, { type: 'changeDisproved' }, 2).change.kind).toBe('none');
    });
  });

  test('a row that is older than the last one changes no terms, but its filled quantity counts', () => {
    const moved = after({ type: 'reported', report: reportOf(ORDER, { price: ticks(7), updatedAt: 20 }) });
    const late = transition(moved, { type: 'reported', report: reportOf(ORDER, { price: ticks(5), filled: lots(3), updatedAt: 10 }) }, 2);
    expect(late).toMatchObject({ price: 7, filled: 3, state: { tag: 'open' } });
    const closed = transition(moved, { type: 'reported', report: reportOf(ORDER, { status: 'canceled', updatedAt: 10 }) }, 2);
    expect(closed.state.tag).toBe('canceled');
  });

  test('a row that is known to be the newest counts although it is stamped earlier: the clock of the exchange was put back', () => {
    const moved = after({ type: 'reported', report: reportOf(ORDER, { price: ticks(7), updatedAt: 20 }) });
    const report = reportOf(ORDER, { price: ticks(5), updatedAt: 10 });
    const back = transition(moved, { type: 'reported', report, isNewest: true }, 2);
    expect(back).toMatchObject({ price: 5, reportedAt: 10 });
    expect(transition(back, { type: 'reported', report: reportOf(ORDER, { price: ticks(6), updatedAt: 11 }) }, 3).price).toBe(6);
  });

  test('the exchange’s terms win over ours', () => {
    expect(after({ type: 'reported', report: reportOf(ORDER, { price: ticks(599_990) }) }).price).toBe(599_990);
  });

  test('for all events: filled never shrinks or exceeds the quantity, and a closed order never reopens', () => {
    const status = fc.constantFrom('open' as const, 'filled' as const, 'canceled' as const, 'rejected' as const);
    const event: fc.Arbitrary<OrderEvent> = fc.oneof(
      fc.record({ type: fc.constant('acknowledged' as const), exchangeOrderId: fc.constant('x') }),
      fc.record({
        type: fc.constantFrom(
          'outcomeUnknown' as const,
          'neverAccepted' as const,
          'cancelSent' as const,
          'amendRefused' as const,
          'cancelRefused' as const,
          'changeDisproved' as const,
          'changeUnknown' as const,
        ),
      }),
      fc
        .integer({ min: 1, max: 10 })
        .map((quantity) => ({ type: 'amendSent' as const, terms: { price: ticks(5), quantity: lots(quantity) } })),
      fc.record({ type: fc.constant('refused' as const), reason: fc.constant('r') }),
      fc
        .tuple(status, fc.integer({ min: 0, max: 10 }))
        .map(([s, filled]) => ({ type: 'reported' as const, report: reportOf(ORDER, { status: s, filled: lots(filled) }) })),
      fc.integer({ min: 0, max: 10 }).map((filled) => ({ type: 'executed' as const, filled: lots(filled) })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let order = newOrderState(ORDER, 0);
        for (const each of events) {
          const next = transition(order, each, 1);
          expect(next.filled).toBeGreaterThanOrEqual(order.filled);
          expect(next.filled).toBeLessThanOrEqual(10);
          // An end that no row has shown, only an answer or its absence, is not final: an order that shows up after all is adopted.
          const isShown = order.reportedAt > 0 || order.state.tag === 'filled';
          if (!isLive(order) && isShown && order.state.tag !== 'neverAccepted') expect(isLive(next)).toBe(false);
          order = next;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
