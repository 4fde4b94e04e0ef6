import type { BookView } from '../model/book.ts';
import type { FeeRates, Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import type { Atoms, Lots, TickLots, Ticks } from '../model/units.ts';
import type { CoinBalance } from './accounts/coin-balances.ts';
import type { Ledger } from './ledger/ledger.ts';

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

/** Index of a client account, from 0. */
export type AccountId = number;

/** Public data of one symbol. Live: read it now, do not keep it. */
export interface VenueMarket {
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  readonly book: BookView;
  /** Grows with every change of the book and with trades: the public `seq`. */
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
  /** The worst price that a new order of this side may have now. */
  priceLimit(side: Side): Ticks;
  /** Undefined on spot, which has no funding. */
  readonly funding: FundingView | undefined;
}

/** Funding of a contract. Rates in parts of 1e8; longs pay a positive rate. */
export interface FundingView {
  /** The rate that would be settled now. */
  readonly rate: number;
  /** ms. */
  readonly nextAt: number;
  /** Newest last. */
  readonly settlements: readonly FundingSettlement[];
}

export interface FundingSettlement {
  readonly rate: number;
  readonly at: number;
}

export interface DayStatistics {
  readonly open: Ticks;
  readonly hourOpen: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly volume: Lots;
  /** Tick-lots, as exact as a float. */
  readonly turnover: number;
}

export interface VenueTrade {
  readonly id: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Side of the taker. */
  readonly side: Side;
  readonly at: number;
  readonly sequence: number;
}

/** A liquidation of a client’s position. */
export interface VenueLiquidation {
  /** Side of the position: `buy` for a long one. */
  readonly side: Side;
  readonly quantity: Lots;
  /** Price at which its margin is used up. */
  readonly price: Ticks;
  readonly at: number;
}

/** What happens when an incoming order meets one of its own account; `None`: it trades. */
export type SelfMatch = 'None' | 'CancelMaker' | 'CancelTaker' | 'CancelBoth';

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
  /** For a spot market order by value: what a buy spends or a sell earns, in the quote coin. */
  readonly quoteAmount?: Atoms | undefined;
  /** The exchange’s own order that closes a position with too little margin. */
  readonly liquidates?: boolean | undefined;
  /** None by default. */
  readonly selfMatch?: SelfMatch | undefined;
  /** The order waits outside the book until a price is reached. */
  readonly trigger?: Trigger | undefined;
  /** With `reduceOnly`, a quantity of 0 means the whole position. */
  readonly closeOnTrigger?: boolean | undefined;
  /** How far from the touch a market order may trade. */
  readonly slippage?: Slippage | undefined;
  /** A limit order that takes its price from the book. */
  readonly bookPlace?: BookPlace | undefined;
  /** For the position that it opens. */
  readonly takeProfit?: PositionStop | undefined;
  readonly stopLoss?: PositionStop | undefined;
}

/** The price that a stop watches. */
export type PriceKind = 'last' | 'mark' | 'index';

export interface PositionStop {
  readonly price: Ticks;
  readonly by: PriceKind;
}

export interface Trigger extends PositionStop {
  readonly direction: 'rise' | 'fall';
}

export type Slippage = { readonly type: 'ticks'; readonly ticks: number } | { readonly type: 'percent'; readonly bps: number };

/** A level of the order’s own side of the book or of the other side; 1 is the best. */
export interface BookPlace {
  readonly side: 'queue' | 'counterparty';
  readonly level: number;
}

/** Undefined: unchanged; 0: removed. */
export interface TradingStop {
  readonly takeProfit?: PositionStop | 0 | undefined;
  readonly stopLoss?: PositionStop | 0 | undefined;
  /** Follows the last price at `distance` once it has reached `activation`. */
  readonly trailingStop?: { readonly distance: Ticks; readonly activation: Ticks | undefined } | 0 | undefined;
}

export type PriceAction = 'adjust' | 'reject';

/** Shares of the equity. `code`: 0, or the code with which the order would be rejected. */
export interface PreCheck {
  readonly code: number;
  readonly message: string;
  readonly initialBefore: number;
  readonly maintenanceBefore: number;
  readonly initialAfter: number;
  readonly maintenanceAfter: number;
}

/** Undefined terms are unchanged; `quantity` is the new total. */
export interface AmendRequest extends VenueOrderRef {
  readonly price: Ticks | undefined;
  readonly quantity: Lots | undefined;
  readonly triggerPrice?: Ticks | undefined;
}

/** `orderId` wins if both are given. */
export interface VenueOrderRef {
  readonly symbol: string;
  readonly orderId: string | undefined;
  readonly orderLinkId: string | undefined;
}

