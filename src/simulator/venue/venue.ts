import type { Ledger } from '../ledger/ledger.ts';
import type { AccountId, VenuePosition, VenueWallet } from './account-state.ts';
import type { VenueEvent } from './events.ts';
import type { VenueMarket } from './market-data.ts';
import type { Outcome, VenueExecution, VenueOrder } from './orders.ts';
import type { AmendRequest, PlaceRequest, PreCheck, PriceAction, TradingStop, VenueOrderRef, VenueScope } from './requests.ts';

/**
 * The exchange without its protocol: instruments, order books, accounts and the background flow, in integers and
 * independent of JSON. Requests take effect at once; the surface around it adds delays, signatures and limits.
 */
export interface Venue {
  readonly symbols: readonly string[];
  market(symbol: string): VenueMarket | undefined;

  /** Validates, then matches. If refused, nothing happened. If accepted, all events have been published, in order, before it returns. */
  place(account: AccountId, request: PlaceRequest): Outcome;
  amend(account: AccountId, request: AmendRequest): Outcome;
  /**
   * `receivedAt`: exchange time when the request arrived, ms. If the order was filled after that, the cancel is too late: it is accepted,
   * and the order is published as filled once more.
   */
  cancel(account: AccountId, ref: VenueOrderRef, receivedAt?: number): Outcome;
  /** Cancels at most 500 orders, picked at random if there are more; returns those it canceled. */
  cancelAll(account: AccountId, scope: VenueScope, cause?: 'byUser' | 'byDisconnect'): readonly VenueOrder[];
  /** The effect of an order on the margins, without placing it. */
  preCheck(account: AccountId, request: PlaceRequest): PreCheck;
  /** Sets the stops of the whole position. */
  setTradingStop(account: AccountId, symbol: string, change: TradingStop): { readonly ok: true } | Extract<Outcome, { ok: false }>;
  /** How to treat order prices outside the price limits. */
  priceAction(account: AccountId): PriceAction;
  setPriceAction(account: AccountId, action: PriceAction): void;

  /** Ends an open order on behalf of the exchange; false when there is none. */
  endOrder(account: AccountId, ref: VenueOrderRef, why: 'byAdmin' | 'selfMatch' | 'wouldTake' | 'rejected'): boolean;

  /** Newest first. */
  openOrders(account: AccountId): readonly VenueOrder[];
  /** Closed orders, newest first. */
  closedOrders(account: AccountId): readonly VenueOrder[];
  findOrder(account: AccountId, ref: VenueOrderRef): VenueOrder | undefined;
  /** Newest first. */
  executions(account: AccountId): readonly VenueExecution[];
  position(account: AccountId, symbol: string): VenuePosition;
  wallet(account: AccountId): VenueWallet;
  setLeverage(account: AccountId, symbol: string, leverage: number): 'changed' | 'unchanged';

  /** The exchange’s own record for checks; no client can read it. */
  ledger(account: AccountId): Ledger;

  /** Calls `listener` for every event, synchronously. */
  onEvent(listener: (event: VenueEvent) => void): void;
  /** Lets the background flow trade on the clock until `stop`. */
  start(): void;
  stop(): void;
}

/** The parts common to all product categories: orders and executions of accounts in markets. */
export type OrderVenue = Pick<
  Venue,
  | 'symbols'
  | 'market'
  | 'place'
  | 'amend'
  | 'cancel'
  | 'cancelAll'
  | 'openOrders'
  | 'closedOrders'
  | 'findOrder'
  | 'executions'
  | 'onEvent'
  | 'start'
  | 'stop'
>;
