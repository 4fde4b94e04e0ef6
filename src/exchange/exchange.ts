import type { Stamped } from './complete.ts';
import type { BookView } from '../model/book.ts';
import type { FeeRates, Instrument, OrderGrid } from '../model/instrument.ts';
import type { Amend, Fill, NewOrder, OrderReport, Side } from '../model/order.ts';
import type { FundingPayment } from '../model/position.ts';
import type { Atoms, Lots, Ticks } from '../model/units.ts';
import type { Approved } from '../risk/gate.ts';
import type { CancelPort, OrderNews } from './cancel-port.ts';
import type { ExchangeError } from './errors.ts';

/** What the core may ask of an exchange. Every call rejects with ExchangeError and nothing else. */
export interface Exchange {
  /** Exchange time now, ms; unsigned. */
  serverTime(): Promise<number>;
  /** The same by the last estimate: nothing is asked. */
  now(): number;
  /** What the API key may do. */
  keyFacts(): Promise<KeyFacts>;
  /** Makes the account refuse a price outside the exchange's limits instead of moving it. False where it cannot. Safe to repeat. */
  prepareAccount(): Promise<boolean>;
  /**
   * Before `connect`: asks the exchange to cancel every contract order of the account when our connections have been dead for so
   * long. True when it confirms that it will, false where this account may not ask. Safe to repeat.
   */
  armDisconnectCancel(afterSeconds: number): Promise<boolean>;
  instruments(symbols: readonly string[]): Promise<Instrument[]>;
  feeRates(symbol: string): Promise<FeeRates>;
  /** `hedge`: the account holds long and short of this symbol apart. */
  positionMode(symbol: string): Promise<'one_way' | 'hedge'>;

  /**
   * All open orders of the settle coin, or of one symbol, every page; with the time at which the exchange answered last. Those of symbols
   * that are not traded here may be left out, told as `oddRow`: of such a symbol the list proves nothing.
   */
  openOrders(scope?: OrderScope): Promise<Stamped<readonly OrderReport[]>>;
  /** One order by our id, open or closed; undefined when neither the open nor the closed list has it. */
  findOrder(order: OrderRef): Promise<Stamped<OrderReport | undefined>>;
  /** Our executions since `since` (exchange time, ms, inclusive), oldest first, every page. */
  fills(scope: FillScope): Promise<Stamped<readonly Fill[]>>;
  /** What was paid for holding positions since `since`, in the same way. */
  funding(scope: { readonly since: number }): Promise<Stamped<readonly FundingPayment[]>>;
  /** Those of the settle coin that are not flat, or the one of a symbol, flat or not. */
  positions(scope?: { readonly symbol: string }): Promise<Stamped<readonly PositionReport[]>>;
  wallet(): Promise<WalletReport>;

  /** Resolves when the exchange acknowledged the request, which is not yet a fact about the order. */
  place(order: Approved<NewOrder>, via?: Transport): Promise<Ack>;
  amend(change: Approved<Amend>, via?: Transport): Promise<Ack>;
  cancel(order: OrderRef, via?: Transport): Promise<Ack>;
  /** Ways by which an order can be entered now, the preferred one first. Without a `via` that is in it, the first is taken. */
  entries(): readonly Transport[];
  /** One harmless question by that way. */
  probe(via: Transport): Promise<unknown>;
  /** Trading is over: from now on even a way that is shut to us is tried now and then. */
  insist(): void;
  /** For canceling everything and proving it. */
  readonly cancelPort: CancelPort;

  /**
   * Opens the streams for `symbols` and calls `listener` for all they say, until `close`. Resolves when every
   * stream is up and subscribed for the first time; reconnects by itself afterwards.
   */
  connect(symbols: readonly string[], listener: (event: ExchangeEvent) => void): Promise<void>;
  /** Closes streams and connections; the listener is not called again. */
  close(): Promise<void>;
}

/** Linear orders of one symbol, or of all symbols settled in one coin (USDT by default). */
export interface OrderScope {
  readonly symbol?: string;
  readonly settleCoin?: string;
}

export interface OrderRef {
  readonly symbol: string;
  readonly clientOrderId: string;
  /** Preferred by the exchange where we know it. */
  readonly exchangeOrderId?: string | undefined;
  /** Of its time, where that is known: its row is read on it and not on today's. */
  readonly grid?: OrderGrid | undefined;
}

export interface FillScope {
  readonly symbol?: string;
  readonly since: number;
  /** The grid of an order's time, by our id, where that is known: its executions are read on it and not on today's. */
  readonly gridOf?: (clientOrderId: string) => OrderGrid | undefined;
}

/** Why a row of the exchange was left out, or not taken as it stands. */
export const ODDITIES = ['unknown_symbol', 'unreadable', 'off_grid'] as const;

/** What the rows were about. */
export const ROW_LISTS = ['order', 'execution', 'position', 'wallet'] as const;

