import type { ExchangeError } from '../../errors.ts';

/** The delay before a read that has failed `tries` times is retried, ms; undefined: do not retry. */
export type ReadAgain = (error: ExchangeError, tries: number, path: string) => number | undefined;

const FIRST_MS = 100;
const LONGEST_MS = 2000;
/** More tries after a rate-limit refusal: the exchange responds, and the limit resets within a second. */
const THROTTLED_TRIES = 20;
const THROTTLED_LONGEST_MS = 400;

/** Retries failures that may pass with time: no response, rate limit, wrong clock. Not API keys, parameters or bans. */
export function patientReads(mostTries: number): ReadAgain {
  return ({ kind }, tries) => {
    const inMs = FIRST_MS * 2 ** (tries - 1);
    if (kind === 'throttled') return tries >= THROTTLED_TRIES ? undefined : Math.min(THROTTLED_LONGEST_MS, inMs);
    if (tries >= mostTries || (kind !== 'unavailable' && kind !== 'clock')) return undefined;
    return Math.min(LONGEST_MS, inMs);
  };
}
