import type { Clock } from '../../util/clock.ts';

/** Assumed largest drift between the clocks, ms per ms. An ordinary quartz is twenty times better, a virtual machine not always. */
const MOST_DRIFT = 0.0002;

/** Bounds of the offset: exchange time minus our monotonic time. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Estimates the exchange's clock from its responses, relative to our monotonic clock, so that a jump of the local wall clock has no
 * effect. The time in a response was taken between request and response, which bounds the clock offset; each further response narrows
 * the bounds. A response outside the bounds shows that the exchange's clock has jumped.
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

  /** Exchange time, whole ms; the local wall time until the first sample. */
  now(): number {
    if (this.#offset === undefined) return this.#clock.now();
    return Math.floor(this.#clock.monotonic() + this.#offset);
  }

  /** Takes a response that has just arrived with the time `serverTime`. `sentAt`: when the request was sent, monotonic. */
  sample(sentAt: number, serverTime: number): void {
    const heard = this.#heard(sentAt, serverTime);
    this.#bounds = this.#narrowed(heard) ?? heard;
    this.#boundAt = this.#clock.monotonic();
    this.#offset = (this.#bounds.low + this.#bounds.high) / 2;
  }

  /** Whether a response with this time contradicts the estimate, which must then be renewed. */
  isContradictedBy(sentAt: number, serverTime: number): boolean {
    return this.#bounds !== undefined && this.#narrowed(this.#heard(sentAt, serverTime)) === undefined;
  }

  /** Discards the bounds because the exchange refused the estimated time. The estimate stays in use until the next sample. */
  distrust(): void {
    this.#bounds = undefined;
  }

  /** The exchange truncates its time to whole ms, hence the +1. */
  #heard(sentAt: number, serverTime: number): Bounds {
    return { low: serverTime - this.#clock.monotonic(), high: serverTime + 1 - sentAt };
  }

  /** The intersection with the known bounds; undefined when it is empty. */
  #narrowed(heard: Bounds): Bounds | undefined {
    if (this.#bounds === undefined) return heard;
    const drift = MOST_DRIFT * (this.#clock.monotonic() - this.#boundAt);
    const low = Math.max(heard.low, this.#bounds.low - drift);
    const high = Math.min(heard.high, this.#bounds.high + drift);
    return low <= high ? { low, high } : undefined;
  }
}
