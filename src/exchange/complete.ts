import type { ExchangeError } from './errors.ts';

/**
 * The assumption behind every proof: what the exchange has done, its lists and records show after this time at the latest. What
 * they do not show before then may be there all the same.
 */
export const READS_LATE_MS = 6000;

/** An answer and the exchange's own time in it, ms: tells whether a read is newer than an event. */
export interface Stamped<T> {
  readonly value: T;
  readonly at: number;
}

declare const ended: unique symbol;

/** A list that the exchange itself ended. Only such a list can prove that something is absent; `readPages` alone makes one. */
export interface Complete<T> extends Stamped<readonly T[]> {
  readonly [ended]: true;
}

/** As much of a list as could be read: it shows what is there, and proves nothing of the rest. */
export interface Incomplete<T> extends Stamped<readonly T[]> {
  /** Why there is no end to it. */
  readonly failure: ExchangeError;
}

export type Listing<T> = Complete<T> | Incomplete<T>;

export function isComplete<T>(list: Listing<T>): list is Complete<T> {
  return !('failure' in list);
}

/** The same list, read as something else: as complete as it was, so every row that may matter has to be in `value`. */
export function readAs<T>(list: Listing<unknown>, value: readonly T[]): Listing<T> {
  return { ...list, value };
}

/** Where only the whole list will do. Throws why it is not whole. */
export function whole<T>(list: Listing<T>): Complete<T> {
  if (isComplete(list)) return list;
  throw list.failure;
}
