import type { BookView, MarketView } from '../../model/book.ts';
import type { FeeRates, Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { Held, Position } from '../../model/position.ts';
import type { Atoms, Ticks } from '../../model/units.ts';
import type { EdgeReading } from '../../risk/edge.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import type { FlowReading } from '../../strategy/flow.ts';
import type { AgedOrder } from '../../strategy/order-diff.ts';
import type { VolatilityReading } from '../../strategy/volatility.ts';
import type { TurnMemory } from './decision.ts';

/** The complete input of one turn for one symbol. The turn never changes it. */
export interface SymbolView {
  /** Monotonic, ms. */
  readonly at: number;
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  /** Undefined without a reliable book. */
  readonly book: BookView | undefined;
  /** Time since the last book update, ms. */
  readonly bookAgeMs: number;
  /** Mark price and last price are undefined when older than risk.stalePriceMs. */
  readonly markPrice: Ticks | undefined;
  readonly lastPrice: Ticks | undefined;
  /** Volatility of the mid, sampled every risk.volatilitySampleMs. */
  readonly volatility: VolatilityReading;
  /** How far the mid has moved within risk.moveWindowMs, bps. */
  readonly moveBps: number;
  /** How deep market orders reach. */
  readonly flow: FlowReading;
  /** The edge of our recent fills. */
  readonly edge: EdgeReading;
  /** The position from our fills. */
  readonly position: Position;
  /** The range in which the position may lie, according to all sources. */
  readonly held: Held;
  /** Our orders of this symbol that are or may be live (pending, unknown, open), oldest first. */
  readonly orders: readonly AgedOrder[];
  /** The book for pricing: without our orders, and without closed ones that it may still show. Undefined without a reliable book. */
  readonly others: MarketView | undefined;
  readonly activity: Activity;
  readonly account: AccountView;
  readonly trading: TradingState;
  /** Why the loop must not quote now, independent of the market (stream down, reconciling), as a snake_case code. */
  readonly heldBy: string | undefined;
  readonly memory: TurnMemory;
}

/** Our own recent activity on this symbol. */
export interface Activity {
  /** Monotonic time of the last create or amend; -Infinity before the first. */
  readonly lastChangeAt: number;
  /** Creates and amends that may be sent now, within the replace rate and without waiting in their lanes. */
  readonly placeRoom: number;
  readonly amendRoom: number;
  /** Whether the lane of the exchange's limit leaves less room than the replace rate. */
  readonly isLaneScarce: Readonly<Record<'place' | 'amend', boolean>>;
  /** Requests queued, or sent without a response yet. */
  readonly inFlight: number;
  /** Taker fills in the last 15 minutes. */
  readonly takerFills: number;
  /** Fills in the last risk.fillBurstMs. */
  readonly fillsInBurst: number;
  /** Refused orders since the last one that rested, by side. */
  readonly rejectsInRow: Readonly<Record<Side, number>>;
  /** True shortly after the exchange refused a post-only order of that side because it would have taken liquidity. */
  readonly postOnlyBackoff: Readonly<Record<Side, boolean>>;
  /** 95th percentile over the last 60 s of the time from decision to acknowledgment, ms; 0 without samples. */
  readonly latencyP95Ms: number;
}

/** Totals over all symbols. */
export interface AccountView {
  readonly openOrders: number;
  /** Value of all live orders, settle coin. */
  readonly openNotional: Atoms;
  /** Orders sent since midnight UTC. */
  readonly ordersToday: number;
  /** Realized + unrealized - fees - funding since midnight UTC, settle coin; undefined while a position has no price. */
  readonly dayPnlUsd: number | undefined;
}
