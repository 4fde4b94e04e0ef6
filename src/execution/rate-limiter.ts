import { REQUEST_CLASSES, type LimitObservation, type RequestClass } from '../exchange/exchange.ts';
import { defined } from '../util/assert.ts';
import type { Cancel, Clock } from '../util/clock.ts';
import { RollingCount } from '../util/rolling.ts';

/** The exchange counts arrivals in a rolling second; requests sent apart may arrive together when the network's delay varies by this much. */
const JITTER_MS = 100;
const WINDOW_MS = 1000 + JITTER_MS;

interface Waiter {
  /** Orders in the request. */
  readonly weight: number;
  readonly expiresAt: number;
  readonly grant: (granted: boolean) => void;
}

interface Lane {
  /** Requests per window. */
  limit: number;
  readonly sent: RollingCount;
  /** Oldest first. */
  readonly queue: Waiter[];
  /** Monotonic; nothing is sent before. */
  closedUntil: number;
  wake: Cancel | undefined;
}

/**
 * A sliding log per request class: never more than the limit in any window, not on average. Each class is a lane of its
 * own, so a cancel never waits behind a create.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #ceilings: Readonly<Record<RequestClass, number>>;
  readonly #lanes: ReadonlyMap<RequestClass, Lane>;

  /** `ceilings`: requests a second that we allow ourselves; what the exchange says can only lower them. */
  constructor(clock: Clock, ceilings: Readonly<Record<RequestClass, number>>) {
    this.#clock = clock;
    this.#ceilings = ceilings;
    const lane = (limit: number): Lane => ({ limit, sent: new RollingCount(WINDOW_MS), queue: [], closedUntil: 0, wake: undefined });
    this.#lanes = new Map(REQUEST_CLASSES.map((name) => [name, lane(ceilings[name])]));
  }

  /** Resolves true when the request may be sent now, false when it waited `patienceMs` in vain and must not be sent. */
  acquire(requestClass: RequestClass, patienceMs = Number.POSITIVE_INFINITY, weight = 1): Promise<boolean> {
    const lane = this.#lane(requestClass);
    const now = this.#clock.monotonic();
    return new Promise((resolve) => {
      lane.queue.push({ weight, expiresAt: now + patienceMs, grant: resolve });
      this.#serve(lane);
    });
  }

  /** How many requests of this class would leave at once. A price that waits in a lane grows stale: decide again later instead. */
  room(requestClass: RequestClass): number {
    const lane = this.#lane(requestClass);
    const now = this.#clock.monotonic();
    return now < lane.closedUntil ? 0 : Math.max(0, lane.limit - lane.sent.count(now) - lane.queue.length);
  }

  /** Corrects a lane by the exchange's own words: its limit, what it says is left, and when a closed counter opens again. */
  observe(observation: LimitObservation, exchangeTime: number): void {
    const lane = this.#lane(observation.class);
    const now = this.#clock.monotonic();
    lane.limit = Math.max(1, Math.min(this.#ceilings[observation.class], observation.limit));
    if (!observation.exceeded) return;
    const untilReset = Math.min(WINDOW_MS, Math.max(0, observation.resetAt - exchangeTime));
    lane.closedUntil = Math.max(lane.closedUntil, now + untilReset + JITTER_MS);
  }

  #serve(lane: Lane): void {
    const now = this.#clock.monotonic();
    lane.wake?.();
    lane.wake = undefined;
    while (lane.queue.length > 0) {
      const [first] = lane.queue;
      if (first === undefined) return;
      if (first.expiresAt < now) this.#dismiss(lane, false);
      else if (now >= lane.closedUntil && fits(lane, first, now)) {
        for (let i = 0; i < first.weight; i += 1) lane.sent.add(now);
        this.#dismiss(lane, true);
      } else {
        this.#wakeLater(lane, first, now);
        return;
      }
    }
  }

  #dismiss(lane: Lane, granted: boolean): void {
    lane.queue.shift()?.grant(granted);
  }

  #wakeLater(lane: Lane, first: Waiter, now: number): void {
    const freeAt = Math.max(lane.closedUntil, fits(lane, first, now) ? now : (lane.sent.nextExpiry(now) ?? now));
    // A hair after the instant: at the instant itself the window still counts the old request, the deadline has not passed.
    const wakeAt = Math.min(freeAt, first.expiresAt) + 0.01;
    lane.wake = this.#clock.schedule(Math.max(0, wakeAt - now), () => this.#serve(lane));
  }

  #lane(requestClass: RequestClass): Lane {
    return defined(this.#lanes.get(requestClass), `lane ${requestClass}`);
  }
}

/** A request of more orders than the lane allows at once goes alone. */
function fits({ sent, limit }: Lane, { weight }: Waiter, now: number): boolean {
  return sent.count(now) + weight <= Math.max(limit, sent.count(now) === 0 ? weight : 0);
}
