import { notional, toAtoms } from '../model/instrument.ts';
import { openQuantity } from '../model/order.ts';
import { atoms } from '../model/units.ts';
import type { Clock } from '../util/clock.ts';
import type { OrderStore } from './order-store.ts';
import type { SymbolState } from './symbol-state.ts';
import type { AccountView } from './view.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What all traded symbols come to together. */
export class AccountState {
  readonly #store: OrderStore;
  readonly #states: ReadonlyMap<string, SymbolState>;
  readonly #clock: Clock;
  #day = Number.NaN;
  #pnlAtDayStart = 0;
  #ordersToday = 0;

  constructor(store: OrderStore, states: ReadonlyMap<string, SymbolState>, clock: Clock) {
    this.#store = store;
    this.#states = states;
    this.#clock = clock;
  }

  /** An order left for the exchange. */
  placed(): void {
    this.#ordersToday += 1;
  }

  view(): AccountView {
    let openOrders = 0;
    let openNotional = 0;
    let pnlUsd = 0;
    for (const [symbol, state] of this.#states) {
      const orders = this.#store.live(symbol);
      openOrders += orders.length;
      for (const order of orders) openNotional += toAtoms(notional(order.price, openQuantity(order)), state.instrument);
      pnlUsd += state.pnlUsd(this.#store.position(symbol));
    }
    this.#turnDay(pnlUsd);
    return { openOrders, openNotional: atoms(openNotional), dayPnlUsd: pnlUsd - this.#pnlAtDayStart, ordersToday: this.#ordersToday };
  }

  /** Days begin at midnight UTC; the first one with the run. */
  #turnDay(pnlUsd: number): void {
    const day = Math.floor(this.#clock.now() / DAY_MS);
    if (day === this.#day) return;
    if (!Number.isNaN(this.#day)) {
      this.#pnlAtDayStart = pnlUsd;
      this.#ordersToday = 0;
    }
    this.#day = day;
  }
}
