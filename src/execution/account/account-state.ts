import type { Exchange } from '../../exchange/exchange.ts';
import { notional, toAtoms, type Instrument } from '../../model/instrument.ts';
import { openQuantity, type Order } from '../../model/order.ts';
import { atoms } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';
import { dayPnl, entered, heldAfter, onGrid, pnlLeft, type DayFold } from './account-day.ts';
import type { SymbolDay } from './day.ts';
import type { Journal } from '../journal.ts';
import type { OrderStore } from '../orders/order-store.ts';
import type { SymbolState } from '../loop/symbol-state.ts';
import type { AccountView } from '../decide/view.ts';

export interface AccountParts {
  readonly store: OrderStore;
  readonly states: ReadonlyMap<string, SymbolState>;
  /** Computed from the records appended to `journal` and from earlier runs. */
  readonly day: DayFold;
  readonly journal: Journal;
  /** Its clock determines the day, because the local one may be changed. The monotonic clock bounds how fast days can pass. */
  readonly exchange: Pick<Exchange, 'now'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** A clock step of more than this is not drift, and does not start a new day. */
const DRIFT_MS = 60_000;

/** Totals over all traded symbols. */
export class AccountState {
  readonly #parts: AccountParts;
  /** Symbols whose opening of the day `#enteredDay` was recorded in this run. */
  readonly #entered = new Set<string>();
  #enteredDay = 0;
  /** By symbol: the live orders and the instrument that `value` was computed from. */
  readonly #values = new Map<string, { readonly orders: readonly Order[]; readonly instrument: Instrument; readonly value: number }>();
  /** Offset of the exchange's clock from our monotonic one; later, at most this plus the drift allowance is accepted. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Must be called once the exchange's time is known, before this run adds anything to the day. */
  adoptDay(): void {
    const { states, day, exchange, clock } = this.#parts;
    this.#aheadMs = exchange.now() - clock.monotonic();
    for (const [symbol, { instrument }] of states) if (day.symbols.has(symbol)) this.#write(symbol, onGrid(day.of(symbol), instrument));
  }

  view(): AccountView {
    const { states, store, day } = this.#parts;
    let openOrders = 0;
    let openNotional = 0;
    for (const [symbol, { instrument }] of states) {
      const orders = store.live(symbol);
      openOrders += orders.length;
      openNotional += this.#notionalOf(symbol, orders, instrument);
    }
    const dayPnlUsd = this.#dayPnl();
    return { openOrders, openNotional: atoms(openNotional), dayPnlUsd, ordersToday: day.orders };
  }

  /** Computed only when the orders or the instrument have changed. */
  #notionalOf(symbol: string, orders: readonly Order[], instrument: Instrument): number {
    const known = this.#values.get(symbol);
    if (known?.orders === orders && known.instrument === instrument) return known.value;
    const value = orders.reduce((sum, order) => sum + toAtoms(notional(order.price, openQuantity(order)), instrument), 0);
    this.#values.set(symbol, { orders, instrument, value });
    return value;
  }

  #dayPnl(): number | undefined {
    const { states, day, exchange, clock } = this.#parts;
    day.turn(Math.min(exchange.now(), clock.monotonic() + this.#aheadMs + DRIFT_MS));
    if (day.day !== this.#enteredDay) this.#entered.clear();
    this.#enteredDay = day.day;
    // Each symbol's opening is recorded as soon as possible, even while another symbol has no price.
    let sum: number | undefined = 0;
    for (const [symbol, state] of states) {
      const pnl = this.#pnlOf(symbol, state);
      sum = sum === undefined || pnl === undefined ? undefined : sum + pnl;
    }
    if (sum === undefined) return undefined;
    for (const [symbol, left] of day.symbols) if (!states.has(symbol)) sum += pnlLeft(left);
    return sum;
  }

  #pnlOf(symbol: string, { price, entryPrice, instrument }: SymbolState): number | undefined {
    const { day, store } = this.#parts;
    const { quantity } = store.position(symbol);
    const known = day.of(symbol);
    if (!this.#entered.has(symbol) || heldAfter(known) !== quantity) {
      const entry = entered(known, instrument, quantity, entryPrice);
      if (entry === undefined) return undefined;
      this.#write(symbol, entry);
      this.#entered.add(symbol);
    }
    return dayPnl(day.of(symbol), quantity, price);
  }

  #write(symbol: string, of: SymbolDay): void {
    const { journal, exchange, day } = this.#parts;
    journal.append({ type: 'day', at: exchange.now(), day: day.day, symbol, of });
  }
}
