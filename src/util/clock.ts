import { assert } from './assert.ts';
import { Heap } from './heap.ts';

/** Cancels a scheduled task; does nothing after it ran. */
export type Cancel = () => void;

declare const origin: unique symbol;

/** Wall-clock time, which users and time servers may change: for timestamps, never for durations (enforced by lint). */
export type WallTime = number & { readonly [origin]?: 'epoch' };
/** Monotonic time, ms. The compiler does not accept a `WallTime` in its place. */
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

/** Resolves after `delayMs`, or as soon as `signal` aborts; the caller checks the signal. */
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

/** Calls `task` every `periodMs` until canceled. */
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

/** The same; a task that waits does not keep the process alive. Delays of up to 24 days. */
export const backgroundClock: Clock = {
  ...systemClock,
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Longest delay of a Node timer, almost 25 days: with a longer one it runs at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

function scheduleFar(delayMs: number, task: () => void): Cancel {
  let cancel = systemClock.schedule(LONGEST_TIMER_MS, () => {
    cancel = systemClock.schedule(delayMs - LONGEST_TIMER_MS, task);
  });
  return () => cancel();
}

/** The same clock with its wall time shifted by `skewMs`. */
export function skewedClock(clock: Clock, skewMs: number): Clock {
  return stampedClock(clock, () => clock.now() + skewMs);
}

/** The same clock with wall time from `now`. */
export function stampedClock(clock: Clock, now: () => WallTime): Clock {
  return { now, monotonic: () => clock.monotonic(), schedule: (delayMs, task) => clock.schedule(delayMs, task) };
}

/**
 * The same clock for one piece of work: when it is disposed, all tasks that are still scheduled through it are dropped, and no more can be
 * scheduled. Thus a deadline or a prompt that no longer matters does not keep the process alive.
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

/** How often the time is looked at in the length of a stall. */
const LOOKS_PER_STALL = 6;

export interface StallWatch {
  readonly stallMs: number;
  readonly onStall: (ms: number) => void;
  /** Time that, unlike a monotonic clock, advances while the machine is suspended, ms. */
  readonly uptimeMs: () => number;
}

/**
 * The same clock for a process that must not act on old data after it was suspended (stopped, swapped out, or with its machine): before a
 * due task runs, `onStall` is called with the length of a gap of more than `stallMs`. Gaps are detected from `begin` on.
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
      // Otherwise a time without any due task, such as a stop that waits for the exchange, would count as a gap.
      every(clock, stallMs / LOOKS_PER_STALL, look);
    },
  };
}

interface Timer {
  readonly at: number;
  readonly order: number;
  task: (() => void) | undefined;
}

/** A call of `VirtualClock.run` that has not returned yet. */
interface Run {
  isSettled: boolean;
  readonly leave: () => void;
  readonly fail: (error: unknown) => void;
}

/** How many timers run until signals, sockets and files of the real world are looked at: a few milliseconds. */
const TIMERS_PER_TURN = 32;
/** Fewer canceled timers than this are not worth a look at all timers. */
const CANCELED_AT_LEAST = 64;

/**
 * Simulated time: it does not advance while any task can run, and jumps to the next timer when all tasks wait.
 * A task must not wait for real I/O, or time would jump too early; pass such work to `hold`.
 */
export class VirtualClock implements Clock {
  readonly #startAt: number;
  readonly #timers = new Heap<Timer>(before);
  readonly #held = new Set<Promise<unknown>>();
  readonly #runs = new Set<Run>();
  #elapsedMs = 0;
  #order = 0;
  #canceled = 0;
  #isDriven = false;

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
    // The message is built only on failure: the text of a fraction takes longer than the rest of this.
    if (!(delayMs >= 0 && Number.isFinite(delayMs))) assert(false, `delay of ${delayMs} ms`);
    const timer: Timer = { at: this.#elapsedMs + delayMs, order: this.#order++, task };
    this.#timers.push(timer);
    return () => this.#cancel(timer);
  }

  /** Stops time until `work`, which is real I/O, has settled. Its outcome is ignored here. */
  hold(work: Promise<unknown>): void {
    this.#held.add(work);
    const release = (): void => void this.#held.delete(work);
    work.then(release, release);
  }

  /** Advances time until `work` settles, and returns its outcome. Fails when all tasks wait and no timer is set. */
  async run<T>(work: Promise<T>): Promise<T> {
    await new Promise<void>((leave, fail) => {
      const run: Run = { isSettled: false, leave, fail };
      const settle = (): void => {
        run.isSettled = true;
      };
      work.then(settle, settle);
      this.#runs.add(run);
      if (!this.#isDriven) void this.#drive();
    });
    return work;
  }

  /** One driver for all calls of `run`: each would otherwise advance the time of the others. */
  async #drive(): Promise<void> {
    this.#isDriven = true;
    while (this.#runs.size > 0) {
      await this.#turn();
      if (this.#held.size > 0) await Promise.allSettled(this.#held);
    }
    this.#isDriven = false;
  }

  /**
   * One turn of the event loop. Between two callbacks of `setImmediate` Node runs every microtask and every callback of `nextTick`, thus
   * all tasks that can run.
   */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      for (let i = 0; i < TIMERS_PER_TURN; i += 1) setImmediate(this.#step);
      setImmediate(resolve);
    });
  }

  readonly #step = (): void => {
    if (this.#someLeft() || this.#runs.size === 0 || this.#held.size > 0) return;
    try {
      const timer = this.#next();
      assert(timer !== undefined, 'virtual time stands still: every task waits and no timer is set');
      this.#elapsedMs = timer.at;
      const { task } = timer;
      timer.task = undefined;
      task?.();
    } catch (error) {
      for (const run of this.#runs) run.fail(error);
      this.#runs.clear();
    }
  };

  /** Lets those calls return whose work has settled. What they do next comes before the next timer. */
  #someLeft(): boolean {
    let some = false;
    for (const run of this.#runs) {
      if (!run.isSettled) continue;
      this.#runs.delete(run);
      run.leave();
      some = true;
    }
    return some;
  }

  /** The earliest timer that was not canceled. */
  #next(): Timer | undefined {
    for (;;) {
      const timer = this.#timers.pop();
      if (timer === undefined || timer.task !== undefined) return timer;
      this.#canceled -= 1;
    }
  }

  /** A canceled timer stays where it is until half of all timers are canceled: most are deadlines that were met long before their time. */
  #cancel(timer: Timer): void {
    if (timer.task === undefined) return;
    timer.task = undefined;
    this.#canceled += 1;
    if (this.#canceled < CANCELED_AT_LEAST || 2 * this.#canceled < this.#timers.size) return;
    this.#timers.keep(({ task }) => task !== undefined);
    this.#canceled = 0;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Wall time in ms as `2026-01-31T23:59:59.000Z`. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

const CALENDAR_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/;

/** `2026-01-31` or `2026-01-31T23:59`, in UTC, as ms since the epoch; undefined for anything else. */
export function timeIn(text: string): number | undefined {
  if (!CALENDAR_TIME.test(text)) return undefined;
  const at = Date.parse(text.length > 10 && !text.endsWith('Z') ? `${text}Z` : text);
  // JavaScript takes the 30th of February for the 2nd of March.
  return Number.isNaN(at) || isoTime(at).slice(0, 10) !== text.slice(0, 10) ? undefined : at;
}
