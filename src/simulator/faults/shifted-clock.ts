import type { Clock } from '../../util/clock.ts';
import type { Faults } from './faults.ts';

const MOST_SKEW_MS = 900;
const LEAST_JUMP_MS = 1500;
const MOST_JUMP_MS = 5000;

/** The wall clock of an exchange that is wrong while a fault is active; durations are unaffected. */
export function shiftedClock(clock: Clock, faults: Faults): Clock {
  let skewMs = 0;
  let jumpMs = 0;
  faults.onBegin('clock-skew', () => {
    skewMs = Math.round(MOST_SKEW_MS * (2 * faults.draw('clock-skew') - 1));
    faults.strikes('clock-skew');
  });
  faults.onEnd('clock-skew', () => {
    skewMs = 0;
  });
  faults.onBegin('clock-jump', () => {
    jumpMs = Math.round(LEAST_JUMP_MS + (MOST_JUMP_MS - LEAST_JUMP_MS) * faults.draw('clock-jump'));
    faults.strikes('clock-jump');
  });
  faults.onEnd('clock-jump', () => {
    jumpMs = 0;
  });
  return {
    now: () => clock.now() + skewMs + jumpMs,
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) => clock.schedule(delayMs, task),
  };
}
