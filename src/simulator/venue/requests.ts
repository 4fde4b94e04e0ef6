import type { Side } from '../../model/order.ts';
import type { Atoms, Lots, Ticks } from '../../model/units.ts';

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

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly';

/** What happens when an incoming order meets one of its own account; `None`: it trades. */
export type SelfMatch = 'None' | 'CancelMaker' | 'CancelTaker' | 'CancelBoth';

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
