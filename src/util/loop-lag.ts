import type { Cancel, Clock } from './clock.ts';

/** Tells how late a timer comes, every `periodMs`, until cancelled: everything that waits for the event loop waits longer by that. */
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
