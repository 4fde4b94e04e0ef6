import { every, type Cancel, type Clock } from '../../util/clock.ts';

/** After a stall no more steps than this are made up for. */
const MOST_STEPS = 100;

/** Makes a step now and every `stepMs`; steps that a stalled process missed follow at once. */
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
