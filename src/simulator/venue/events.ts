import type { AccountId, VenuePosition, VenueWallet } from './account-state.ts';
import type { VenueLiquidation, VenueTrade } from './market-data.ts';
import type { VenueExecution, VenueOrder } from './orders.ts';

export type VenueEvent =
  | { readonly type: 'order'; readonly order: VenueOrder }
  | { readonly type: 'execution'; readonly execution: VenueExecution }
  /** Published for every create, amend, cancel and fill, even when nothing changed. */
  | { readonly type: 'position'; readonly account: AccountId; readonly position: VenuePosition }
  | { readonly type: 'wallet'; readonly account: AccountId; readonly wallet: VenueWallet }
  | { readonly type: 'trade'; readonly symbol: string; readonly trade: VenueTrade }
  | { readonly type: 'liquidation'; readonly symbol: string; readonly liquidation: VenueLiquidation };
