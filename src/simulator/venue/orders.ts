import type { Side } from '../../model/order.ts';
import type { Atoms, Lots, TickLots, Ticks } from '../../model/units.ts';
import type { AccountId } from './account-state.ts';
import type { PlaceRequest } from './requests.ts';

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
  readonly realized: TickLots;
  readonly markPrice: Ticks;
  readonly at: number;
  readonly sequence: number;
}

/** `code`: Bybit’s retCode (bybit-v5.md §8). */
export type Outcome =
  | { readonly ok: true; readonly order: VenueOrder }
  | { readonly ok: false; readonly code: number; readonly message: string };
