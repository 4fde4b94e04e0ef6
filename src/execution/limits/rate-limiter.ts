import { REQUEST_CLASSES, type LimitObservation, type RequestClass } from '../../exchange/exchange.ts';
import { defined } from '../../util/assert.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import { ArrivalLog } from './arrival-log.ts';
import { PathDelay } from './path-delay.ts';

/** The reset of a counter is never further away. */
const SECOND_MS = 1000;

interface Waiter {
  /** Orders in the request. */
  readonly weight: number;
  readonly expiresAt: number;
  readonly grant: (granted: boolean) => void;
}

interface Lane {
  /** Requests in a rolling second of the exchange. */
  limit: number;
  readonly log: ArrivalLog;
  /** Oldest first. */
  readonly queue: Waiter[];
  /** Monotonic; nothing is sent before. */
  closedUntil: number;
  wake: Cancel | undefined;
}

/**
 * A sliding log per request class: never more than the limit in any second of the exchange, not on average. Each class is a
 * lane of its own, so a cancel never waits behind a create.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #ceilings: Readonly<Record<RequestClass, number>>;
  readonly #lanes: ReadonlyMap<RequestClass, Lane>;
  readonly #delay = new PathDelay();

  /** `ceilings`: requests a second that we allow ourselves, Infinity for as many as come; what the exchange says can only lower them. */
  constructor(clock: Clock, ceilings: Readonly<Record<RequestClass, number>>) {
    this.#clock = clock;
    this.#ceilings = ceilings;
    const lane = (limit: number): Lane => ({ limit, log: new ArrivalLog(this.#delay), queue: [], closedUntil: 0, wake: undefined });
    this.#lanes = new Map(REQUEST_CLASSES.map((name) => [name, lane(ceilings[name])]));
  }

  /** Resolves true when the request may be sent now, false when it waited `patienceMs` in vain and must not be sent. */
  acquire(requestClass: RequestClass, patienceMs = Number.POSITIVE_INFINITY, weight = 1): Promise<boolean> {
    const lane = this.#lane(requestClass);
    // Nothing to count: at thousands a second the log would be the slowest part of the way.
    if (lane.limit === Number.POSITIVE_INFINITY) return Promise.resolve(true);
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
    return now < lane.closedUntil ? 0 : Math.max(0, lane.limit - lane.log.count(now) - lane.queue.length);
  }

  /** Every answer corrects its lane by the exchange's own words: when it arrived, the limit, what is left, and when a closed counter opens again. */
  observe(observation: LimitObservation): void {
    const { class: name, limit, remaining, exceeded, resetAt, sentAt, at } = observation;
    const lane = this.#lane(name);
    const now = this.#clock.monotonic();
    if (at !== undefined) this.#delay.answered(sentAt, at, now);
    lane.log.answered(now, observation);
    if (Number.isFinite(limit)) lane.limit = Math.max(1, Math.min(this.#ceilings[name], limit));
    if (exceeded) {
      this.#delay.refused(now);
      const untilReset = at === undefined ? SECOND_MS : Math.min(SECOND_MS, Math.max(0, resetAt - at));
      lane.closedUntil = Math.max(lane.closedUntil, now + untilReset + this.#delay.marginMs(now));
    } else if (Number.isFinite(limit) && at !== undefined) lane.log.reported(limit - remaining, at, now);
    this.#serve(lane);
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
        lane.log.sent(now, first.weight);
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
    const freeAt = Math.max(lane.closedUntil, fits(lane, first, now) ? now : (lane.log.nextFree(now) ?? now));
    // A hair after the instant: at the instant itself the window still counts the old request, the deadline has not passed.
    const wakeAt = Math.min(freeAt, first.expiresAt) + 0.01;
    lane.wake = this.#clock.schedule(Math.max(0, wakeAt - now), () => this.#serve(lane));
  }

  #lane(requestClass: RequestClass): Lane {
    return defined(this.#lanes.get(requestClass), `lane ${requestClass}`);
  }
}

/** A request of more orders than the lane allows at once goes alone. */
function fits({ log, limit }: Lane, { weight }: Waiter, now: number): boolean {
  const count = log.count(now);
  return count + weight <= Math.max(limit, count === 0 ? weight : 0);
}