/**
 * A row that was left out, because its symbol is none that can be read (delisted, dated) or because it is unreadable and of a
 * symbol that is not traded here; or one that was rounded, because it lies off the grid.
 */
export interface OddRow {
  readonly list: (typeof ROW_LISTS)[number];
  readonly symbol: string;
  readonly what: (typeof ODDITIES)[number];
  readonly detail: string;
}

export interface Ack {
  readonly clientOrderId: string;
  readonly exchangeOrderId: string;
}

export interface KeyFacts {
  readonly canTrade: boolean;
  readonly canWithdraw: boolean;
  /** Addresses that it is bound to; a key without any expires after 90 days. */
  readonly boundAddresses: number;
  /** Undefined when it does not expire. */
  readonly daysLeft: number | undefined;
  readonly isUnified: boolean;
  /** Whose account it is; undefined where the exchange does not tell. */
  readonly userId: string | undefined;
}

export interface PositionReport {
  readonly symbol: string;
  /** Long > 0. */
  readonly quantity: Lots;
  /** As the exchange wrote it, where it is no whole number of lots: then `quantity` has been rounded away from zero. */
  readonly exact?: string;
  /** Average entry price as the exchange writes it, for people. */
  readonly entryPrice: number;
  readonly markPrice: Ticks | undefined;
  /** Of the last execution that is in it, like a fill's; -1 where there never was one. */
  readonly sequence?: number | undefined;
  /** Exchange time, ms. */
  readonly updatedAt?: number | undefined;
}

export interface WalletReport {
  readonly settleCoin: string;
  readonly balance: Atoms;
  readonly equity: Atoms;
  readonly available: Atoms;
}

export interface Trade {
  readonly price: Ticks;
  readonly quantity: Lots;
  /** The taker's. */
  readonly side: Side;
  readonly at: number;
}

export interface Ticker {
  readonly symbol: string;
  readonly markPrice: Ticks | undefined;
  readonly indexPrice: Ticks | undefined;
  readonly lastPrice: Ticks | undefined;
}

/** The ways of entering orders. */
export const TRANSPORTS = ['socket', 'http'] as const;

export type Transport = (typeof TRANSPORTS)[number];

export type StreamName = 'public' | 'private' | 'trade';

/** Which of the exchange's rolling-second counters a request falls into; a batch counts its orders. */
export const REQUEST_CLASSES = ['create', 'amend', 'cancel', 'cancelBatch', 'cancelAll', 'query'] as const;

export type RequestClass = (typeof REQUEST_CLASSES)[number];

/** What the exchange said about a counter in its answer. */
export interface LimitObservation {
  readonly class: RequestClass;
  /** Monotonic, when the request left. */
  readonly sentAt: number;
  /** Exchange time in the answer: the request had arrived by then. Undefined where it names none. */
  readonly at: number | undefined;
  /** Requests a second; infinite where the answer does not say. */
  readonly limit: number;
  readonly remaining: number;
  /** The request was refused for it; the counter opens again at `resetAt` (exchange time, ms). */
  readonly exceeded: boolean;
  readonly resetAt: number;
}

/** Everything the streams say, in the order of arrival. `at`: exchange time, ms. */
export type ExchangeEvent =
  /** The book changed; `book` is live: read it now, do not keep it. */
  | { readonly type: 'book'; readonly symbol: string; readonly book: BookView; readonly at: number }
  /** The book cannot be trusted (gap, crossed, disconnected) until the next `book` event. */
  | { readonly type: 'bookLost'; readonly symbol: string; readonly reason: string }
  | { readonly type: 'trades'; readonly symbol: string; readonly trades: readonly Trade[]; readonly at: number }
  | { readonly type: 'ticker'; readonly ticker: Ticker; readonly at: number }
  | { readonly type: 'order'; readonly report: OrderReport; readonly at: number }
  /** Of a symbol that mmbot has not asked about, or whose row cannot be read here. */
  | { readonly type: 'otherOrder'; readonly news: OrderNews }
  | { readonly type: 'fill'; readonly fill: Fill; readonly at: number }
  | { readonly type: 'funding'; readonly payment: FundingPayment; readonly at: number }
  | { readonly type: 'position'; readonly report: PositionReport; readonly at: number }
  | { readonly type: 'wallet'; readonly report: WalletReport; readonly at: number }
  | { readonly type: 'limit'; readonly observation: LimitObservation }
  /** Each oddity of the exchange's rows is told once. */
  | { readonly type: 'oddRow'; readonly row: OddRow }
  /** What became of a request: `error` undefined when it was accepted. */
  | { readonly type: 'answered'; readonly via: Transport; readonly error: ExchangeError | undefined }
  | { readonly type: 'stream'; readonly stream: StreamName; readonly state: 'up' | 'down'; readonly reason: string };
