import { InvalidArgumentError, Option } from 'commander';
import { timeIn } from '../../util/clock.ts';
import { durationIn } from './durations.ts';

/** A moment as it was given: a time before now, or a time of the calendar. */
export type Moment = { readonly ago: number } | { readonly at: number };

export function momentOption(flag: '--since' | '--until', about: string): Option {
  return new Option(`${flag} <time>`, about).argParser(parseMoment);
}

/** ms since the epoch. */
export function momentAt(moment: Moment, now: number): number {
  return 'ago' in moment ? now - moment.ago : moment.at;
}

/** Parser for commander: `7d` or `90m` before now, `2026-11-01` or `2026-11-01T08:30Z`, UTC. */
function parseMoment(text: string): Moment {
  // A bare number would be seconds, and a year looks like one.
  const ago = /^\d+$/.test(text) ? undefined : durationIn(text);
  if (ago !== undefined) return { ago };
  const at = timeIn(text);
  if (at !== undefined) return { at };
  throw new InvalidArgumentError(
    `Expected a time before now such as 7d or 12h, or a date such as 2026-11-01 or 2026-11-01T08:30 (UTC), was '${text}'.`,
  );
}
