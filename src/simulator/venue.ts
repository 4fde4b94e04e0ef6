import type { BookView } from '../model/book.ts';
import type { FeeRates, Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import type { Atoms, Lots, TickLots, Ticks } from '../model/units.ts';
import type { Ledger } from './ledger.ts';

/**
 * The exchange behind its protocol: instruments, books, accounts and the simulated crowd, in integers and
 * without a word of JSON. Requests take effect at once; the surface around it adds delays, signatures and limits.
 */
export interface Venue {
  readonly symbols: readonly string[];
  market(symbol: string): VenueMarket | undefined;

  /** Validates, then matches. Refused: nothing happened. Accepted: events have been published, in order, before it returns. */
  place(account: AccountId, request: PlaceRequest): Outcome;
  amend(account: AccountId, request: AmendRequest): Outcome;
  cancel(account: AccountId, ref: VenueOrderRef): Outcome;
  /** At most 500, picked at random when there are more; returns those it canceled. */
  cancelAll(account: AccountId, scope: VenueScope): readonly VenueOrder[];

  /** Newest first. */
  openOrders(account: AccountId): readonly VenueOrder[];
  /** Closed ones, newest first. */
  closedOrders(account: AccountId): readonly VenueOrder[];
  findOrder(account: AccountId, ref: VenueOrderRef): VenueOrder | undefined;
  /** Newest first. */
  executions(account: AccountId): readonly VenueExecution[];
  position(account: AccountId, symbol: string): VenuePosition;
  wallet(account: AccountId): VenueWallet;
  setLeverage(account: AccountId, symbol: string, leverage: number): 'changed' | 'unchanged';

  /** The oracle for checks: no client has it. */
  ledger(account: AccountId): Ledger;

  /** Calls `listener` for everything that happens, synchronously. */
  onEvent(listener: (event: VenueEvent) => void): void;
  /** Lets the crowd trade, on the clock, until `stop`. */
  start(): void;
  stop(): void;
}

/** Index of a client account, from 0. */
export type AccountId = number;

/** One symbol's public face. Live: read it now, do not keep it. */
export interface VenueMarket {
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  readonly book: BookView;
  /** Grows with every change of the book and of trades: the public `seq`. */
  readonly sequence: number;
  /** Engine time of the last change, ms. */
  readonly changedAt: number;
  readonly lastPrice: Ticks;
  readonly markPrice: Ticks;
  readonly indexPrice: Ticks;
  /** Newest last; at most 1000. */
  readonly recentTrades: readonly VenueTrade[];
  readonly day: DayStatistics;
  readonly openInterest: Lots;
}

export interface DayStatistics {
  readonly open: Ticks;
  readonly hourOpen: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly volume: Lots;
  readonly turnover: TickLots;
}

export interface VenueTrade {
  readonly id: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** The taker's. */
  readonly side: Side;
  readonly at: number;
  readonly sequence: number;
}

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly';

export interface PlaceRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  /** Required for a limit order. */
  readonly price: Ticks | undefined;
  readonly quantity: Lots;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  /** '' when there is none. */
  readonly orderLinkId: string;
}

/** Undefined terms stay; `quantity` is the new total. */
export interface AmendRequest extends VenueOrderRef {
  readonly price: Ticks | undefined;
  readonly quantity: Lots | undefined;
}

/** `orderId` wins where both are given. */
export interface VenueOrderRef {
  readonly symbol: string;
  readonly orderId: string | undefined;
  readonly orderLinkId: string | undefined;
}

export interface VenueScope {
  readonly symbol?: string | undefined;
  readonly baseCoin?: string | undefined;
  readonly settleCoin?: string | undefined;
}

/** `code`: Bybit's retCode (bybit-v5.md §8). */
export type Outcome =
  | { readonly ok: true; readonly order: VenueOrder }
  | { readonly ok: false; readonly code: number; readonly message: string };

export type VenueOrderStatus = 'New' | 'PartiallyFilled' | 'Filled' | 'Cancelled' | 'Rejected';

/** A snapshot of one order: it does not change after it was handed out. */
export interface VenueOrder extends PlaceRequest {
  readonly account: AccountId;
  readonly orderId: string;
  readonly price: Ticks;
  readonly status: VenueOrderStatus;
  readonly cancelType: string;
  readonly rejectReason: string;
  readonly filled: Lots;
  readonly filledValue: TickLots;
  readonly fee: Atoms;
  readonly lastPriceOnCreated: Ticks;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface VenueExecution {
  readonly execId: string;
  readonly account: AccountId;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly orderPrice: Ticks;
  readonly orderQuantity: Lots;
  readonly leavesQuantity: Lots;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly fee: Atoms;
  readonly isMaker: boolean;
  /** Quantity of the position that it closed. */
  readonly closedQuantity: Lots;
  /** Realised by it, before fees. */
  readonly realised: TickLots;
  readonly markPrice: Ticks;
  readonly at: number;
  readonly sequence: number;
}

export interface VenuePosition {
  readonly symbol: string;
  /** Long > 0. */
  readonly quantity: Lots;
  /** Cost of the open quantity, signed like it. */
  readonly cost: TickLots;
  readonly realised: TickLots;
  readonly fees: Atoms;
  readonly unrealised: TickLots;
  readonly leverage: number;
  readonly initialMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly sequence: number;
}

export interface VenueWallet {
  /** Deposit + realised - fees. */
  readonly balance: Atoms;
  /** Balance + unrealised. */
  readonly equity: Atoms;
  readonly positionMargin: Atoms;
  readonly orderMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  /** Equity - margins, at least 0. */
  readonly available: Atoms;
  readonly unrealised: Atoms;
  readonly realised: Atoms;
}

export type VenueEvent =
  | { readonly type: 'order'; readonly order: VenueOrder }
  | { readonly type: 'execution'; readonly execution: VenueExecution }
  /** Published for every create, amend, cancel and fill, also when nothing changed. */
  | { readonly type: 'position'; readonly account: AccountId; readonly position: VenuePosition }
  | { readonly type: 'wallet'; readonly account: AccountId; readonly wallet: VenueWallet }
  | { readonly type: 'trade'; readonly symbol: string; readonly trade: VenueTrade };