export interface VenueScope {
  readonly symbol?: string | undefined;
  readonly baseCoin?: string | undefined;
  readonly settleCoin?: string | undefined;
  /** Every kind by default. */
  readonly kinds?: KindFilter | undefined;
}

/** `active`: in the book; `stop`: waiting for a trigger price; `conditional`: those of them that are no stops of a position. */
export type KindFilter = 'active' | 'stop' | 'conditional';

/** `code`: Bybit’s retCode (bybit-v5.md §8). */
export type Outcome =
  | { readonly ok: true; readonly order: VenueOrder }
  | { readonly ok: false; readonly code: number; readonly message: string };

export type VenueOrderStatus =
  | 'New'
  | 'PartiallyFilled'
  | 'Filled'
  | 'Cancelled'
  | 'Rejected'
  | 'Untriggered'
  | 'Triggered'
  | 'Deactivated'
  | 'PartiallyFilledCanceled';

/** Bybit’s stopOrderType; '' for an order that never had a trigger. */
export type StopKind = '' | 'Stop' | 'TakeProfit' | 'StopLoss' | 'TrailingStop';

/** An immutable snapshot of one order. */
export interface VenueOrder extends PlaceRequest {
  readonly account: AccountId;
  readonly orderId: string;
  readonly price: Ticks;
  readonly status: VenueOrderStatus;
  readonly cancelType: string;
  readonly rejectReason: string;
  readonly stopKind: StopKind;
  /** The own order with which self-match prevention stopped a trade; '' if there was none. */
  readonly smpOrderId: string;
  readonly filled: Lots;
  readonly filledValue: TickLots;
  readonly fee: Atoms;
  readonly lastPriceOnCreated: Ticks;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface VenueExecution {
  /** `BustTrade`: by liquidation. `Funding`: no trade but a funding payment for the position, with the amount in `fee`. */
  readonly execType: 'Trade' | 'BustTrade' | 'Funding';
  /** For a funding payment, in parts of 1e8. */
  readonly fundingRate?: number;
  readonly execId: string;
  readonly account: AccountId;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  /** For an order that had a trigger. */
  readonly stopKind?: StopKind;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly quoteAmount?: Atoms | undefined;
  readonly orderPrice: Ticks;
  readonly orderQuantity: Lots;
  readonly leavesQuantity: Lots;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly fee: Atoms;
  readonly isMaker: boolean;
  /** Quantity of the position that the execution closed. */
  readonly closedQuantity: Lots;
  /** PnL realized by the execution, before fees. */
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
  /** Funding paid for the position; negative if received. */
  readonly funding: Atoms;
  readonly unrealised: TickLots;
  readonly leverage: number;
  readonly initialMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  /** Computed when called; undefined if flat or if no price would liquidate it. */
  readonly liquidationPrice: () => Ticks | undefined;
  /** Undefined if there is none; for the trailing stop, its distance. */
  readonly takeProfit: Ticks | undefined;
  readonly stopLoss: Ticks | undefined;
  readonly trailingStop: Ticks | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly sequence: number;
}

/** An account’s balance of a coin, and its value in settle coin. */
export interface CoinHolding extends CoinBalance {
  readonly value: Atoms;
}

export interface VenueWallet {
  /** Deposit + realized PnL - fees - funding + change by spot trading. */
  readonly balance: Atoms;
  /** Locked for resting spot orders. */
  readonly locked: Atoms;
  /** Base coins of the spot market; they are no collateral here. */
  readonly coins: readonly CoinHolding[];
  /** Balance + unrealized PnL. */
  readonly equity: Atoms;
  readonly positionMargin: Atoms;
  readonly orderMargin: Atoms;
  readonly maintenanceMargin: Atoms;
  /** Equity - margins - locked, at least 0. */
  readonly available: Atoms;
  readonly unrealised: Atoms;
  readonly realised: Atoms;
}

export type VenueEvent =
  | { readonly type: 'order'; readonly order: VenueOrder }
  | { readonly type: 'execution'; readonly execution: VenueExecution }
  /** Published for every create, amend, cancel and fill, even when nothing changed. */
  | { readonly type: 'position'; readonly account: AccountId; readonly position: VenuePosition }
  | { readonly type: 'wallet'; readonly account: AccountId; readonly wallet: VenueWallet }
  | { readonly type: 'trade'; readonly symbol: string; readonly trade: VenueTrade }
  | { readonly type: 'liquidation'; readonly symbol: string; readonly liquidation: VenueLiquidation };
