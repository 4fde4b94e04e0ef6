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
  /** Exchange time of the answer; undefined before it came. */
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
  /** By arrival. */
  #arrived: Entry[] = [];
  #foreign = { weight: 0, until: 0 };

  /** `delay`: shared with the other logs; every answer teaches all of them. */
  constructor(delay: PathDelay) {
    this.#delay = delay;
  }

  sent(now: number, weight: number): void {
    this.#inFlight.push({ weight, sentAt: now, arrivedAt: undefined, passed: true });
  }

  /** An answer to one of our requests; it counts for the oldest unanswered one. */
  answered(sentAt: number, arrivedAt: number, passed: boolean): void {
    const { weight } = this.#inFlight.shift() ?? { weight: 1 };
    this.#insert({ weight, sentAt, arrivedAt, passed });
  }

  /**
   * The exchange's counter stood at `used` when it answered at `arrivedAt`: what is not ours is from other clients of the
   * account, who will go on as they do.
   */
  reported(used: number, arrivedAt: number, now: number): void {
    const since = arrivedAt - SECOND_MS - CLOCK_STEP_MS;
    const ours = this.#arrived.filter((entry) => entry.passed && timeOf(entry) > since && timeOf(entry) <= arrivedAt);
    this.#foreign = { weight: Math.max(0, used - weightOf(ours)), until: now + FOREIGN_MS };
  }

  count(now: number): number {
    const freeAt = this.#freeAt(now);
    this.#inFlight = this.#inFlight.filter((entry) => freeAt(entry) > now);
    this.#arrived = this.#arrived.filter((entry) => freeAt(entry) > now);
    return weightOf(this.#inFlight) + weightOf(this.#arrived) + (now < this.#foreign.until ? this.#foreign.weight : 0);
  }

  /** When the count falls next, unless an answer comes before; monotonic ms. */
  nextFree(now: number): number | undefined {
    const oldest = [this.#inFlight[0], this.#arrived[0]].filter((entry) => entry !== undefined).map(this.#freeAt(now));
    const times = this.#foreign.weight > 0 && now < this.#foreign.until ? [...oldest, this.#foreign.until] : oldest;
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** When an entry stops to count, monotonic ms. */
  #freeAt(now: number): (entry: Entry) => number {
    const margin = this.#delay.marginMs(now);
    const earliest = this.#delay.earliestArrival(now);
    return ({ sentAt, arrivedAt }) => {
      const latest = sentAt + SECOND_MS + LATEST_MS;
      if (arrivedAt === undefined) return latest;
      const apart = earliest === undefined ? sentAt + SECOND_MS : now + arrivedAt + SECOND_MS - earliest;
      return Math.min(latest, apart + margin);
    };
  }

  #insert(entry: Entry): void {
    let at = this.#arrived.length;
    while (at > 0 && timeOf(this.#arrived[at - 1]) > timeOf(entry)) at -= 1;
    this.#arrived.splice(at, 0, entry);
  }
}

function timeOf(entry: Entry | undefined): number {
  return entry?.arrivedAt ?? Number.NEGATIVE_INFINITY;
}

function weightOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { weight }) => sum + weight, 0);
}
