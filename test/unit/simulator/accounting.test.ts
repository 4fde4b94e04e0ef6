import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSteps } from '../../../src/model/grid.ts';
import { toAtoms } from '../../../src/model/instrument.ts';
import { applyFill, FLAT } from '../../../src/model/position.ts';
import { atoms, lots, tickLots, ticks } from '../../../src/model/units.ts';
import { scaledTowardZero, scaledUp } from '../../../src/simulator/accounts/arithmetic.ts';
import { Holding } from '../../../src/simulator/accounts/holding.ts';
import type { VenueExecution } from '../../../src/simulator/venue/orders.ts';
import { defined } from '../../../src/util/assert.ts';
import { quietVenue, START, SYMBOL } from './venues.ts';

const ACCOUNTS = [0, 1, 2];
const side = fc.constantFrom('buy' as const, 'sell' as const);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      side,
      offset: fc.integer({ min: -5, max: 5 }),
      quantity: fc.integer({ min: 1, max: 300 }),
      timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const, 'PostOnly' as const),
      reduceOnly: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('amend' as const),
      offset: fc.integer({ min: -5, max: 5 }),
      quantity: fc.integer({ min: 1, max: 300 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
);
const session = fc.array(fc.record({ account: fc.constantFrom(...ACCOUNTS), pick: fc.nat(), step }), { maxLength: 60 });
type Session = typeof session extends fc.Arbitrary<infer T> ? T : never;

function play(commands: Session) {
  const { venue, events } = quietVenue({ accounts: ACCOUNTS.length });
  const market = defined(venue.market(SYMBOL), SYMBOL);
  for (const { account, pick, step } of commands) {
    const open = venue.openOrders(account);
    const order = open[pick % Math.max(1, open.length)];
    if (step.kind === 'place') {
      const { side, quantity, timeInForce, reduceOnly } = step;
      const price = ticks(START + step.offset);
      venue.place(account, {
        symbol: SYMBOL,
        side,
        type: 'limit',
        price,
        quantity: lots(quantity),
        timeInForce,
        reduceOnly,
        orderLinkId: '',
      });
    } else if (order !== undefined && step.kind === 'amend')
      venue.amend(account, {
        symbol: SYMBOL,
        orderId: order.orderId,
        orderLinkId: undefined,
        price: ticks(START + step.offset),
        quantity: lots(step.quantity),
      });
    else if (order !== undefined) venue.cancel(account, { symbol: SYMBOL, orderId: order.orderId, orderLinkId: undefined });
    check();
  }
  return { venue, events, market };

  /** What holds after every single request. */
  function check(): void {
    expect(market.book.isCrossed).toBe(false);
    const resting = { buy: 0, sell: 0 };
    for (const account of ACCOUNTS) {
      const held = venue.position(account, SYMBOL).quantity;
      for (const order of venue.openOrders(account)) {
        const leaves = order.quantity - order.filled;
        expect(leaves).toBeGreaterThan(0);
        resting[order.side] += leaves;
        if (order.reduceOnly) expect(leaves).toBeLessThanOrEqual(order.side === 'sell' ? held : 0 - held);
      }
    }
    expect(market.book.bids.quantityBetterThan(ticks(1))).toBe(resting.buy);
    expect(market.book.asks.quantityBetterThan(ticks(START * 2))).toBe(resting.sell);
  }
}

describe('the accounts, for all actions of clients', () => {
  it('keep every lot and every atom', () => {
    fc.assert(
      fc.property(session, (commands) => {
        const { venue, market } = play(commands);
        let quantity = market.backgroundQuantity;
        let money = 0;
        for (const account of ACCOUNTS) {
          const executions = venue.executions(account);
          const position = venue.position(account, SYMBOL);
          const wallet = venue.wallet(account);
          quantity += position.quantity;
          money += wallet.equity + position.fees;
          expect(position.quantity).toBe(executions.reduce((sum, each) => sum + signed(each), 0));
          expect(wallet.balance).toBe(1e13 + toAtoms(position.realized, market.instrument) - position.fees);
          expect(wallet.equity).toBe(
            1e13 + cashFlow(executions) + toAtoms(tickLots(position.quantity * market.markPrice), market.instrument),
          );
          const filled = [...venue.openOrders(account), ...venue.closedOrders(account)].reduce((sum, order) => sum + order.filled, 0);
          expect(filled).toBe(executions.reduce((sum, each) => sum + each.quantity, 0));
          expect(venue.ledger(account).counts().created).toBe(venue.openOrders(account).length + venue.closedOrders(account).length);
        }
        expect(quantity).toBe(0);
        // What one account gains another loses; the house has the fees.
        expect(money).toBe(ACCOUNTS.length * 1e13);

        function cashFlow(executions: readonly VenueExecution[]): number {
          return executions.reduce((sum, each) => sum - toAtoms(tickLots(signed(each) * each.price), market.instrument) - each.fee, 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('agree with the position that a client folds from its own executions', () => {
    fc.assert(
      fc.property(session, (commands) => {
        const { venue, market } = play(commands);
        for (const account of ACCOUNTS) {
          const folded = venue.executions(account).toReversed().reduce(applyFill, FLAT);
          const { quantity, cost, realized, fees, funding } = venue.position(account, SYMBOL);
          expect({ quantity, cost, realized, fees, funding }).toEqual(folded);
          const sizes = venue
            .ledger(account)
            .positions()
            .map(({ size }) => size);
          expect(sizes.map((size) => parseSteps(size.replace('-', ''), market.instrument.lot))).toEqual(
            sizes.map(() => Math.abs(quantity)),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});

const signed = ({ side, quantity }: VenueExecution): number => (side === 'buy' ? quantity : 0 - quantity);

describe('a holding', () => {
  const fill = fc.record({
    side,
    price: fc.integer({ min: 1, max: 9_000_000 }),
    quantity: fc.integer({ min: 1, max: 1_000_000 }),
    fee: fc.integer({ min: -1000, max: 1_000_000 }),
  });

  it('computes what the model computes, by other means', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 30 }), (fills) => {
        const holding = new Holding();
        let position = FLAT;
        for (const each of fills) {
          const terms = { side: each.side, price: ticks(each.price), quantity: lots(each.quantity), fee: atoms(each.fee) };
          const before = holding.realized;
          const closing = holding.trade(terms.side, terms.price, terms.quantity, terms.fee);
          position = applyFill(position, terms);
          expect(holding.realized - before).toBe(closing.realized);
        }
        const { quantity, cost, realized, fees, funding } = holding;
        expect({ quantity, cost, realized, fees, funding }).toEqual(position);
      }),
      { numRuns: 1000 },
    );
  });

  it('divides exactly, however large the product', () => {
    const whole = fc.maxSafeInteger();
    fc.assert(
      fc.property(whole, fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (a, b, c) => {
        const product = BigInt(a) * BigInt(b);
        const down = Number(product / BigInt(c));
        expect(scaledTowardZero(a, b, c) + 0).toBe(down);
        expect(scaledUp(a, b, c) + 0).toBe(product > 0n && product % BigInt(c) !== 0n ? Number(product / BigInt(c) + 1n) : down);
      }),
      { numRuns: 1000 },
    );
  });
});
