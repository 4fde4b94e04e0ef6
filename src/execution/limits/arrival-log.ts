import type { LimitObservation } from '../../exchange/exchange.ts';
import type { PathDelay } from './path-delay.ts';

const SECOND_MS = 1000;
/** For how long the last word about other clients of the account holds. */
const FOREIGN_MS = 2000;
/** A request that nobody answers is taken to have arrived this late at most. */
const LATEST_MS = 500;
/** Exchange times are whole ms: two of them that mean the same instant may differ by this. */
const CLOCK_STEP_MS = 2;

interface Entry {
  /** Orders in the request. */
  readonly weight: number;
  readonly sentAt: number;
  /** Monotonic, when the answer came; undefined before. */
  readonly answeredAt: number | undefined;
  /** Exchange time in the answer; undefined where it names none. */
  readonly arrivedAt: number | undefined;
  /** False: refused, so the exchange does not count it. */
  readonly passed: boolean;
}

/**
 * What one of the exchange's rolling-second counters holds, as it must be assumed here. The exchange counts arrivals, we only
 * choose departures: a request counts until it is answered, and then until a request sent now arrives a second after it.
 */
export class ArrivalLog {
  readonly #delay: PathDelay;
  #inFlight: Entry[] = [];
  #answered: Entry[] = [];
  #foreign = { weight: 0, until: 0 };

  /** `delay`: shared with the other logs; every answer teaches all of them. */
  constructor(delay: PathDelay) {
    this.#delay = delay;
  }

  sent(now: number, weight: number): void {
    this.#inFlight.push({ weight, sentAt: now, answeredAt: undefined, arrivedAt: undefined, passed: true });
  }

  /** An answer to one of our requests has come; it counts for the oldest unanswered one. */
  answered(now: number, { sentAt, at, exceeded }: Pick<LimitObservation, 'sentAt' | 'at' | 'exceeded'>): void {
    const { weight } = this.#inFlight.shift() ?? { weight: 1 };
    this.#answered.push({ weight, sentAt, answeredAt: now, arrivedAt: at, passed: !exceeded });
  }

  /**
   * The exchange's counter stood at `used` when it answered at `arrivedAt`: what is not ours is from other clients of the
   * account, who will go on as they do.
   */
  reported(used: number, arrivedAt: number, now: number): void {
    const since = arrivedAt - SECOND_MS - CLOCK_STEP_MS;
    const ours = this.#answered.filter(({ passed, arrivedAt: at }) => passed && at !== undefined && at > since && at <= arrivedAt);
    this.#foreign = { weight: Math.max(0, used - weightOf(ours)), until: now + FOREIGN_MS };
  }

  count(now: number): number {
    const freeAt = this.#freeAt(now);
    this.#inFlight = this.#inFlight.filter((entry) => freeAt(entry) > now);
    this.#answered = this.#answered.filter((entry) => freeAt(entry) > now);
    return weightOf(this.#inFlight) + weightOf(this.#answered) + (now < this.#foreign.until ? this.#foreign.weight : 0);
  }

  /** When the count falls next, unless an answer comes before; monotonic ms. */
  nextFree(now: number): number | undefined {
    const times = [...this.#inFlight, ...this.#answered].map(this.#freeAt(now));
    if (this.#foreign.weight > 0 && now < this.#foreign.until) times.push(this.#foreign.until);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** When an entry stops to count, monotonic ms. */
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
