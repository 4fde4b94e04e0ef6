import type { Clock } from '../../util/clock.ts';

/** So much the two clocks may drift apart, ms per ms: an ordinary quartz is twenty times better, a virtual machine is not always. */
const MOST_DRIFT = 0.0002;

/** Between what the exchange's time minus our monotonic time is. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Estimates the exchange's clock from its answers, against our monotonic clock, so that a jump of our wall clock moves nothing. An answer's
 * time was taken between the question and the answer: that bounds the difference of the clocks, and each further answer narrows it. An
 * answer that does not fit says that the exchange's clock has jumped.
 */
export class ServerTime {
  readonly #clock: Clock;
  #bounds: Bounds | undefined;
  #boundAt = 0;
  #offset: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isKnown(): boolean {
    return this.#offset !== undefined;
  }

  /** Exchange time, whole ms; our own wall time until the first sample. */
  now(): number {
    if (this.#offset === undefined) return this.#clock.now();
    return Math.floor(this.#clock.monotonic() + this.#offset);
  }

  /** `sentAt`: monotonic time at which the question left; the answer `serverTime` has just come. */
  sample(sentAt: number, serverTime: number): void {
    const heard = this.#heard(sentAt, serverTime);
    this.#bounds = this.#narrowed(heard) ?? heard;
    this.#boundAt = this.#clock.monotonic();
    this.#offset = (this.#bounds.low + this.#bounds.high) / 2;
  }

  /** Whether an answer of this time cannot be: the estimate is to be made anew. */
  isContradictedBy(sentAt: number, serverTime: number): boolean {
    return this.#bounds !== undefined && this.#narrowed(this.#heard(sentAt, serverTime)) === undefined;
  }

  /** The exchange disagrees with the estimate: what it was made from is worthless. It stays until the next sample. */
  distrust(): void {
    this.#bounds = undefined;
  }

  /** The exchange cuts its time off to whole ms. */
  #heard(sentAt: number, serverTime: number): Bounds {
    return { low: serverTime - this.#clock.monotonic(), high: serverTime + 1 - sentAt };
  }

  /** Undefined where the two have nothing in common. */
  #narrowed(heard: Bounds): Bounds | undefined {
    if (this.#bounds === undefined) return heard;
    const drift = MOST_DRIFT * (this.#clock.monotonic() - this.#boundAt);
    const low = Math.max(heard.low, this.#bounds.low - drift);
    const high = Math.min(heard.high, this.#bounds.high + drift);
    return low <= high ? { low, high } : undefined;
  }
}
