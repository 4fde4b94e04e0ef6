import type { BookView } from '../model/book.ts';
import type { FeeRates, Instrument } from '../model/instrument.ts';
import type { Order } from '../model/order.ts';
import type { Position } from '../model/position.ts';
import type { Atoms, Ticks } from '../model/units.ts';
import type { TradingState } from '../risk/trading-state.ts';

/** All that one turn may know of one symbol: observed before it, never changed by it. */
export interface SymbolView {
  /** Monotonic, ms. */
  readonly at: number;
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  /** Undefined while there is none to be trusted. */
  readonly book: BookView | undefined;
  /** Since the book last arrived, ms. */
  readonly bookAgeMs: number;
  readonly markPrice: Ticks | undefined;
  readonly lastPrice: Ticks | undefined;
  /** Of the mid, bps per sample (risk.volatilitySampleMs). */
  readonly volatilityBps: number;
  readonly position: Position;
  /** Ours, on this symbol, that are or may be live (pending, unknown, open), oldest first. */
  readonly orders: readonly LiveOrder[];
  readonly activity: Activity;
  readonly account: AccountView;
  readonly trading: TradingState;
  /** Why the loop will not quote now whatever the market says (a stream is down, reconciling); a snake_case word. */
  readonly heldBy: string | undefined;
}

/** `agedMs`: since the order's terms were last confirmed. */
export interface LiveOrder {
  readonly order: Order;
  readonly agedMs: number;
}

/** What we did lately on this symbol. */
export interface Activity {
  /** Monotonic time of the last create or amend; -Infinity before the first. */
  readonly lastChangeAt: number;
  /** Creates and amends that may leave now: by the replace rate, and without waiting in their lanes. */
  readonly placeRoom: number;
  readonly amendRoom: number;
  /** Requests sent and not answered yet. */
  readonly inFlight: number;
  /** Taker fills in the last 15 minutes. */
  readonly takerFills: number;
  /** 95th percentile of due-to-ack, ms, of the last 60 s; 0 without samples. */
  readonly latencyP95Ms: number;
}

/** Over all symbols. */
export interface AccountView {
  readonly openOrders: number;
  /** Value of all live orders, settle coin. */
  readonly openNotional: Atoms;
  /** Orders sent since the day began (UTC). */
  readonly ordersToday: number;
  /** Realised + unrealised - fees since the day began (UTC), settle coin. */
  readonly dayPnlUsd: number;
}
