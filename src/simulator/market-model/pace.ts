import { every, type Cancel, type Clock } from '../../util/clock.ts';

/** At most this many missed steps are made up for after a stall. */
const MOST_STEPS = 100;

/** Makes a step now and every `stepMs`; steps missed in a stall follow at once. */
export function pace(clock: Clock, stepMs: number, step: () => void): Cancel {
  let done = clock.monotonic() - stepMs;
  const catchUp = (): void => {
    const due = Math.floor((clock.monotonic() - done) / stepMs);
    for (let i = Math.min(due, MOST_STEPS); i > 0; i -= 1) step();
    done += due * stepMs;
  };
  catchUp();
  return every(clock, stepMs, catchUp);
}
