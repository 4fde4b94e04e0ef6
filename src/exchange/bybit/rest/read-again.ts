import type { ExchangeError } from '../../errors.ts';

/** In how many ms a read that failed for the `tries`th time is asked again; undefined: its failure is final. */
export type ReadAgain = (error: ExchangeError, tries: number, path: string) => number | undefined;

const FIRST_MS = 100;
const LONGEST_MS = 2000;
/** A refusal for the rate limit is an answer, and a promise that the next second brings another. */
const THROTTLED_TRIES = 20;
const THROTTLED_LONGEST_MS = 400;

/** What time may mend: no answer, a limit, a wrong clock. Keys, parameters and bans it does not. */
export function patientReads(mostTries: number): ReadAgain {
  return ({ kind }, tries) => {
    const inMs = FIRST_MS * 2 ** (tries - 1);
    if (kind === 'throttled') return tries >= THROTTLED_TRIES ? undefined : Math.min(THROTTLED_LONGEST_MS, inMs);
    if (tries >= mostTries || (kind !== 'unavailable' && kind !== 'clock')) return undefined;
    return Math.min(LONGEST_MS, inMs);
  };
}
