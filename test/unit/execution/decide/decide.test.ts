import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../../src/config/fields.ts';
import { resolve } from '../../../../src/config/resolve.ts';
import { decide } from '../../../../src/execution/decide/decide.ts';
import type { Decision } from '../../../../src/execution/decide/decision.ts';
import type { SymbolView } from '../../../../src/execution/decide/view.ts';
import { isLive, newOrderState, transition, type Order, type Side } from '../../../../src/model/order.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { atoms, lots, tickLots, ticks } from '../../../../src/model/units.ts';
import { bookOf, openOrder, BTC } from '../../../support/builders/builders.ts';
import { idle, viewOf, volatilityOf } from '../../../support/builders/views.ts';

const { settings } = resolve({});

function quoting(terms: Partial<Settings['quoting']>): Settings {
  return { ...settings, quoting: { ...settings.quoting, ...terms } };
}

function turn(terms: Partial<SymbolView> = {}, given: Settings = settings): Decision {
  let ids = 0;
  return decide(viewOf(terms), given, () => `mm-${(ids += 1)}`);
}

const RESTING: Order[] = [
  openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_760), quantity: lots(3) }),
  openOrder({ clientOrderId: 'a', side: 'sell', price: ticks(600_240), quantity: lots(3) }),
];
const live = (orders: readonly Order[], agedMs = 100) => orders.map((order) => ({ order, agedMs }));

