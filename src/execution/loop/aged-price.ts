import type { Ticks } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';

/** A price that is no longer used when it was not confirmed for too long. */
export class AgedPrice {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #price: Ticks | undefined;
  /** When the price was last set or confirmed, monotonic. */
  #at = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, maxAgeMs: number) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  get value(): Ticks | undefined {
    return this.#clock.monotonic() - this.#at <= this.#maxAgeMs ? this.#price : undefined;
  }

  /** True when there was a price and it is too old. */
  get isOld(): boolean {
    return this.#price !== undefined && this.value === undefined;
  }

  /** Confirms the price, unless it is too old already. */
  confirmed(): void {
    if (this.value !== undefined) this.#at = this.#clock.monotonic();
  }

  heard(price: Ticks): void {
    this.#price = price;
    this.#at = this.#clock.monotonic();
  }
}
