import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from '../../../src/model/order.ts';
import { atoms, ticks } from '../../../src/model/units.ts';
import { Edge } from '../../../src/risk/edge.ts';
import { BTC, fillOf, newOrder } from '../../support/builders/builders.ts';

const fill = (side: Side, price: number, quantity: number, fee = 0) =>
  fillOf(newOrder({ side, price: ticks(price) }), 'f', quantity, { fee: atoms(fee) });

describe('edge estimate', () => {
  test('is spread captured plus markout minus fees, in bps of the value', () => {
    const edge = new Edge(5000, 10);
    // Bought 60 ticks (1 bp) below the mid, which then fell by 120; a fee of 2 bps.
    const value = 600_000 * 10;
    edge.filled(0, fill('buy', 600_000, 10, (value * BTC.atomsPerTickLot * 2) / 10_000), 600_060, BTC.atomsPerTickLot);
    edge.marked(4999, 600_500);
    expect(edge.reading.fills).toBe(0);
    edge.marked(5000, 599_940);
    const { spreadBps, markoutBps, feesBps, netBps, fills } = edge.reading;
    expect([spreadBps, markoutBps, feesBps, netBps].map((bps) => Math.round(bps * 1e6) / 1e6)).toEqual([1, -2, 2, -3]);
    expect(fills).toBe(1);
  });

  test('a sale is the mirror of a purchase, and a rebate is a gain', () => {
    const edge = new Edge(1000, 10);
    edge.filled(0, fill('sell', 600_060, 10, -6_000_000), 600_000, BTC.atomsPerTickLot);
    edge.marked(1000, 599_940);
    expect(edge.reading.spreadBps).toBeGreaterThan(0);
    expect(edge.reading.markoutBps).toBeGreaterThan(0);
    expect(edge.reading.feesBps).toBeLessThan(0);
  });

  test('over a round trip of any fills the estimate has the sign and the size of the PnL', () => {
    const trade = fc.tuple(fc.constantFrom<Side>('buy', 'sell'), fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 20 }), fc.integer({ min: 599_000, max: 601_000 }), (trades, last) => {
        const edge = new Edge(1000, 100);
        let [cash, position, value] = [0, 0, 0];
        for (const [side, offset, quantity] of trades) {
          const price = 600_000 + offset;
          edge.filled(0, fill(side, price, quantity), 600_000, BTC.atomsPerTickLot);
          cash -= (side === 'buy' ? 1 : -1) * price * quantity;
          position += (side === 'buy' ? 1 : -1) * quantity;
          value += price * quantity;
        }
        edge.marked(1000, last);
        expect((edge.reading.netBps * value) / 10_000).toBeCloseTo(cash + position * last, 3);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps the newest fills only, and does not grow without a market', () => {
    const edge = new Edge(0, 3);
    for (let i = 0; i < 2000; i += 1) edge.filled(i, fill('buy', 600_000, 1), 600_000, BTC.atomsPerTickLot);
    edge.marked(2000, 600_000);
    expect(edge.reading.fills).toBe(3);
    for (let i = 0; i < 3; i += 1) edge.filled(2000, fill('buy', 600_000, 1), 600_060, BTC.atomsPerTickLot);
    edge.marked(2001, 600_060);
    expect(edge.reading.netBps).toBeCloseTo(1, 9);
  });
});
