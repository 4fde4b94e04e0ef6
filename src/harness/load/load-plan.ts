import type { Side } from '../../model/order.ts';
import { at } from '../../util/array.ts';
import type { Random } from '../../util/random.ts';
import { arrivalTimes, type Arrival } from './arrivals.ts';

/** What is asked of an order in its life, in this order. */
export const LOAD_KINDS = ['place', 'amend', 'cancel'] as const;

export type LoadKind = (typeof LOAD_KINDS)[number];

/** A load as data. */
export interface LoadPlan {
  readonly symbols: readonly string[];
  /** Orders, over all symbols. */
  readonly perSecond: number;
  readonly arrival: Arrival;
  /** Share of the orders that are amended once, half way through their life. */
  readonly amendRatio: number;
  /** From the time that a place is due to the time that its cancel is. */
  readonly restMs: number;
}

/** One order's life; times in ms from the start of the load. */
export interface PlannedOrder {
  readonly number: number;
  readonly symbol: string;
  readonly side: Side;
  readonly placeAt: number;
  /** Undefined: it is not amended. */
  readonly amendAt: number | undefined;
  readonly cancelAt: number;
}

/** Symbols take turns, and the orders of a symbol take sides in turn: as much is asked on each. */
export function* plannedOrders({ symbols, perSecond, arrival, amendRatio, restMs }: LoadPlan, random: Random): Generator<PlannedOrder> {
  let number = 0;
  for (const placeAt of arrivalTimes(arrival, perSecond, random)) {
    const amends = Math.floor((number + 1) * amendRatio) > Math.floor(number * amendRatio);
    yield {
      number,
      symbol: at(symbols, number % symbols.length),
      side: Math.floor(number / symbols.length) % 2 === 0 ? 'buy' : 'sell',
      placeAt,
      amendAt: amends ? placeAt + restMs / 2 : undefined,
      cancelAt: placeAt + restMs,
    };
    number += 1;
  }
}

/** At most this long: a minute's load should have its cancels in the minute. */
const LONGEST_REST_MS = 2000;

/** How long orders rest so that about half of the orders that risk allows at a time are open. */
export function restMsFor(perSecond: number, maxOpenOrders: number): number {
  return Math.min(LONGEST_REST_MS, (1000 * maxOpenOrders) / (2 * perSecond));
}
