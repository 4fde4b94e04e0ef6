const SPAN_MS = 5000;
const SPANS = 12;
/** Fewer answers do not tell how fast a request can be. */
const ENOUGH = 20;
/** What requests may differ by while too little is known about them. */
const FIRST_MARGIN_MS = 100;
/** Exchange times are whole ms, and the next request may be a little faster than any of the last minute. */
const LEAST_MARGIN_MS = 10;
const LARGEST_MARGIN_MS = 250;

interface Span {
  readonly number: number;
  least: number;
  answers: number;
}

/**
 * How long the fastest request of the last minute took to the exchange, plus the distance between both clocks: that sum is
 * all that telling arrivals apart needs. What a single request took longer than that is its jitter, known from its answer.
 */
export class PathDelay {
  #spans: Span[] = [];
  /** Doubled by every refusal for the rate: then the estimate was wrong. */
  #penaltyMs = 0;
  #penaltyUntil = 0;

  /** `sentAt`, `now`: monotonic ms. `arrivedAt`: exchange time in the answer. */
  answered(sentAt: number, arrivedAt: number, now: number): void {
    const number = Math.floor(now / SPAN_MS);
    let span = this.#spans.at(-1);
    if (span?.number !== number) {
      span = { number, least: Number.POSITIVE_INFINITY, answers: 0 };
      this.#spans = [...this.#spans.filter((each) => each.number > number - SPANS), span];
    }
    span.least = Math.min(span.least, arrivedAt - sentAt);
    span.answers += 1;
  }

  refused(now: number): void {
    this.#penaltyMs = Math.max(2 * this.#penaltyAt(now), LEAST_MARGIN_MS);
    this.#penaltyUntil = now + SPAN_MS * SPANS;
  }

  /** Exchange time before which a request sent now does not arrive; undefined before the first answer. */
  earliestArrival(now: number): number | undefined {
    return this.#spans.length === 0 ? undefined : now + Math.min(...this.#spans.map(({ least }) => least));
  }

  /** What two arrivals may be closer, ms, than the measured times say. */
  marginMs(now: number): number {
    const answers = this.#spans.reduce((sum, span) => sum + span.answers, 0);
    const margin = answers >= ENOUGH ? LEAST_MARGIN_MS : FIRST_MARGIN_MS;
    return Math.min(LARGEST_MARGIN_MS, margin + this.#penaltyAt(now));
  }

  #penaltyAt(now: number): number {
    return now < this.#penaltyUntil ? this.#penaltyMs : 0;
  }
}
