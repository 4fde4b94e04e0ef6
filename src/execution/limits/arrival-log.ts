import type { LimitObservation } from '../../exchange/exchange.ts';
import type { PathDelay } from './path-delay.ts';

const SECOND_MS = 1000;
/** For how long the last measured usage of other clients of the account is assumed to continue. */
const FOREIGN_MS = 2000;
/** An unanswered request is assumed to have arrived at most this long after it was sent. */
const LATEST_MS = 500;
/** Exchange times are rounded to whole ms: two times of the same instant may differ by this much. */
const CLOCK_STEP_MS = 2;

interface Entry {
  /** Orders in the request. */
  readonly weight: number;
  readonly sentAt: number;
  /** Monotonic time of the response; undefined before it arrives. */
  readonly answeredAt: number | undefined;
  /** Exchange time in the response; undefined when the response has none. */
  readonly arrivedAt: number | undefined;
  /** False: refused, so the exchange does not count it. */
  readonly passed: boolean;
}

/**
 * Conservative estimate of one of the exchange's rate-limit counters over a rolling second. The exchange counts arrivals, while we
 * control only send times: a request counts until its response, and then until a request sent now would arrive a second after it.
 */
export class ArrivalLog {
  readonly #delay: PathDelay;
  #inFlight: Entry[] = [];
  #answered: Entry[] = [];
  #foreign = { weight: 0, until: 0 };

  /** `delay`: shared with the other logs, so that every response improves the estimate for all of them. */
  constructor(delay: PathDelay) {
    this.#delay = delay;
  }

  sent(now: number, weight: number): void {
    this.#inFlight.push({ weight, sentAt: now, answeredAt: undefined, arrivedAt: undefined, passed: true });
  }

  /** A response to one of our requests has arrived; it is attributed to the oldest unanswered one. */
  answered(now: number, { sentAt, at, exceeded }: Pick<LimitObservation, 'sentAt' | 'at' | 'exceeded'>): void {
    const { weight } = this.#inFlight.shift() ?? { weight: 1 };
    this.#answered.push({ weight, sentAt, answeredAt: now, arrivedAt: at, passed: !exceeded });
  }

  /**
   * The exchange's counter was `used` when it responded at `arrivedAt`. What our requests do not explain comes from other clients
   * of the account, and is assumed to continue.
   */
  reported(used: number, arrivedAt: number, now: number): void {
    const since = arrivedAt - SECOND_MS - CLOCK_STEP_MS;
    const ours = this.#answered.filter(({ passed, arrivedAt: at }) => passed && at !== undefined && at > since && at <= arrivedAt);
    this.#foreign = { weight: Math.max(0, used - weightOf(ours)), until: now + FOREIGN_MS };
  }

  count(now: number): number {
    const foreign = now < this.#foreign.until ? this.#foreign.weight : 0;
    if (this.#inFlight.length + this.#answered.length === 0) return foreign;
    const freeAt = this.#freeAt(now);
    this.#inFlight = this.#inFlight.filter((entry) => freeAt(entry) > now);
    this.#answered = this.#answered.filter((entry) => freeAt(entry) > now);
    return weightOf(this.#inFlight) + weightOf(this.#answered) + foreign;
  }

  /** When the count falls next unless a response arrives before; monotonic ms. */
  nextFree(now: number): number | undefined {
    const times = [...this.#inFlight, ...this.#answered].map(this.#freeAt(now));
    if (this.#foreign.weight > 0 && now < this.#foreign.until) times.push(this.#foreign.until);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** When an entry stops counting, monotonic ms. */
  #freeAt(now: number): (entry: Entry) => number {
    const margin = this.#delay.marginMs(now);
    const earliest = this.#delay.earliestArrival(now);
    return ({ sentAt, answeredAt, arrivedAt }) => {
      const latest = sentAt + SECOND_MS + LATEST_MS;
      if (answeredAt === undefined) return latest;
      if (arrivedAt === undefined) return Math.min(latest, answeredAt + SECOND_MS);
      const apart = earliest === undefined ? sentAt + SECOND_MS : now + arrivedAt + SECOND_MS - earliest;
      return Math.min(latest, apart + margin);
    };
  }
}

function weightOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { weight }) => sum + weight, 0);
}
