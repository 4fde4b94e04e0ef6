import { assert } from './assert.ts';
import { Heap } from './heap.ts';

/** Cancels what was scheduled; harmless after it ran. */
export type Cancel = () => void;

declare const origin: unique symbol;

/** A moment of the wall clock, which people and time servers set back and forth: a stamp, never one end of a duration (lint). */
export type WallTime = number & { readonly [origin]?: 'epoch' };
/** A moment of the monotonic clock, ms. No `WallTime` is one: what takes the one does not compile with the other. */
export type Instant = number & { readonly [origin]?: 'process' };

/** The only source of time. Every duration and deadline is monotonic; wall time is for timestamps alone. */
export interface Clock {
  /** Wall time, whole ms since the epoch. */
  now(): WallTime;
  /** Monotonic time in ms, with a fraction; its origin means nothing. */
  monotonic(): Instant;
  /** Runs `task` once, `delayMs` (>= 0) from now. Tasks due at the same instant run in the order they were scheduled. */
  schedule(delayMs: number, task: () => void): Cancel;
}

/** Resolves after `delayMs`, or at once when `signal` aborts: the caller looks at the signal to tell. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const wake = (): void => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.schedule(delayMs, wake);
    signal?.addEventListener('abort', wake);
  });
}

/** Calls `task` every `periodMs` until cancelled. */
export function every(clock: Clock, periodMs: number, task: () => void): Cancel {
  let cancel = clock.schedule(periodMs, tick);
  function tick(): void {
    cancel = clock.schedule(periodMs, tick);
    task();
  }
  return () => cancel();
}

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, task) {
    if (delayMs > LONGEST_TIMER_MS) return scheduleFar(delayMs, task);
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Node runs what is further away, almost 25 days, at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

function scheduleFar(delayMs: number, task: () => void): Cancel {
  let cancel = systemClock.schedule(LONGEST_TIMER_MS, () => {
    cancel = systemClock.schedule(delayMs - LONGEST_TIMER_MS, task);
  });
  return () => cancel();
}

/** The same time under a wall clock that is wrong by `skewMs`. */
export function skewedClock(clock: Clock, skewMs: number): Clock {
  return stampedClock(clock, () => clock.now() + skewMs);
}

/** The same time, stamped by somebody else's wall clock. */
export function stampedClock(clock: Clock, now: () => WallTime): Clock {
  return { now, monotonic: () => clock.monotonic(), schedule: (delayMs, task) => clock.schedule(delayMs, task) };
}

/**
 * The same time for one piece of work: when it is disposed of, everything still scheduled through it is dropped, and nothing more can be
 * scheduled. So a deadline or a question that no longer matters does not keep the process alive.
 */
export function scopedClock(clock: Clock): Clock & Disposable {
  const pending = new Set<Cancel>();
  let ended = false;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule(delayMs, task) {
      if (ended) return () => undefined;
      const cancel = clock.schedule(delayMs, () => {
        pending.delete(cancel);
        task();
      });
      pending.add(cancel);
      return () => {
        pending.delete(cancel);
        cancel();
      };
    },
    [Symbol.dispose]() {
      ended = true;
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}

export interface StallWatch {
  readonly stallMs: number;
  readonly onStall: (ms: number) => void;
  /** Time that goes on while the machine is suspended, as a monotonic clock does not, ms. */
  readonly uptimeMs: () => number;
}

/**
 * The same time for a process that must not act on what was true before it stood still (stopped, swapped out, suspended with its
 * machine): before anything that is due runs, `onStall` hears of a gap of more than `stallMs`, with its length. It is looked
 * for from `begin` on, and only as closely as something is due.
 */
export function watchedClock(clock: Clock, { stallMs, onStall, uptimeMs }: StallWatch): Clock & { begin(): void } {
  const read = (): readonly [number, number] => [clock.monotonic(), uptimeMs()];
  let seen: readonly [number, number] | undefined;
  const look = (): void => {
    if (seen === undefined) return;
    const now = read();
    const gap = Math.max(now[0] - seen[0], now[1] - seen[1]);
    seen = now;
    if (gap > stallMs) onStall(gap);
  };
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) =>
      clock.schedule(delayMs, () => {
        look();
        task();
      }),
    begin() {
      seen = read();
    },
  };
}

interface Timer {
  readonly at: number;
  readonly order: number;
  task: (() => void) | undefined;
}

/**
 * Simulated time: it stands still while anything can run and jumps to the next timer when every task waits.
 * Nothing that runs under it may wait for real I/O, or the jump comes too early; what must read a file says so by `hold`.
 */
export class VirtualClock implements Clock {
  readonly #startAt: number;
  readonly #timers = new Heap<Timer>(before);
  readonly #held = new Set<Promise<unknown>>();
  #elapsedMs = 0;
  #order = 0;

  /** `startAt`: the wall time at which the simulation begins, ms since the epoch. */
  constructor(startAt: number) {
    this.#startAt = startAt;
  }

  now(): WallTime {
    return Math.floor(this.#startAt + this.#elapsedMs);
  }

  monotonic(): Instant {
    return this.#elapsedMs;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    assert(delayMs >= 0 && Number.isFinite(delayMs), `delay of ${delayMs} ms`);
    const timer: Timer = { at: this.#elapsedMs + delayMs, order: this.#order++, task };
    this.#timers.push(timer);
    return () => {
      timer.task = undefined;
    };
  }

  /** Time stands still until `work`, real I/O, has settled; how it ended is its owner's business. */
  hold(work: Promise<unknown>): void {
    this.#held.add(work);
    const release = (): void => void this.#held.delete(work);
    work.then(release, release);
  }

  /** Lets time pass until `work` settles, and returns its outcome. Fails when everything waits and no timer is set. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    for (;;) {
      await drained();
      if (settled) return work;
      if (this.#held.size > 0) {
        await Promise.allSettled(this.#held);
        continue;
      }
      const timer = this.#next();
      assert(timer !== undefined, 'virtual time stands still: every task waits and no timer is set');
      this.#elapsedMs = timer.at;
      timer.task?.();
    }
  }

  /** The earliest timer that was not cancelled. */
  #next(): Timer | undefined {
    for (;;) {
      const timer = this.#timers.pop();
      if (timer === undefined || timer.task !== undefined) return timer;
    }
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves when every microtask and already queued callback has run. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** `2026-01-31T23:59:59.000Z` of wall time in ms. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
