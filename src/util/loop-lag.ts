import type { Cancel, Clock } from './clock.ts';

/** Calls `onLag` every `periodMs` with the delay of a timer, which is the delay of the event loop, until canceled. */
export function watchLoopLag(clock: Clock, periodMs: number, onLag: (lagMs: number) => void): Cancel {
  let cancel: Cancel = () => undefined;
  const probe = (): void => {
    const dueAt = clock.monotonic() + periodMs;
    cancel = clock.schedule(periodMs, () => {
      onLag(Math.max(0, clock.monotonic() - dueAt));
      probe();
    });
  };
  probe();
  return () => cancel();
}
