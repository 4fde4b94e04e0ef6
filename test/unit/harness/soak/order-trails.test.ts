import { describe, expect, test } from 'vitest';
import { OrderTrails } from '../../../../src/harness/soak/order-trails.ts';
import { transition, type Order } from '../../../../src/model/order.ts';
import { lots, ticks } from '../../../../src/model/units.ts';
import { approved } from '../../../support/builders/approved.ts';
import { newOrder, openOrder, reportOf } from '../../../support/builders/builders.ts';
import { turnOf } from '../../../support/builders/turns.ts';

const ID = 'mm-t-1';
const START = 1_000_000;
const ORDER = newOrder({ clientOrderId: ID, price: ticks(599_800), quantity: lots(10) });
const QUOTE = { side: 'buy', level: 2, price: ticks(599_800), quantity: lots(10), plainPrice: ticks(599_800) } as const;

/** The order as the exchange reported it at a time of the run. */
const rested = (atMs: number, terms: Partial<Order> = {}): Order => {
  const order = { ...ORDER, ...terms };
  return transition(openOrder(order), { type: 'reported', report: reportOf(order, { updatedAt: START + atMs }) }, atMs);
};
const amending = (order: Order, price: number, quantity = order.quantity): Order =>
  transition(order, { type: 'amendSent', terms: { price: ticks(price), quantity } }, 0);
const amendOf = (price: number, quantity = 10) =>
  approved({ symbol: 'BTCUSDT', clientOrderId: ID, price: ticks(price), quantity: lots(quantity) });
const fillAt = (atMs: number, price = 599_800) => ({ clientOrderId: ID, price: ticks(price), at: START + atMs });

/** An order that was decided on at 100 and rests since 104. */
function placed(): OrderTrails {
  const trails = new OrderTrails();
  const explanation = { fairValueTicks: 600_010, halfSpreadBps: 3.5, skewBps: 0.2, guard: 'inventory_soft', quotes: [QUOTE] };
  trails.turn(turnOf({ plan: { places: [approved(ORDER)] }, explanation, orders: [openOrder(ORDER)] }), 100);
  trails.turn(turnOf({ orders: [rested(104)] }), 106);
  return trails;
}

describe('an order at the instant of its fill', () => {
  test('has the reason of the decision that placed it, and has rested since the exchange had it', () => {
    expect(placed().at(fillAt(1404), 1404)).toEqual({
      reason: { decidedAtMs: 100, price: 599_800, level: 2, fairValue: 600_010, halfSpreadBps: 3.5, skewBps: 0.2, guard: 'inventory_soft' },
      queueMs: 1300,
      standing: { kind: 'quoted', code: '' },
    });
  });

  test('is moving from the decision on, and at its new price it has arrived, although that is not confirmed', () => {
    const trails = placed();
    trails.turn(turnOf({ plan: { amends: [amendOf(599_700)] }, orders: [amending(rested(104), 599_700)] }), 500);
    expect(trails.at(fillAt(499), 499).standing.kind).toBe('quoted');
    expect(trails.at(fillAt(500), 500)).toMatchObject({ standing: { kind: 'moving' }, reason: { decidedAtMs: 100 } });
    expect(trails.at(fillAt(505, 599_700), 505)).toMatchObject({
      standing: { kind: 'quoted' },
      reason: { decidedAtMs: 500 },
      queueMs: undefined,
    });
    trails.turn(turnOf({ orders: [rested(504, { price: ticks(599_700) })] }), 508);
    expect(trails.at(fillAt(505, 599_700), 509)).toMatchObject({ queueMs: 1 });
    expect(trails.at(fillAt(503), 509)).toMatchObject({ queueMs: 399, reason: { decidedAtMs: 100 } });
  });

  test('keeps its time in the queue when it shrinks, and loses it when it grows', () => {
    const trails = placed();
    trails.turn(turnOf({ orders: [amending(rested(104), 599_800, lots(6))], plan: { amends: [amendOf(599_800, 6)] } }), 300);
    expect(trails.at(fillAt(301), 301)).toMatchObject({ standing: { kind: 'quoted' }, reason: { decidedAtMs: 100 } });
    trails.turn(turnOf({ orders: [rested(400, { quantity: lots(6) })] }), 402);
    expect(trails.at(fillAt(500), 500).queueMs).toBe(396);
    trails.turn(turnOf({ orders: [rested(600, { quantity: lots(9) })] }), 602);
    expect(trails.at(fillAt(700), 700).queueMs).toBe(100);
  });

  test('waits for the budget when its own move was wanted and did not leave', () => {
    const order = rested(104);
    const waiting = { budget: 'minIntervalMs', buy: { places: 0, moves: 1 }, sell: { places: 0, moves: 0 } } as const;
    const turn = (to: number) =>
      turnOf({ orders: [order], explanation: { waiting: { ...waiting, moves: [{ order, to: { ...QUOTE, price: ticks(to) } }] } } });
    const trails = placed();
    trails.turn(turn(599_700), 200);
    expect(trails.at(fillAt(210), 210).standing).toEqual({ kind: 'postponed', code: 'minIntervalMs' });
    trails.turn(turn(599_800), 300);
    expect(trails.at(fillAt(310), 310).standing.kind).toBe('quoted');
    trails.turn(turnOf({ orders: [order], explanation: { waiting: { ...waiting, moves: [] } } }), 400);
    expect(trails.at(fillAt(410), 410).standing.kind).toBe('quoted');
  });

  test('is held, denied a move, or being canceled, for the reason of the turn that canceled it', () => {
    const trails = placed();
    trails.turn(turnOf({ hold: 'stale_book', orders: [rested(104)] }), 200);
    expect(trails.at(fillAt(201), 201).standing).toEqual({ kind: 'held', code: 'stale_book' });
    trails.turn(turnOf({ denied: [{ order: amendOf(599_900), reason: 'price_collar', text: '' } as never], orders: [rested(104)] }), 300);
    expect(trails.at(fillAt(301), 301).standing).toEqual({ kind: 'denied', code: 'price_collar' });
    const canceling = transition(rested(104), { type: 'cancelSent' }, 0);
    trails.canceling(ID, 400);
    trails.turn(turnOf({ hold: 'unreconciled', orders: [canceling] }), 400);
    trails.turn(turnOf({ hold: 'no_book', orders: [canceling] }), 450);
    expect(trails.at(fillAt(460), 460).standing).toEqual({ kind: 'canceling', code: 'unreconciled' });
  });

  test('is being canceled after the stop, whatever it was before', () => {
    const trails = placed();
    trails.stopped(500, 'stop');
    trails.stopped(600, 'frozen');
    expect(trails.at(fillAt(499), 499).standing.kind).toBe('quoted');
    expect(trails.at(fillAt(500), 500).standing).toEqual({ kind: 'canceling', code: 'stop' });
  });

  test('is known for a while after it is closed; an order of others is not', () => {
    const trails = placed();
    trails.closed(ID);
    expect(trails.at(fillAt(200), 200).reason).toBeDefined();
    for (let i = 0; i < 501; i += 1) {
      const order = { ...ORDER, clientOrderId: `mm-t-x${i}` };
      trails.turn(turnOf({ plan: { places: [approved(order)] }, orders: [openOrder(order)] }), 300 + i);
      trails.closed(order.clientOrderId);
    }
    expect(trails.at(fillAt(200), 200)).toEqual({ reason: undefined, queueMs: undefined, standing: { kind: 'unknown', code: '' } });
    expect(trails.at({ ...fillAt(200), clientOrderId: 'by-hand' }, 200).standing.kind).toBe('unknown');
  });
});
