import { OWN_PREFIX } from '../model/order.ts';
import type { Decimal } from '../util/decimal.ts';
import type { Listing } from './complete.ts';

/**
 * The part of an exchange that cancel-all needs: no instruments and no trading streams. It works with only an API key and a host. Every
 * call rejects with ExchangeError and nothing else.
 */
export interface CancelPort {
  /** The scope of everything that mmbot trades: the contracts of one settle coin. */
  readonly traded: CancelScope & { readonly settleCoin: string };
  /** Whether the order lies in the scope, as far as its row shows this. */
  covers(scope: CancelScope, order: RestingOrder): boolean;
  /** Every open order of the scope, including conditional orders and stops, as far as the list can be read. */
  resting(scope: CancelScope): Promise<Listing<RestingOrder>>;
  /** One bulk call, which cancels at most 500 orders. Its response is an acknowledgment, not a proof. */
  cancelBulk(scope: CancelScope, includeStops: boolean): Promise<void>;
  /** Cancels by exchange order id, or by client order id when that is the only one known. */
  cancelOne(order: OrderName): Promise<void>;
  /** At most `CANCEL_BATCH` orders of one category in one call. Returns per order undefined or why its cancel was not accepted. */
  cancelBatch(orders: readonly RestingOrder[]): Promise<readonly (string | undefined)[]>;
  /** Queries a single order; `absent`: neither the open nor the closed list contains it. */
  recordOf(order: OrderName): Promise<'open' | 'closed' | 'absent'>;
  /** Quantity executed since `since` (exchange time, ms) by exchange order id. */
  executed(category: Category, since: number): Promise<ReadonlyMap<string, Decimal>>;
  /** Whether the exchange's public instrument list contains any instrument of this scope. */
  presenceOf(scope: CancelScope): Promise<Presence>;
  /** Settle coins of the category, from the exchange's public instrument list. */
  settleCoins(category: Category): Promise<readonly string[]>;
  /**
   * Listens to the account's order stream, if there is one, until the returned function is called: a second source beside the lists.
   * The listener is called at once when the stream is up, and with the orders that it has shown as live. The stream may be down;
   * nothing waits for it.
   */
  listen?(listener: OrderListener): () => void;
}

/**
 * `unlisted`: the category lists instruments, but none of this scope; `nothing_listed`: it lists none at all; `unknown`: the list could
 * not be read.
 */
export type Presence = 'listed' | 'unlisted' | 'nothing_listed' | 'unknown';

export interface OrderListener {
  readonly onNews: (news: OrderNews) => void;
  /** Between `up` and `down` no order event is missed, as long as the exchange sends all events. */
  readonly onState: (state: 'up' | 'down') => void;
}

/** An order event of the stream. */
export interface OrderNews {
  readonly order: RestingOrder;
  readonly isOpen: boolean;
}

export const CANCEL_BATCH = 10;

export type Category = 'linear' | 'inverse' | 'spot' | 'option';

export const CATEGORIES: readonly Category[] = ['linear', 'inverse', 'spot', 'option'];

/** Orders with separate APIs of the exchange, which cancel-all does not read. Strategy orders place further orders by themselves. */
export const OUT_OF_SCOPE: readonly string[] = ['strategy orders (TWAP, chase, iceberg)', 'spread orders'];

/** All orders of a category, or only those of one symbol or settle coin. */
export interface CancelScope {
  readonly category: Category;
  readonly symbol?: string;
  readonly settleCoin?: string;
}

/** Identifies an order. Texts are empty when they are missing or cannot be read. */
export interface OrderName {
  readonly category: Category;
  readonly symbol: string;
  readonly exchangeOrderId: string;
  readonly clientOrderId: string;
  /** The client order id cannot be read from the row, so it is unknown who placed the order. */
  readonly hidesOwner?: boolean;
  readonly kind: 'plain' | 'conditional' | 'tpsl';
}

/**
 * The data of an open order that canceling needs. Unreadable fields are left out, but never the order itself. `kind`: conditional
 * orders and stops protect positions and are canceled only on request.
 */
export interface RestingOrder extends OrderName {
  readonly side: 'buy' | 'sell' | undefined;
  readonly price: string;
  /** In the exchange's decimals. */
  readonly quantity: Decimal | undefined;
  readonly filled: Decimal | undefined;
  /** Exchange time, ms. */
  readonly createdAt?: number | undefined;
}

/** A key that identifies an order, as far as its ids can be read. */
export function keyOf({ category, symbol, exchangeOrderId, clientOrderId }: OrderName): string {
  return exchangeOrderId === '' ? [category, symbol, clientOrderId].join(' ') : exchangeOrderId;
}

/** Whether mmbot placed the order, in this run or an earlier one; undefined when its row does not show this. */
export function isOwn({ clientOrderId, hidesOwner = false }: OrderName): boolean | undefined {
  return hidesOwner ? undefined : clientOrderId.startsWith(OWN_PREFIX);
}

export function scopeName({ category, symbol, settleCoin }: CancelScope): string {
  return [category, symbol ?? settleCoin].filter((part) => part !== undefined).join(' ');
}
