/** The exchange's own record of one account, in exact decimal text: the oracle of every check, a door that no client has. */
export interface Ledger {
  /** Orders that rest now. */
  openOrders(): readonly LedgerOrder[];
  /** Every trade so far, oldest first. */
  executions(): readonly LedgerExecution[];
  /** Symbols with a position or a history of one. */
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

/** One change of the account's record, at the instant at which it happened. */
export type LedgerEvent = {
  /** Counts up from 1, without a gap. */
  readonly sequence: number;
  /** Exchange time, ms. */
  readonly at: number;
  /** Of the symbol, at that instant. */
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
  /** Paid; negative is a rebate. */
  readonly fee: string;
  /** Of contracts the settle coin; of pairs what the order receives. */
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
  /** Realised by closing before fees, with average cost. */
  readonly realisedPnl: string;
  readonly unrealisedPnl: string;
  readonly fees: string;
  /** Paid for holding it; negative was received. */
  readonly funding: string;
}

export interface LedgerWallet {
  /** At the start. */
  readonly deposit: string;
  /** What spot trading has added; less than nothing after a buy. */
  readonly spot: string;
  /** Deposit + realised PnL - fees - funding + spot. */
  readonly balance: string;
  readonly equity: string;
}

/** Requests the matching engine took from this account. */
export interface LedgerCounts {
  readonly created: number;
  readonly amended: number;
  readonly canceled: number;
  readonly rejected: number;
  readonly rateLimited: number;
  /** Most requests to one order endpoint in any rolling second. */
  readonly worstRollingSecond: number;
  /** Each limit that this account met. */
  readonly buckets: readonly LedgerBucket[];
}

/** What came to one endpoint and line of products; a batch counts its orders. */
export interface LedgerBucket {
  readonly endpoint: string;
  readonly product: string;
  /** Of any rolling second. */
  readonly limit: number;
  readonly arrived: number;
  readonly passed: number;
  readonly refused: number;
  /** Most arrivals in any rolling second, refused ones included. */
  readonly worstRollingSecond: number;
}
