import type { ExchangeError } from './errors.ts';

/**
 * The assumption behind every proof: the exchange's lists and order records show every change within this time. Before that, an order
 * that they do not show may exist all the same.
 */
export const READS_LATE_MS = 6000;

/** A value with the exchange time of its response, ms, for comparing reads with events. */
export interface Stamped<T> {
  readonly value: T;
  readonly at: number;
}

declare const ended: unique symbol;

/** A list read to the end that the exchange marked. Only such a list proves an absence; only `readPages` creates one. */
export interface Complete<T> extends Stamped<readonly T[]> {
  readonly [ended]: true;
}

/** The part of a list that could be read. It proves nothing about the rest. */
export interface Incomplete<T> extends Stamped<readonly T[]> {
  /** Why the list is incomplete. */
  readonly failure: ExchangeError;
}

export type Listing<T> = Complete<T> | Incomplete<T>;

export function isComplete<T>(list: Listing<T>): list is Complete<T> {
  return !('failure' in list);
}

/** The same list with converted rows. It stays complete or incomplete, so `value` must contain every row that may matter. */
export function readAs<T>(list: Listing<unknown>, value: readonly T[]): Listing<T> {
  return { ...list, value };
}

/** For callers that need the complete list. Throws the failure of an incomplete one. */
export function whole<T>(list: Listing<T>): Complete<T> {
  if (isComplete(list)) return list;
  throw list.failure;
}
