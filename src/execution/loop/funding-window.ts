/** Funding is settled on the hour, every eight hours or more often. */
const HOUR_MS = 3_600_000;
/** A settlement that the exchange's list does not show this long after the hour was not due. */
const LISTED_WITHIN_MS = 600_000;

/**
 * Determines when to query funding settlements that the streams have not delivered. The list may show one late, so each hour is
 * queried repeatedly, at growing intervals, until a missing settlement was certainly not due. All times are exchange time, ms.
 */
export class FundingWindow {
  /** All settlements up to this time are known. */
  #closedTo: number;
  #askAt = Number.NEGATIVE_INFINITY;

  constructor(from: number) {
    this.#closedTo = from;
  }

  /** Start of the range to query at `now`; undefined when no query is due. `isLast`: query now, because it is the last chance. */
  since(now: number, isLast = false): number | undefined {
    return lastHour(now) > this.#closedTo && (isLast || now >= this.#askAt) ? this.#closedTo : undefined;
  }

  /** Called when the list was read; `at`: exchange time of the response. */
  read(at: number): void {
    const hour = lastHour(at);
    if (at - hour >= LISTED_WITHIN_MS) this.#closedTo = at;
    else this.#askAt = hour + Math.min(2 * (at - hour), LISTED_WITHIN_MS);
  }
}

function lastHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}
