import type { Host } from '../../host.ts';
import { systemClock } from '../../util/clock.ts';
import type { OutputOptions } from '../options/options.ts';

const TERMINAL_MS = 200;
const PIPE_MS = 5000;

/**
 * Returns a function that says whether to show progress now: several times a second on a terminal, every few seconds in a pipe, never with
 * `--quiet`. In real time also when the run is on the virtual clock, because a person watches.
 */
export function progressPace({ stderr }: Host, { quiet }: OutputOptions): () => boolean {
  const everyMs = stderr.isTerminal ? TERMINAL_MS : PIPE_MS;
  let shownAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = systemClock.monotonic();
    if (quiet || now - shownAt < everyMs) return false;
    shownAt = now;
    return true;
  };
}
