import type { BookView } from '../../model/book.ts';
import type { FeeRates, Instrument } from '../../model/instrument.ts';
import type { Order, Side } from '../../model/order.ts';
import type { Held, Position } from '../../model/position.ts';
import type { Atoms, Ticks } from '../../model/units.ts';
import type { EdgeReading } from '../../risk/edge.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import type { FlowReading } from '../../strategy/flow.ts';
import type { RestingOrder } from '../../strategy/order-diff.ts';
import type { VolatilityReading } from '../../strategy/volatility.ts';
import type { TurnMemory } from './decision.ts';

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
  /** Undefined when it is older than risk.stalePriceMs, like the last price. */
  readonly markPrice: Ticks | undefined;
  readonly lastPrice: Ticks | undefined;
  /** Of the mid, sampled every risk.volatilitySampleMs. */
  readonly volatility: VolatilityReading;
  /** How far the mid has come within risk.moveWindowMs, bps. */
  readonly moveBps: number;
  /** How deep the market's own orders reach. */
  readonly flow: FlowReading;
  /** What our recent fills were worth. */
  readonly edge: EdgeReading;
  /** What our fills add up to. */
  readonly position: Position;
  /** What may be held by all that any source has shown. */
  readonly held: Held;
  /** Ours, on this symbol, that are or may be live (pending, unknown, open), oldest first. */
  readonly orders: readonly RestingOrder[];
  /** Ours that the book shows, those that are gone and that it may still show among them: they are no part of the market. */
  readonly shown: readonly Order[];
  readonly activity: Activity;
  readonly account: AccountView;
  readonly trading: TradingState;
  /** Why the loop will not quote now whatever the market says (a stream is down, reconciling); a snake_case word. */
  readonly heldBy: string | undefined;
  readonly memory: TurnMemory;
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
  /** In the last risk.fillBurstMs. */
  readonly fillsInBurst: number;
  /** Refusals since the last order that rested. */
  readonly rejectsInRow: Readonly<Record<Side, number>>;
  /** The exchange has just refused a post-only order of that side because it would have taken. */
  readonly isShy: Readonly<Record<Side, boolean>>;
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
  /** Realised + unrealised - fees - funding since the day began (UTC), settle coin; undefined while the worth of a position is unknown. */
  readonly dayPnlUsd: number | undefined;
}
