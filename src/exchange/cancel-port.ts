import type { Decimal } from '../util/decimal.ts';
import type { Stamped } from './exchange.ts';

/**
 * What canceling everything needs of an exchange, and no more: no instruments, no grids, no streams. It works with a key and
 * a host alone. Every call rejects with ExchangeError and nothing else.
 */
export interface CancelPort {
  /** Every open order of the scope, conditional ones and stops included, all pages. */
  resting(scope: CancelScope): Promise<Stamped<readonly RestingOrder[]>>;
  /** One bulk call: an answer is the exchange's promise, and it takes at most 500 orders. */
  cancelBulk(scope: CancelScope, includeStops: boolean): Promise<void>;
  cancelOne(order: RestingOrder): Promise<void>;
  /** At most `CANCEL_BATCH` orders of one category in one call; per order undefined or why it was not taken. */
  cancelBatch(orders: readonly RestingOrder[]): Promise<readonly (string | undefined)[]>;
  /** Quantity executed since `since` (exchange time, ms) by exchange order id. */
  executed(category: Category, since: number): Promise<ReadonlyMap<string, Decimal>>;
  /**
   * Where there is one, the account's own order stream, from this call on until the port is closed: what it says counts while
   * lists cannot be read. It may be dead; nothing waits for it.
   */
  listen?(listener: (news: OrderNews) => void): void;
}

/** What the order stream says of an order. */
export interface OrderNews {
  readonly order: RestingOrder;
  readonly isOpen: boolean;
}

export const CANCEL_BATCH = 10;

export type Category = 'linear' | 'inverse' | 'spot';

export const CATEGORIES: readonly Category[] = ['linear', 'inverse', 'spot'];

/** Of one category; narrowed by a symbol or a settle coin. */
export interface CancelScope {
  readonly category: Category;
  readonly symbol?: string;
  readonly settleCoin?: string;
}

/** An open order, as far as canceling it needs. Quantities are the exchange's own decimals. */
export interface RestingOrder {
  readonly category: Category;
  readonly symbol: string;
  readonly exchangeOrderId: string;
  /** Empty for orders without one. */
  readonly clientOrderId: string;
  /** Conditional orders and stops protect positions: they are only canceled when that was asked for. */
  readonly kind: 'plain' | 'conditional' | 'tpsl';
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: Decimal;
  readonly filled: Decimal;
}
