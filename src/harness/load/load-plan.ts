import type { Side } from '../../model/order.ts';
import { at } from '../../util/array.ts';
import type { Random } from '../../util/random.ts';
import { arrivalTimes, type Arrival } from './arrivals.ts';

/** The requests in the life of an order, in this order. */
export const LOAD_KINDS = ['place', 'amend', 'cancel'] as const;

export type LoadKind = (typeof LOAD_KINDS)[number];

/** A load as data. */
export interface LoadPlan {
  readonly symbols: readonly string[];
  /** Orders per second over all symbols. */
  readonly perSecond: number;
  readonly arrival: Arrival;
  /** Share of the orders that are amended once, halfway through their life. */
  readonly amendRatio: number;
  /** From when the place is due to when the cancel is due. */
  readonly restMs: number;
}

/** The life of one order; times in ms from the start of the load. */
export interface PlannedOrder {
  readonly number: number;
  readonly symbol: string;
  readonly side: Side;
  readonly placeAt: number;
  /** Undefined: no amend. */
  readonly amendAt: number | undefined;
  readonly cancelAt: number;
}

/** Orders alternate between symbols, and per symbol between sides, so that each gets the same load. */
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

/** Upper limit, so that the load of a minute has most of its cancels in that minute. */
const LONGEST_REST_MS = 2000;

/** How long orders rest so that about half of the open orders that risk allows are open at a time. */
export function restMsFor(perSecond: number, maxOpenOrders: number): number {
  return Math.min(LONGEST_REST_MS, (1000 * maxOpenOrders) / (2 * perSecond));
}
