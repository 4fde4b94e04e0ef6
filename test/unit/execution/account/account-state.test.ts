import { expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { DayFold } from '../../../../src/execution/account/account-day.ts';
import { AccountState } from '../../../../src/execution/account/account-state.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { SymbolState } from '../../../../src/execution/loop/symbol-state.ts';
import { foldedJournal } from '../../../../src/execution/orders/watched-journal.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { lots, ppm, ticks } from '../../../../src/model/units.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { bookOf, BTC } from '../../../support/builders/builders.ts';
import { NO_JOURNAL } from '../../../../src/store/no-journal.ts';

/** One tick times one lot, USD. */
const UNIT = 0.1 * 0.001;

test('a symbol enters the day at its own first price, also while another one has none: a loss in between is one of the day', () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 2, 12));
  const store = new OrderStore();
  const day = new DayFold();
  const stateOf = (symbol: string): SymbolState =>
    new SymbolState({ ...BTC, symbol }, { maker: ppm(200), taker: ppm(550) }, clock, resolve({}).settings);
  const [silent, other] = [stateOf('BTCUSDT'), stateOf('ETHUSDT')];
  const states = new Map([
    ['BTCUSDT', silent],
    ['ETHUSDT', other],
  ]);
  for (const symbol of states.keys()) store.startFrom(symbol, { ...FLAT, quantity: lots(10) }, undefined);
  const account = new AccountState({ store, states, day, journal: foldedJournal(NO_JOURNAL, day), exchange: clock, clock });
  account.adoptDay();
  const priced = (state: SymbolState, price: number): void => {
    state.bookArrived(bookOf([[price - 5, 10]], [[price + 5, 10]]));
    state.priced({ markPrice: ticks(price), lastPrice: ticks(price) });
  };
  priced(other, 600_000);
  expect(account.view().dayPnlUsd).toBeUndefined();
  priced(other, 590_000);
  expect(account.view().dayPnlUsd).toBeUndefined();
  priced(silent, 300_000);
  expect(account.view().dayPnlUsd).toBeCloseTo(-10 * 10_000 * UNIT, 6);
});
