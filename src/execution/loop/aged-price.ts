import type { Ticks } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';

/** A price that nobody goes by any more once it has not been confirmed for too long. */
export class AgedPrice {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #price: Ticks | undefined;
  /** Monotonic. */
  #at = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, maxAgeMs: number) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  get value(): Ticks | undefined {
    return this.#clock.monotonic() - this.#at <= this.#maxAgeMs ? this.#price : undefined;
  }

  /** There was one, and it is too old. */
  get isOld(): boolean {
    return this.#price !== undefined && this.value === undefined;
  }

  /** It still holds, unless it is too old to tell. */
  confirmed(): void {
    if (this.value !== undefined) this.#at = this.#clock.monotonic();
  }

  heard(price: Ticks): void {
    this.#price = price;
    this.#at = this.#clock.monotonic();
  }
}
