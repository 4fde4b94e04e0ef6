import { describe, expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { SymbolState } from '../../../../src/execution/loop/symbol-state.ts';
import type { Order } from '../../../../src/model/order.ts';
import { lots, ppm, ticks } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { bookOf, BTC, openOrder } from '../../../support/builders/builders.ts';
import { idle, viewOf } from '../../../support/builders/views.ts';

const MARK = 600_005;
const PARTS = { ...viewOf(), ...idle(), orders: [] };

function stateWithBook(clock = new VirtualClock(0)): SymbolState {
  const state = new SymbolState(BTC, { maker: ppm(200), taker: ppm(550) }, clock, resolve({}).settings);
  state.bookArrived(bookOf([[600_000, 10]], [[600_010, 10]]));
  state.priced({ markPrice: ticks(MARK), lastPrice: ticks(MARK) });
  return state;
}

describe('what is known of a symbol', () => {
  test.each([10 * MARK, MARK / 5, 1])('does not believe a price of %d: it would turn into an absurd loss', (absurd) => {
    const state = stateWithBook();
    state.priced({ markPrice: ticks(absurd), lastPrice: ticks(absurd) });
    state.traded([{ price: ticks(absurd), quantity: BTC.minQuantity, side: 'buy', at: 1 }]);
    expect([state.markPrice, state.lastPrice]).toEqual([MARK, MARK]);
    state.bookLost();
    state.priced({ markPrice: ticks(absurd), lastPrice: ticks(absurd) });
    expect([state.markPrice, state.lastPrice]).toEqual([MARK, MARK]);
  });

  test('lets a position enter the day only at a price that the book agrees with', () => {
    const state = new SymbolState(BTC, { maker: ppm(200), taker: ppm(550) }, new VirtualClock(0), resolve({}).settings);
    state.priced({ markPrice: ticks(MARK), lastPrice: undefined });
    expect([state.price, state.entryPrice]).toEqual([MARK, undefined]);
    state.bookArrived(bookOf([[900_000, 10]], [[900_010, 10]]));
    expect(state.entryPrice).toBeUndefined();
    state.priced({ markPrice: ticks(900_004), lastPrice: undefined });
    expect(state.entryPrice).toBe(900_004);
  });

  test('follows a market that moves while there is no book, as soon as there is one', () => {
    const state = stateWithBook();
    state.bookLost();
    state.bookArrived(bookOf([[900_000, 10]], [[900_010, 10]]));
    state.priced({ markPrice: ticks(900_004), lastPrice: undefined });
    expect(state.markPrice).toBe(900_004);
  });

  test('goes by no mark or last price that is older than it may be, nor holds a new one against it', async () => {
    const clock = new VirtualClock(0);
    const state = stateWithBook(clock);
    await clock.run(sleep(clock, 15_000));
    expect([state.markPrice, state.lastPrice]).toEqual([MARK, MARK]);
    await clock.run(sleep(clock, 1));
    expect([state.markPrice, state.lastPrice]).toEqual([undefined, undefined]);
    // The book is as old as they are.
    state.priced({ markPrice: ticks(700_000), lastPrice: undefined });
    expect([state.markPrice, state.lastPrice]).toEqual([700_000, undefined]);
  });

  test('needs no new ticker while the market has not moved since the last one, but one as soon as it has', async () => {
    const clock = new VirtualClock(0);
    const state = stateWithBook(clock);
    const [still, lower] = [bookOf([[600_000, 10]], [[600_010, 10]]), bookOf([[595_200, 10]], [[595_210, 10]])];
    const goesOn = async (book: typeof still, seconds: number): Promise<void> => {
      for (let i = 0; i < 2 * seconds; i += 1) {
        await sleep(clock, 500);
        state.bookArrived(book);
      }
    };
    await clock.run(goesOn(still, 60));
    expect([state.markPrice, state.isMarkPriceOld]).toEqual([MARK, false]);
    await clock.run(goesOn(lower, 16));
    expect([state.markPrice, state.isMarkPriceOld]).toEqual([undefined, true]);
    state.priced({ markPrice: ticks(595_205), lastPrice: undefined });
    expect([state.markPrice, state.isMarkPriceOld]).toEqual([595_205, false]);
  });

  test('counts our own orders to no market, nor what a late book still shows of them', () => {
    // 20 bps wide, our lot 5 bps inside.
    const shown = bookOf(
      [
        [599_700, 1],
        [599_400, 100],
      ],
      [[600_600, 100]],
    );
    const order = openOrder({ price: ticks(599_700), quantity: lots(1) });
    const live: Order[] = [order];
    const state = new SymbolState(BTC, { maker: ppm(200), taker: ppm(550) }, new VirtualClock(0), resolve({}).settings, () => live);
    const seen = () => [state.mid(), state.view(PARTS).others?.bids.level(0)?.price];
    state.bookArrived(shown, 1000);
    expect(seen()).toEqual([600_000, 599_400]);
    live.length = 0;
    state.ownChanged(order, { ...order, state: { tag: 'canceled', reason: '' } }, 1010);
    expect(seen()).toEqual([600_000, 599_400]);
    state.bookArrived(shown, 1010);
    expect(seen()).toEqual([600_150, 599_700]);
  });

  test.each([
    [300, 20, 100],
    [120, 3, 120],
  ])(
    'sees a fall of %i bps in %i s as a move, although the volatility of a trend is next to nothing',
    async (fallBps, seconds, leastBps) => {
      const clock = new VirtualClock(0);
      const state = stateWithBook(clock);
      const falls = async (): Promise<void> => {
        for (let i = 1; i <= 10 * seconds; i += 1) {
          await sleep(clock, 100);
          const bid = Math.round(600_000 * (1 - (fallBps * i) / (10 * seconds) / 10_000));
          state.bookArrived(bookOf([[bid, 10]], [[bid + 10, 10]]));
        }
      };
      await clock.run(falls());
      const { moveBps, volatility } = state.view(PARTS);
      expect(moveBps).toBeGreaterThan(leastBps - 1);
      expect(volatility.perSampleBps).toBeLessThan(resolve({}).settings.risk.hardVolatilityBps);
    },
  );
});