describe('decide', () => {
  test('quotes both sides post-only around fair value', () => {
    const { plan, hold } = turn();
    expect(hold).toBeUndefined();
    expect(plan.places.map(({ side, price, quantity, postOnly }) => [side, price, quantity, postOnly])).toEqual([
      ['buy', 599_760, 3, true],
      ['sell', 600_240, 3, true],
    ]);
  });

  test('what may be held beyond what is known narrows its side at once, and takes back what rests there too much', () => {
    // 20,000 USD are 333 lots.
    const given = { ...settings, risk: { ...settings.risk, softInventoryRatio: 1, hardInventoryRatio: 1 } };
    const sides = (held: SymbolView['held']) => turn({ held }, given).plan.places.map(({ side }) => side);
    expect(sides({ low: lots(0), high: lots(330) })).toEqual(['buy', 'sell']);
    expect(sides({ low: lots(0), high: lots(333) })).toEqual(['sell']);
    expect(sides({ low: lots(-333), high: lots(0) })).toEqual(['buy']);
    expect(sides({ low: lots(-333), high: lots(333) })).toEqual([]);
    const cancels = (held: SymbolView['held']) => turn({ held, orders: live(RESTING) }, given).plan.cancels.map(({ side }) => side);
    expect([cancels({ low: lots(0), high: lots(330) }), cancels({ low: lots(-331), high: lots(331) })]).toEqual([[], ['buy', 'sell']]);
  });

  test('quotes the same whether or not the book shows our own orders', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 5000 }));
    const side = fc.uniqueArray(level, { selector: ([offset]) => offset, minLength: 1, maxLength: 8 });
    const ours = fc.array(
      fc.record({ side: fc.constantFrom<Side>('buy', 'sell'), offset: fc.integer({ min: 1, max: 900 }), quantity: fc.nat(400) }),
      {
        maxLength: 6,
      },
    );
    const kind = fc.constantFrom<Settings['quoting']['fairValue']>('micro', 'mid', 'imbalance');
    fc.assert(
      fc.property(side, side, ours, kind, fc.boolean(), (bids, asks, resting, fairValue, adaptive) => {
        const levels = (rows: readonly (readonly [number, number])[], away: 1 | -1) =>
          rows.map(([offset, quantity]) => [600_000 + away * offset, quantity] as const);
        const theirs = bookOf(levels(bids, -1), levels(asks, 1));
        const shown = bookOf(levels(bids, -1), levels(asks, 1));
        const orders = resting.map(({ side: its, offset, quantity }, i) => {
          const price = ticks(600_000 + (its === 'buy' ? -offset : offset));
          const levelOf = its === 'buy' ? shown.bids : shown.asks;
          levelOf.set(price, lots(levelOf.quantityAt(price) + quantity + 1));
          return openOrder({ clientOrderId: `mm-${i}`, side: its, price, quantity: lots(quantity + 1) });
        });
        const given = quoting({ fairValue, adaptive, queueNudgeMaxBps: 10, levels: 3, impactCapRatio: 0.1 });
        const alone = turn({ book: theirs }, given).explanation;
        const { kept, waiting, riskRatio } = alone;
        // Only what becomes of the orders is another matter.
        expect({ ...turn({ book: shown, orders: live(orders) }, given).explanation, kept, waiting, riskRatio }).toEqual(alone);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps what rests where it should', () => {
    expect(turn({ orders: live(RESTING) }).plan).toEqual({ cancels: [], amends: [], places: [] });
  });

  test('moves an old order even for a tick, a young one only for the threshold', () => {
    const near = [openOrder({ clientOrderId: 'b', side: 'buy', price: ticks(599_759), quantity: lots(3) }), ...RESTING.slice(1)];
    expect(turn({ orders: live(near, 100) }).plan.amends).toEqual([]);
    expect(turn({ orders: live(near, 701) }).plan.amends.map(({ clientOrderId, price }) => [clientOrderId, price])).toEqual([
      ['b', 599_760],
    ]);
  });

  test('does not take a young order out of its queue for a better place in it alone', () => {
    // A wall of our side at 599,780, within half a basis point of where the quote would be.
    const book = bookOf(
      [
        [599_999, 100],
        [599_780, 5000],
        [599_700, 10],
      ],
      [[600_001, 100]],
    );
    const given = { book, orders: live(RESTING, 100) };
    expect(turn(given).explanation).toMatchObject({ bidNudgeCentiBps: 36, askNudgeCentiBps: 0 });
    expect(turn(given).plan.amends).toEqual([]);
    expect(turn({ ...given, orders: live(RESTING, 200) }).plan.amends).toMatchObject([{ clientOrderId: 'b', price: 599_781 }]);
  });

  test.each([
    ['no_book', { book: undefined }],
    ['stale_book', { bookAgeMs: 1501 }],
    ['stale_book', { bookAgeMs: Number.NaN }],
    ['crossed_or_empty_book', { book: bookOf([[600_002, 1]], [[600_001, 1]]) }],
    ['move_hard', { moveBps: 100 }],
    ['private_stream_down', { heldBy: 'private_stream_down' }],
    ['frozen', { trading: { mode: 'frozen' as const, reason: 'x', at: 0 } }],
    ['volatility_hard', { volatility: volatilityOf(30) }],
    ['pnl_unknown', { account: { openOrders: 0, openNotional: atoms(0), dayPnlUsd: undefined, ordersToday: 0 } }],
    ['volatility_unknown', { volatility: volatilityOf(Number.NaN) }],
    ['not_trading', { instrument: { ...BTC, status: 'other' as const } }],
  ])('pulls every quote on %s', (hold, terms) => {
    const decision = turn({ ...terms, orders: live(RESTING) });
    expect(decision.hold).toBe(hold);
    expect(decision.plan.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['b', 'a']);
    expect([...decision.plan.places, ...decision.plan.amends]).toEqual([]);
  });

  test.each([
    ['daily_loss', { account: { openOrders: 0, openNotional: atoms(0), dayPnlUsd: -1000, ordersToday: 0 } }],
    ['fill_burst', { activity: idle({ fillsInBurst: 101 }) }],
    ['reject_brake_sell', { activity: idle({ rejectsInRow: { buy: 0, sell: 10 } }) }],
  ])('freezes on %s and pulls every quote', (reason, terms) => {
    const decision = turn({ ...terms, orders: live(RESTING) });
    expect(decision).toMatchObject({ freeze: reason, hold: reason, plan: { places: [], amends: [] } });
    expect(decision.plan.cancels).toHaveLength(2);
  });

  test('beyond the hard inventory only the side that shrinks the position is quoted', () => {
    const position = { ...FLAT, quantity: lots(50), cost: tickLots(50 * 600_000) };
    const { plan, denied } = turn({ position });
    expect(plan.places.map(({ side }) => side)).toEqual(['sell']);
    expect(denied).toEqual([]);
    expect(turn({ position, orders: live(RESTING) }).plan.cancels.map(({ clientOrderId }) => clientOrderId)).toEqual(['b']);
  });

  test('orders that reduce more than is held follow the price: what shrinks goes first, and makes room for the others', () => {
    const position = { ...FLAT, quantity: lots(8), cost: tickLots(8 * 600_000) };
    const held = { ...settings, quoting: { ...settings.quoting, levels: 3, maxInFlight: 2 } };
    const given = { ...held, risk: { ...settings.risk, maxPositionUsd: 2000, maxOrderUsd: 2000 } };
    let orders = [600_800, 600_900, 601_000].map((price, i) =>
      openOrder({ clientOrderId: `a${i}`, side: 'sell', price: ticks(price), quantity: lots(3) }),
    );
    const amended: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { plan, explanation } = turn({ position, orders: live(orders, 5000) }, given);
      expect(explanation.guard).toBe('inventory_hard');
      amended.push(plan.amends.length);
      orders = orders.map((order) => ({ ...order, ...plan.amends.find(({ clientOrderId }) => clientOrderId === order.clientOrderId) }));
    }
    expect(orders.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(8);
    expect(Math.max(...orders.map(({ price }) => price))).toBeLessThan(600_800);
    expect(amended.at(-1)).toBe(0);
  });

  test('in trading state reducing nothing enlarges the position, and nothing is quoted without one', () => {
    const trading = { mode: 'reducing' as const, reason: 'operator' };
    expect(turn({ trading }).plan.places).toEqual([]);
    const position = { ...FLAT, quantity: lots(-2), cost: tickLots(-2 * 600_000) };
    expect(turn({ trading, position }).plan.places.map(({ side, quantity }) => [side, quantity])).toEqual([['buy', 2]]);
  });

  test('at level soft it quotes smaller and wider', () => {
    const { plan, explanation } = turn({ volatility: volatilityOf(16) });
    expect(explanation.guard).toBe('volatility_soft');
    expect(plan.places.map(({ price, quantity }) => [price, quantity])).toEqual([
      [599_640, 1],
      [600_360, 1],
    ]);
  });

  test('a level outlives the turn that reached it, through the memory it leaves', () => {
    const first = turn({ volatility: volatilityOf(16) });
    expect(turn({ volatility: volatilityOf(14), memory: first.memory }).explanation.guard).toBe('volatility_soft');
    expect(turn({ volatility: volatilityOf(14) }).explanation.guard).toBeUndefined();
    expect(turn({ volatility: volatilityOf(13), memory: first.memory }).explanation.guard).toBeUndefined();
  });

  test('the adaptive spread widens with volatility in steps, and says what it was made from', () => {
    const given = quoting({ adaptive: true, baseSpreadBps: 0.85 });
    const calm = turn({ volatility: volatilityOf(0) }, given);
    expect(calm.explanation).toMatchObject({ scores: { volatility: 0, latency: 0 }, halfSpreadBps: (calm.memory.adaptive?.bps ?? 0) / 2 });
    const wild = { volatility: volatilityOf(7.5), memory: calm.memory };
    expect(turn({ ...wild, at: 10_100 }, given).memory.adaptive).toEqual(calm.memory.adaptive);
    const later = turn({ ...wild, at: 10_200 }, given).memory.adaptive;
    expect((later?.bps ?? 0) - (calm.memory.adaptive?.bps ?? 0)).toBeCloseTo(0.2, 12);
    expect(turn({}, quoting({ adaptive: false })).memory.adaptive).toBeUndefined();
  });

  test('after a refused post-only order its side keeps its distance', () => {
    const tight = quoting({ baseSpreadBps: 0.1, feeFloor: false });
    const places = (shy: boolean) => turn({ activity: idle({ postOnlyBackoff: { buy: shy, sell: false } }) }, tight).plan.places;
    expect(places(false).map(({ price }) => price)).toEqual([599_997, 600_003]);
    expect(places(true).map(({ price }) => price)).toEqual([599_911, 600_003]);
  });

  test('changes wait for the interval, the replace rate and the requests on the way; cancels do not', () => {
    const busy = idle({ lastChangeAt: 9_990 });
    expect(turn({ activity: busy }).plan.places).toEqual([]);
    expect(turn({ activity: idle({ inFlight: 1 }) }).plan.places).toHaveLength(1);
    expect(turn({ activity: idle({ placeRoom: 0 }) }).plan.places).toEqual([]);
    const waiting = (terms: Partial<SymbolView['activity']>) => turn({ activity: idle(terms) }).explanation.waiting;
    const both = { buy: { places: 1, moves: 0 }, sell: { places: 1, moves: 0 }, moves: [] };
    expect(turn({ activity: busy }).explanation.waiting).toEqual({ budget: 'minIntervalMs', ...both });
    expect(waiting({ inFlight: 2 })).toEqual({ budget: 'maxInFlight', ...both });
    expect(waiting({ placeRoom: 0 })).toEqual({ budget: 'replacesPerMinute', ...both });
    expect(waiting({ placeRoom: 0, isLaneScarce: { place: true, amend: true } })).toEqual({ budget: 'opsPerSecond', ...both });
    expect(turn().explanation.waiting).toBeUndefined();
    expect(turn({ activity: busy, book: undefined, orders: live(RESTING) }).plan.cancels).toHaveLength(2);
  });

  test('what waits names every move that was wanted, also those that leave', () => {
    const far = RESTING.map((order) => ({ ...order, price: ticks(order.price + 500) }));
    const { plan, explanation } = turn({ orders: live(far), activity: idle({ amendRoom: 1 }) });
    expect(plan.amends).toHaveLength(1);
    expect(explanation.waiting?.moves.map(({ order, to }) => [order.clientOrderId, to.price])).toEqual([
      ['b', 599_760],
      ['a', 600_240],
    ]);
  });

  test('what is short goes to the levels nearest to fair value, on both sides', () => {
    const ladder = quoting({ levels: 3, maxInFlight: 2 });
    expect(turn({}, ladder).plan.places.map(({ side, price }) => [side, price])).toEqual([
      ['buy', 599_760],
      ['sell', 600_240],
    ]);
    expect(turn({}, quoting({ levels: 3, maxInFlight: 6 })).plan.places).toHaveLength(6);
  });

  test('for any orders that are open, in doubt or in flight, our bids stay below our asks and outside the market', () => {
    const order = fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      offset: fc.integer({ min: 1, max: 300 }),
      quantity: fc.integer({ min: 1, max: 40 }),
      state: fc.constantFrom('open', 'pending', 'unknown', 'amending', 'canceling'),
      agedMs: fc.integer({ min: 0, max: 2000 }),
    });
    const given = quoting({ levels: 3, maxInFlight: 50, baseSpreadBps: 0.85, levelSpacingBps: 0.4 });
    fc.assert(
      fc.property(
        fc.array(order, { maxLength: 8 }),
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: -100, max: 100 }),
        fc.constantFrom('spread' as const, 'avellaneda-stoikov' as const, 'glft' as const),
        (rows, held, drift, model) => {
          const orders = rows.map(({ side, offset, quantity, state, agedMs }, i) => {
            const terms = {
              clientOrderId: `o${i}`,
              side,
              price: ticks(600_000 + (side === 'buy' ? -offset : offset)),
              quantity: lots(quantity),
            };
            return { order: inState(openOrder(terms), state), agedMs };
          });
          const book = bookOf([[599_999 + drift, 5000]], [[600_001 + drift, 5000]]);
          const position = { ...FLAT, quantity: lots(held), cost: tickLots(held * 600_000) };
          const decision = turn({ orders, position, book }, { ...given, quoting: { ...given.quoting, model } });
          const canceled = new Set(decision.plan.cancels);
          const prices = { buy: [] as number[], sell: [] as number[] };
          // An order counts until it is proven gone, an amend with both of its prices.
          for (const { order: each } of orders) if (isLive(each) && !canceled.has(each)) prices[each.side].push(each.price);
          for (const place of decision.plan.places) prices[place.side].push(place.price);
          for (const amend of decision.plan.amends) {
            const side = orders.find(({ order: each }) => each.clientOrderId === amend.clientOrderId)?.order.side ?? 'buy';
            prices[side].push(amend.price);
          }
          expect(Math.max(...prices.buy)).toBeLessThan(Math.min(...prices.sell));
          for (const each of decision.plan.places) {
            expect(each.side === 'buy' ? each.price <= 600_000 + drift : each.price >= 600_000 + drift).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

function inState(order: Order, state: string): Order {
  if (state === 'pending') return newOrderState(order, 0);
  if (state === 'unknown') return transition(newOrderState(order, 0), { type: 'outcomeUnknown' }, 0);
  if (state === 'amending')
    return transition(order, { type: 'amendSent', terms: { price: order.price, quantity: lots(order.quantity + 1) } }, 0);
  return state === 'canceling' ? transition(order, { type: 'cancelSent' }, 0) : order;
}
