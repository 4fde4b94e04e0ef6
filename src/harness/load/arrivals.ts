import { randomExponential, type Random } from '../../util/random.ts';

/** Arrivals of orders: at equal distances, or independent of each other as from many senders. */
export const ARRIVALS = ['constant', 'poisson'] as const;

export type Arrival = (typeof ARRIVALS)[number];

/** Due times of the orders of an open loop, ms from its start, without end. They do not depend on answers to earlier orders. */
export function* arrivalTimes(arrival: Arrival, perSecond: number, random: Random): Generator<number, never> {
  const gapMs = 1000 / perSecond;
  // Computed from the number, not from the previous time, so that errors do not add up. The half keeps orders off the edges of windows.
  if (arrival === 'constant') for (let i = 0; ; i += 1) yield (i + 0.5) * gapMs;
  for (let at = 0; ;) {
    at += randomExponential(random, gapMs);
    yield at;
  }
}
