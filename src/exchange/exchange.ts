import type { Stamped } from './complete.ts';
import type { BookView } from '../model/book.ts';
import type { FeeRates, Instrument, OrderGrid } from '../model/instrument.ts';
import type { Amend, Fill, NewOrder, OrderReport, Side } from '../model/order.ts';
import type { FundingPayment } from '../model/position.ts';
import type { Atoms, Lots, Ticks } from '../model/units.ts';
import type { Approved } from '../risk/gate.ts';
import type { CancelPort, OrderNews } from './cancel-port.ts';
import type { ExchangeError } from './errors.ts';

/** The exchange interface of the core. Every call rejects with ExchangeError and nothing else. */
export interface Exchange {
  /** Queries the exchange time, ms; the request is not signed. */
  serverTime(): Promise<number>;
  /** The estimated exchange time, ms, without a request. */
  now(): number;
  /** The permissions of the API key. */
  keyFacts(): Promise<KeyFacts>;
  /** Makes the exchange refuse a price outside its limits instead of adjusting it. False when this is not available. Safe to repeat. */
  prepareAccount(): Promise<boolean>;
  /**
   * Call before `connect`. Requests that the exchange cancels every contract order of the account when our connections have been down
   * for this long. True when the exchange confirms it, false when it is not available to this account. Safe to repeat.
   */
  armDisconnectCancel(afterSeconds: number): Promise<boolean>;
  instruments(symbols: readonly string[]): Promise<Instrument[]>;
  feeRates(symbol: string): Promise<FeeRates>;
  /** The mark price now. Call `instruments` before. */
  markPrice(symbol: string): Promise<Ticks>;
  /** The order book now, without a stream. Call `instruments` before. */
  orderBook(symbol: string): Promise<BookView>;
  /** `hedge`: the account holds long and short positions of this symbol separately. */
  positionMode(symbol: string): Promise<'one_way' | 'hedge'>;

  /**
   * All open orders of the settle coin, or of one symbol, from all pages, with the exchange time of the last response. Orders of symbols
   * that are not traded here may be left out and are reported as `oddRow`: for such a symbol the list proves nothing.
   */
  openOrders(scope?: OrderScope): Promise<Stamped<readonly OrderReport[]>>;
  /** Finds one order by client order id; undefined when neither the open nor the closed list contains it. */
  findOrder(order: OrderRef): Promise<Stamped<OrderReport | undefined>>;
  /** The account's executions since `since` (exchange time, ms, inclusive), oldest first, from all pages. */
  fills(scope: FillScope): Promise<Stamped<readonly Fill[]>>;
  /** Funding payments since `since`, likewise. */
  funding(scope: { readonly since: number }): Promise<Stamped<readonly FundingPayment[]>>;
  /** All non-flat positions of the settle coin, or the position of one symbol, flat or not. */
  positions(scope?: { readonly symbol: string }): Promise<Stamped<readonly PositionReport[]>>;
  wallet(): Promise<WalletReport>;

  /** Resolves when the exchange has acknowledged the request, which does not prove its effect. */
  place(order: Approved<NewOrder>, via?: Transport): Promise<Ack>;
  amend(change: Approved<Amend>, via?: Transport): Promise<Ack>;
  cancel(order: OrderRef, via?: Transport): Promise<Ack>;
  /** Calls `send`; the requests that it sends over WebSockets are on the wire when this returns. */
  together(send: () => void): void;
  /** The transports that can send orders now, preferred first. A request whose `via` is not among them uses the first. */
  entries(): readonly Transport[];
  /** How long a transport is closed to us after a ban, ms. */
  readonly banMs: Readonly<Record<Transport, number>>;
  /** Sends one harmless query over that transport. */
  probe(via: Transport): Promise<unknown>;
  /** Called when trading has ended: from now on even a banned connection is probed from time to time. */
  forceProbes(): void;
  /** For cancel-all and its proof. */
  readonly cancelPort: CancelPort;

  /**
   * Opens the streams for `symbols` and calls `listener` with their events until `close`. Resolves when every stream is up and subscribed
   * for the first time; later, the streams reconnect automatically.
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
  /** Used instead of the client order id when known. */
  readonly exchangeOrderId?: string | undefined;
  /** The tick and lot size when the order was placed, if known: its row is read with these instead of the current ones. */
  readonly grid?: OrderGrid | undefined;
}

export interface FillScope {
  readonly symbol?: string;
  readonly since: number;
  /** By client order id: the tick and lot size when the order was placed, if known. Its executions are read with these. */
  readonly gridOf?: (clientOrderId: string) => OrderGrid | undefined;
}

