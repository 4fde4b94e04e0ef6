/** The exchange’s own record of one account, in exact decimal text. Every check compares with it; no client can read it. */
export interface Ledger {
  /** Orders that rest now. */
  openOrders(): readonly LedgerOrder[];
  /** All trades so far, oldest first. */
  executions(): readonly LedgerExecution[];
  /** Symbols that the account has ever traded. */
  positions(): readonly LedgerPosition[];
  wallet(): LedgerWallet;
  counts(): LedgerCounts;
}

export interface LedgerOrder {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: 'Buy' | 'Sell';
  readonly price: string;
  readonly quantity: string;
  readonly filled: string;
  readonly postOnly: boolean;
}

/** One change of the account’s record, at the instant at which it happened. */
export type LedgerEvent = {
  /** Counts up from 1, without a gap. */
  readonly sequence: number;
  /** Exchange time, ms. */
  readonly at: number;
  /** Mark price of the symbol at that instant. */
  readonly markPrice: string;
} & (
  | { readonly type: 'order'; readonly order: LedgerOrder & { readonly status: string; readonly isOpen: boolean } }
  | { readonly type: 'execution'; readonly execution: LedgerExecution }
);

export interface LedgerExecution {
  readonly execId: string;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: 'Buy' | 'Sell';
  readonly price: string;
  readonly quantity: string;
  /** Paid fee; negative for a rebate. */
  readonly fee: string;
  /** For contracts the settle coin; for spot pairs the coin that the order receives. */
  readonly feeCoin: string;
  readonly isMaker: boolean;
  /** ms. */
  readonly at: number;
}

export interface LedgerPosition {
  readonly symbol: string;
  /** Signed: long > 0. */
  readonly size: string;
  readonly markPrice: string;
  /** Realized by closing, before fees, with average cost. */
  readonly realisedPnl: string;
  readonly unrealisedPnl: string;
  readonly fees: string;
  /** Funding paid for the position; negative if received. */
  readonly funding: string;
}

export interface LedgerWallet {
  /** At the start. */
  readonly deposit: string;
  /** Change by spot trading; negative after a buy. */
  readonly spot: string;
  /** Deposit + realized PnL - fees - funding + spot. */
  readonly balance: string;
  readonly equity: string;
}

/** Requests of this account that the matching engine accepted. */
export interface LedgerCounts {
  readonly created: number;
  readonly amended: number;
  readonly canceled: number;
  readonly rejected: number;
  readonly rateLimited: number;
  /** Most requests to one order endpoint in any rolling second. */
  readonly worstRollingSecond: number;
  /** Each rate limit that this account has used. */
  readonly buckets: readonly LedgerBucket[];
}

/** Requests to one endpoint for one product line; a batch counts its orders. */
export interface LedgerBucket {
  readonly endpoint: string;
  readonly product: string;
  /** Per rolling second. */
  readonly limit: number;
  readonly arrived: number;
  readonly passed: number;
  readonly refused: number;
  /** Most arrivals in any rolling second, refused ones included. */
  readonly worstRollingSecond: number;
}
