const SPAN_MS = 5000;
const SPANS = 12;
/** With fewer responses, the fastest possible request is not known well enough. */
const ENOUGH = 20;
/** The safety margin while there are too few responses. */
const FIRST_MARGIN_MS = 100;
/** The smallest margin: exchange times are whole ms, and the next request may be slightly faster than all of the last minute. */
const LEAST_MARGIN_MS = 10;
const LARGEST_MARGIN_MS = 250;

interface Span {
  readonly number: number;
  least: number;
  answers: number;
}

/**
 * The delay of the fastest request of the last minute to the exchange, plus the offset between both clocks. This sum is enough to
 * compare arrival times. A single request's additional delay is its jitter, known from its response.
 */
export class PathDelay {
  #spans: Span[] = [];
  /** Over all spans. Every turn asks for them, and few answers change them. */
  #least: number | undefined;
  #answers = 0;
  /** Doubled by every rate-limit refusal, which shows that the estimate was wrong. */
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
    this.#least = Math.min(...this.#spans.map(({ least }) => least));
    this.#answers = this.#spans.reduce((sum, { answers }) => sum + answers, 0);
  }

  refused(now: number): void {
    this.#penaltyMs = Math.max(2 * this.#penaltyAt(now), LEAST_MARGIN_MS);
    this.#penaltyUntil = now + SPAN_MS * SPANS;
  }

  /** Exchange time before which a request sent now does not arrive; undefined before the first answer. */
  earliestArrival(now: number): number | undefined {
    return this.#least === undefined ? undefined : now + this.#least;
  }

  /** By how much two arrivals may be closer together than the measured times suggest, ms. */
  marginMs(now: number): number {
    const margin = this.#answers >= ENOUGH ? LEAST_MARGIN_MS : FIRST_MARGIN_MS;
    return Math.min(LARGEST_MARGIN_MS, margin + this.#penaltyAt(now));
  }

  #penaltyAt(now: number): number {
    return now < this.#penaltyUntil ? this.#penaltyMs : 0;
  }
}
