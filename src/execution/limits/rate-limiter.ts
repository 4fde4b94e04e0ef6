import { REQUEST_CLASSES, type LimitObservation, type RequestClass } from '../../exchange/exchange.ts';
import { defined } from '../../util/assert.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import { ArrivalLog } from './arrival-log.ts';
import { PathDelay } from './path-delay.ts';

/** The exchange's counters reset within this time. */
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
  /** Monotonic; nothing is sent before this time. */
  closedUntil: number;
  wake: Cancel | undefined;
}

/**
 * Rate limiter with a sliding log per request class: the limit holds for every rolling second of the exchange, not only on average.
 * Each class has its own lane, so a cancel never waits behind a create. Packages only limit averages (docs/decisions/0002).
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #ceilings: Readonly<Record<RequestClass, number>>;
  readonly #lanes: ReadonlyMap<RequestClass, Lane>;
  readonly #delay = new PathDelay();

  /** `ceilings`: our own limits in requests per second, Infinity for none; limits reported by the exchange can only lower them. */
  constructor(clock: Clock, ceilings: Readonly<Record<RequestClass, number>>) {
    this.#clock = clock;
    this.#ceilings = ceilings;
    const lane = (limit: number): Lane => ({ limit, log: new ArrivalLog(this.#delay), queue: [], closedUntil: 0, wake: undefined });
    this.#lanes = new Map(REQUEST_CLASSES.map((name) => [name, lane(ceilings[name])]));
  }

  /** Resolves to true when the request may be sent now, to false when it has waited `patienceMs` and must not be sent. */
  acquire(requestClass: RequestClass, patienceMs = Number.POSITIVE_INFINITY, weight = 1): Promise<boolean> {
    if (patienceMs >= 0 && this.take(requestClass, weight)) return Promise.resolve(true);
    const lane = this.#lane(requestClass);
    const now = this.#clock.monotonic();
    return new Promise((resolve) => {
      lane.queue.push({ weight, expiresAt: now + patienceMs, grant: resolve });
      this.#serve(lane);
    });
  }

  /** The same without waiting: true when the request may be sent now, false when it would have to wait. */
  take(requestClass: RequestClass, weight = 1): boolean {
    const lane = this.#lane(requestClass);
    // Without a limit nothing is logged: at thousands of requests per second the log would be the slowest part of the path.
    if (lane.limit === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.monotonic();
    if (lane.queue.length > 0 || now < lane.closedUntil || !fits(lane, weight, now)) return false;
    lane.log.sent(now, weight);
    return true;
  }

  /** How many requests of this class could be sent at once. Above that, decide again later: a price that waits in a lane goes stale. */
  room(requestClass: RequestClass): number {
    const lane = this.#lane(requestClass);
    const now = this.#clock.monotonic();
    return now < lane.closedUntil ? 0 : Math.max(0, lane.limit - lane.log.count(now) - lane.queue.length);
  }

  /**
   * Corrects a lane by a response of the exchange: arrival time, limit, remaining requests and, when the limit was exceeded, the
   * reset time.
   */
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
      else if (now >= lane.closedUntil && fits(lane, first.weight, now)) {
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
    const freeAt = Math.max(lane.closedUntil, fits(lane, first.weight, now) ? now : (lane.log.nextFree(now) ?? now));
    // Slightly later: at the exact instant the window still counts the old request and the deadline has not passed yet.
    const wakeAt = Math.min(freeAt, first.expiresAt) + 0.01;
    lane.wake = this.#clock.schedule(Math.max(0, wakeAt - now), () => this.#serve(lane));
  }

  #lane(requestClass: RequestClass): Lane {
    return defined(this.#lanes.get(requestClass), `lane ${requestClass}`);
  }
}

/** A batch of more orders than the limit fits only into an empty window, and is then sent alone. */
function fits({ log, limit }: Lane, weight: number, now: number): boolean {
  const count = log.count(now);
  return count + weight <= Math.max(limit, count === 0 ? weight : 0);
}
