import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { SymbolState } from '../../../src/execution/symbol-state.ts';
import { ppm, ticks } from '../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { bookOf, BTC } from '../../support/builders.ts';

const MARK = 600_005;

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

  test('needs no ticker while the market stands where it was at the last one, and one as soon as it has moved', async () => {
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
});
