/** Funding is settled on the hour, every eighth or more often. */
const HOUR_MS = 3_600_000;
/** What the exchange's list does not show so long after the hour was not due. */
const LISTED_WITHIN_MS = 600_000;

/**
 * When to ask for settlements of funding that no stream has told of. The list may show one late, so an hour is not over when it
 * was asked about once: it is asked again, at growing distances, until what it does not show was certainly not due. All
 * times are the exchange's, ms.
 */
export class FundingWindow {
  /** All that was settled up to then is known. */
  #closedTo: number;
  #askAt = Number.NEGATIVE_INFINITY;

  constructor(from: number) {
    this.#closedTo = from;
  }

  /** Since when to ask, at `now`; undefined while nothing can have been settled that is not known. `isLast`: nobody will ask again. */
  since(now: number, isLast = false): number | undefined {
    return lastHour(now) > this.#closedTo && (isLast || now >= this.#askAt) ? this.#closedTo : undefined;
  }

  /** The list as it was at `at` has been read. */
  read(at: number): void {
    const hour = lastHour(at);
    if (at - hour >= LISTED_WITHIN_MS) this.#closedTo = at;
    else this.#askAt = hour + Math.min(2 * (at - hour), LISTED_WITHIN_MS);
  }
}

function lastHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}
