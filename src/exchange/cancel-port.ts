import { OWN_PREFIX } from '../model/order.ts';
import type { Decimal } from '../util/decimal.ts';
import type { Listing } from './complete.ts';

/**
 * What canceling everything needs of an exchange, and no more: no instruments, no grids, no streams. It works with a key and
 * a host alone. Every call rejects with ExchangeError and nothing else.
 */
export interface CancelPort {
  /** Every open order of the scope, conditional ones and stops included, as far as it can be read. */
  resting(scope: CancelScope): Promise<Listing<RestingOrder>>;
  /** One bulk call: an answer is the exchange's promise, and it takes at most 500 orders. */
  cancelBulk(scope: CancelScope, includeStops: boolean): Promise<void>;
  /** By the exchange's id, or by ours where that is all there is. */
  cancelOne(order: OrderName): Promise<void>;
  /** At most `CANCEL_BATCH` orders of one category in one call; per order undefined or why it was not taken. */
  cancelBatch(orders: readonly RestingOrder[]): Promise<readonly (string | undefined)[]>;
  /** What the order's own record says, open or closed; `absent`: there is none. */
  recordOf(order: OrderName): Promise<'open' | 'closed' | 'absent'>;
  /** Quantity executed since `since` (exchange time, ms) by exchange order id. */
  executed(category: Category, since: number): Promise<ReadonlyMap<string, Decimal>>;
  /** Whether the exchange lists any instrument of this scope, by its own public list. */
  presenceOf(scope: CancelScope): Promise<Presence>;
  /** Coins in which the instruments of the category are settled, by the exchange's own public list. */
  settleCoins(category: Category): Promise<readonly string[]>;
  /**
   * Where there is one, the account's own order stream, until the returned function is called: a second witness beside the lists. Tells at
   * once whether it is up, and what it has shown alive before. It may be dead; nothing waits for it.
   */
  listen?(listener: OrderListener): () => void;
}

/** `unlisted`: others of the category are listed, and none of it; `nothing_listed`: nor any other; `unknown`: the list could not be read. */
export type Presence = 'listed' | 'unlisted' | 'nothing_listed' | 'unknown';

export interface OrderListener {
  readonly onNews: (news: OrderNews) => void;
  /** From `up` on, nothing that happens to an order goes unheard, unless the exchange misleads; until `down`. */
  readonly onState: (state: 'up' | 'down') => void;
}

/** What the order stream says of an order. */
export interface OrderNews {
  readonly order: RestingOrder;
  readonly isOpen: boolean;
}

export const CANCEL_BATCH = 10;

export type Category = 'linear' | 'inverse' | 'spot' | 'option';

export const CATEGORIES: readonly Category[] = ['linear', 'inverse', 'spot', 'option'];

/** Orders that live behind other doors of the exchange: nothing here looks at them. The first of them place orders by themselves. */
export const OUT_OF_SCOPE: readonly string[] = ['strategy orders (TWAP, chase, iceberg)', 'spread orders'];

/** Of one category; narrowed by a symbol or a settle coin. */
export interface CancelScope {
  readonly category: Category;
  readonly symbol?: string;
  readonly settleCoin?: string;
}

/** Which order is meant. Texts are empty where there are none, or where they cannot be read. */
export interface OrderName {
  readonly category: Category;
  readonly symbol: string;
  readonly exchangeOrderId: string;
  readonly clientOrderId: string;
  /** Its row does not say whether it has an id of its owner's: it may be anybody's. */
  readonly hidesOwner?: boolean;
  readonly kind: 'plain' | 'conditional' | 'tpsl';
}

/**
 * An open order, as far as canceling it needs. What cannot be read is left out, never the order: it is there all the same.
 * `kind`: conditional orders and stops protect positions, they are only canceled when that was asked for.
 */
export interface RestingOrder extends OrderName {
  readonly side: 'buy' | 'sell' | undefined;
  readonly price: string;
  /** The exchange's own decimals. */
  readonly quantity: Decimal | undefined;
  readonly filled: Decimal | undefined;
  /** Exchange time, ms. */
  readonly createdAt?: number | undefined;
}

/** What tells an order from all others, as far as it can be told. */
export function keyOf({ category, symbol, exchangeOrderId, clientOrderId }: OrderName): string {
  return exchangeOrderId === '' ? [category, symbol, clientOrderId].join(' ') : exchangeOrderId;
}

/** Whether mmbot placed it, in this run or an earlier one; undefined: its row does not tell. */
export function isOwn({ clientOrderId, hidesOwner = false }: OrderName): boolean | undefined {
  return hidesOwner ? undefined : clientOrderId.startsWith(OWN_PREFIX);
}

export function scopeName({ category, symbol, settleCoin }: CancelScope): string {
  return [category, symbol ?? settleCoin].filter((part) => part !== undefined).join(' ');
}