/** Why a row of the exchange was skipped or changed. */
export const ODDITIES = ['unknown_symbol', 'unreadable', 'off_grid'] as const;

/** The kinds of rows. */
export const ROW_LISTS = ['order', 'execution', 'position', 'wallet'] as const;

/**
 * A row that was skipped, because its symbol is unknown (delisted, dated) or because it is unreadable and its symbol is not traded
 * here; or a row that was rounded, because it does not lie on the price or quantity grid.
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
  /** Number of IP addresses that the key is bound to; a key without any expires after 90 days. */
  readonly boundAddresses: number;
  /** Undefined when the key does not expire. */
  readonly daysLeft: number | undefined;
  readonly isUnified: boolean;
  /** User id of the account; undefined when the exchange does not return it. */
  readonly userId: string | undefined;
}

export interface PositionReport {
  readonly symbol: string;
  /** Long > 0. */
  readonly quantity: Lots;
  /** The exchange's own text, set when it is not a whole number of lots: `quantity` is then rounded away from zero. */
  readonly exact?: string;
  /** Average entry price as the exchange reports it, for display. */
  readonly entryPrice: number;
  readonly markPrice: Ticks | undefined;
  /** Sequence of the last execution included, comparable with a fill's; -1 when there never was one. */
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
  /** Side of the taker. */
  readonly side: Side;
  readonly at: number;
}

export interface Ticker {
  readonly symbol: string;
  readonly markPrice: Ticks | undefined;
  readonly indexPrice: Ticks | undefined;
  readonly lastPrice: Ticks | undefined;
}

/** The transports for order entry: WebSocket and REST. */
export const TRANSPORTS = ['socket', 'http'] as const;

export type Transport = (typeof TRANSPORTS)[number];

export type StreamName = 'public' | 'private' | 'trade';

/** The exchange's rate-limit counters (per rolling second) that requests fall into; a batch counts each of its orders. */
export const REQUEST_CLASSES = ['create', 'amend', 'cancel', 'cancelBatch', 'cancelAll', 'query'] as const;

export type RequestClass = (typeof REQUEST_CLASSES)[number];

/** The state of a rate-limit counter from a response. */
export interface LimitObservation {
  readonly class: RequestClass;
  /** When the request was sent, monotonic. */
  readonly sentAt: number;
  /** Exchange time in the response: the request had arrived by then. Undefined when the response has none. */
  readonly at: number | undefined;
  /** Requests per second; infinite when the response does not state it. */
  readonly limit: number;
  readonly remaining: number;
  /** The request was refused because the limit was exceeded; the counter resets at `resetAt` (exchange time, ms). */
  readonly exceeded: boolean;
  readonly resetAt: number;
}

/** All events of the exchange, in the order of arrival. `at`: exchange time, ms. */
export type ExchangeEvent =
  /** The book changed. `book` is updated in place: read it immediately, do not keep it. */
  | { readonly type: 'book'; readonly symbol: string; readonly book: BookView; readonly at: number }
  /** The book is unreliable (gap, crossed, disconnected) until the next `book` event. */
  | { readonly type: 'bookLost'; readonly symbol: string; readonly reason: string }
  | { readonly type: 'trades'; readonly symbol: string; readonly trades: readonly Trade[]; readonly at: number }
  | { readonly type: 'ticker'; readonly ticker: Ticker; readonly at: number }
  | { readonly type: 'order'; readonly report: OrderReport; readonly at: number }
  /** An order of a symbol whose instrument was not loaded, or whose row cannot be read completely. */
  | { readonly type: 'otherOrder'; readonly news: OrderNews }
  | { readonly type: 'fill'; readonly fill: Fill; readonly at: number }
  | { readonly type: 'funding'; readonly payment: FundingPayment; readonly at: number }
  | { readonly type: 'position'; readonly report: PositionReport; readonly at: number }
  | { readonly type: 'wallet'; readonly report: WalletReport; readonly at: number }
  | { readonly type: 'limit'; readonly observation: LimitObservation }
  /** Each distinct odd row is reported once. */
  | { readonly type: 'oddRow'; readonly row: OddRow }
  /** The outcome of a request; `error` is undefined when it was accepted. */
  | { readonly type: 'answered'; readonly via: Transport; readonly error: ExchangeError | undefined }
  | { readonly type: 'stream'; readonly stream: StreamName; readonly state: 'up' | 'down'; readonly reason: string };
