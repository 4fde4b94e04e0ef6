import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAtoms } from '../../../src/model/instrument.ts';
import { lots, tickLots, ticks, type Ticks } from '../../../src/model/units.ts';
import type { PlaceRequest, SelfMatch, TimeInForce } from '../../../src/simulator/venue/requests.ts';
import type { VenueExecution } from '../../../src/simulator/venue/orders.ts';
import type { Venue } from '../../../src/simulator/venue/venue.ts';
import { defined } from '../../../src/util/assert.ts';
import { limit, quietVenue, ref, START, SYMBOL } from './venues.ts';

const ACCOUNTS = [0, 1, 2];
const DEPOSIT = 1e13;
const offset = fc.integer({ min: -6, max: 6 });
const quantity = fc.integer({ min: 1, max: 300 });
const side = fc.constantFrom('buy' as const, 'sell' as const);

const terms = fc.record({
  kind: fc.constant('place' as const),
  side,
  offset,
  quantity,
  isMarket: fc.constantFrom(false, false, false, true),
  timeInForce: fc.constantFrom<TimeInForce>('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'PostOnly'),
  reduceOnly: fc.constantFrom(false, false, true),
  selfMatch: fc.constantFrom<SelfMatch>('None', 'CancelMaker', 'CancelTaker', 'CancelBoth'),
  /** 0: not conditional. */
  trigger: fc.constantFrom(0, 0, 0, 0, 0, 0, -3, -1, 1, 3),
  /** 0: no stops. */
  stops: fc.constantFrom(0, 0, 0, 2, 5),
});
const command = fc.oneof(
  { weight: 8, arbitrary: terms },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('amend' as const), pick: fc.nat(), offset, quantity }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), takeProfit: offset, stopLoss: offset, trail: fc.nat(4) }) },
);
const session = fc.array(fc.record({ account: fc.constantFrom(...ACCOUNTS), command }), { maxLength: 120, size: 'max' });
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function requestOf({ side, offset, quantity, isMarket, ...rest }: Extract<Command, { kind: 'place' }>, last: Ticks): PlaceRequest {
  const { timeInForce, reduceOnly, selfMatch, trigger, stops } = rest;
  const price = START + offset;
  const direction = side === 'buy' ? 1 : -1;
  const stop = (way: number) =>
    stops === 0 || reduceOnly ? undefined : { price: ticks(price + way * direction * stops), by: 'last' as const };
  return {
    ...limit(side, price, quantity),
    ...(isMarket ? { type: 'market' as const, price: undefined } : {}),
    timeInForce: isMarket ? 'IOC' : timeInForce,
    reduceOnly,
    selfMatch,
    trigger: trigger === 0 ? undefined : { price: ticks(last + trigger), direction: trigger > 0 ? 'rise' : 'fall', by: 'last' },
    takeProfit: stop(1),
    stopLoss: stop(-1),
  };
}

function run(venue: Venue, account: number, command: Command): void {
  const last = defined(venue.market(SYMBOL), SYMBOL).lastPrice;
  if (command.kind === 'place') {
    venue.place(account, requestOf(command, last));
  } else if (command.kind === 'stop') {
    const at = (distance: number) => ({ price: ticks(last + distance), by: 'last' as const });
    const trailingStop = command.trail === 0 ? 0 : { distance: ticks(command.trail), activation: undefined };
    venue.setTradingStop(account, SYMBOL, { takeProfit: at(command.takeProfit), stopLoss: at(command.stopLoss), trailingStop });
  } else {
    const open = venue.openOrders(account);
    const order = open[command.pick % Math.max(1, open.length)];
    if (order === undefined) return;
    if (command.kind === 'cancel') venue.cancel(account, ref(order));
    else venue.amend(account, { ...ref(order), price: ticks(START + command.offset), quantity: lots(command.quantity) });
  }
}

const signed = ({ side, quantity }: Pick<VenueExecution, 'side' | 'quantity'>): number => (side === 'buy' ? quantity : 0 - quantity);

describe('a market of clients alone, with self-match prevention, stops and reduce-only orders', () => {
  it('keeps every lot and every atom, and never crosses', () => {
    fc.assert(
      fc.property(session, (commands) => {
        const { venue } = quietVenue({ accounts: ACCOUNTS.length });
        const market = defined(venue.market(SYMBOL), SYMBOL);
        for (const { account, command } of commands) {
          run(venue, account, command);
          expect(market.book.isCrossed).toBe(false);
        }
        const positions = ACCOUNTS.map((account) => venue.position(account, SYMBOL));
        const wallets = ACCOUNTS.map((account) => venue.wallet(account));
        const house = positions.reduce((sum, { fees }) => sum + fees, 0);
        expect(positions.reduce((sum, each) => sum + each.quantity, 0)).toBe(0);
        expect(wallets.reduce((sum, { equity }) => sum + equity - DEPOSIT, 0) + house).toBe(0);
        expect(house).toBe(ACCOUNTS.flatMap((account) => venue.executions(account)).reduce((sum, { fee }) => sum + fee, 0));
        for (const account of ACCOUNTS) checkAccount(venue, account);
        checkBook(venue);
      }),
      { numRuns: 150 },
    );
  });
});

function checkAccount(venue: Venue, account: number): void {
  const executions = venue.executions(account);
  const position = venue.position(account, SYMBOL);
  const { instrument, markPrice } = defined(venue.market(SYMBOL), SYMBOL);
  expect(position.quantity).toBe(executions.reduce((sum, each) => sum + signed(each), 0));
  const cash = executions.reduce((sum, each) => sum - toAtoms(tickLots(signed(each) * each.price), instrument) - each.fee, 0);
  expect(venue.wallet(account).equity).toBe(DEPOSIT + cash + toAtoms(tickLots(position.quantity * markPrice), instrument));
  const orders = [...venue.openOrders(account), ...venue.closedOrders(account)];
  expect(orders.reduce((sum, { filled }) => sum + filled, 0)).toBe(executions.reduce((sum, each) => sum + each.quantity, 0));
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(orders.length);
  for (const { status, quantity, filled } of venue.closedOrders(account)) {
    expect(filled).toBeLessThanOrEqual(quantity);
    expect(status === 'Filled').toBe(filled === quantity && filled > 0);
    if (status === 'Deactivated' || status === 'Rejected') expect(filled).toBe(0);
  }
  for (const order of venue.openOrders(account)) {
    const isOfPosition = order.stopKind !== '' && order.stopKind !== 'Stop' && order.status === 'Untriggered';
    if (isOfPosition) expect(order.side === 'sell' ? order.quantity : 0 - order.quantity).toBe(position.quantity);
    if (!order.reduceOnly || order.status === 'Untriggered') continue;
    expect(order.quantity - order.filled).toBeLessThanOrEqual(order.side === 'sell' ? position.quantity : 0 - position.quantity);
  }
}

/** What rests is what the accounts have open, waiting orders aside. */
function checkBook(venue: Venue): void {
  const { book } = defined(venue.market(SYMBOL), SYMBOL);
  const active = ACCOUNTS.flatMap((account) => venue.openOrders(account)).filter(({ status }) => status !== 'Untriggered');
  const rest = (which: 'buy' | 'sell'): number =>
    active.filter((order) => order.side === which).reduce((sum, order) => sum + order.quantity - order.filled, 0);
  expect(book.bids.quantityBetterThan(ticks(1))).toBe(rest('buy'));
  expect(book.asks.quantityBetterThan(ticks(START * 2))).toBe(rest('sell'));
}
