import { randomExponential, type Random } from '../../util/random.ts';

/** How orders come: at even distances, or independently of each other as those of many senders do. */
export const ARRIVALS = ['constant', 'poisson'] as const;

export type Arrival = (typeof ARRIVALS)[number];

/** When the orders of an open loop are due, ms from its start, for ever: they come whether the ones before were answered or not. */
export function* arrivalTimes(arrival: Arrival, perSecond: number, random: Random): Generator<number, never> {
  const gapMs = 1000 / perSecond;
  // Each from its number, not from the one before: nothing adds up. The half keeps them off the edges of any window.
  if (arrival === 'constant') for (let i = 0; ; i += 1) yield (i + 0.5) * gapMs;
  for (let at = 0; ;) {
    at += randomExponential(random, gapMs);
    yield at;
  }
}
