import type { Fill } from '../model/order.ts';
import { applyFill, applyFunding, FLAT, type FundingPayment, type Position } from '../model/position.ts';
import type { Lots } from '../model/units.ts';
import type { Instant } from '../util/clock.ts';

/** So many of the newest fills can still be joined by one that belongs between them. */
const RECENT = 2000;
/** How long a quantity that is held no more is remembered, ms. */
const HELD_MS = 10_000;

/**
 * One symbol's position, folded from fills in the order in which they were made, whatever the order in which they arrive:
 * what a close realises depends on it.
 */
export class PositionFold {
  /** Of everything older than `#recent`. */
  #base: Position = FLAT;
  /** In the order of the exchange. */
  readonly #recent: Fill[] = [];
  #position: Position = FLAT;
  /** Quantities that were held, and until when. */
  #left: { readonly quantity: Lots; readonly at: Instant }[] = [];

  get position(): Position {
    return this.#position;
  }

  startFrom(position: Position): void {
    this.#base = position;
    this.#position = position;
    this.#recent.length = 0;
  }

  /** `at`: when it was heard of. */
  add(fill: Fill, at: Instant): void {
    this.#left = this.#left.filter((earlier) => at - earlier.at < HELD_MS);
    this.#left.push({ quantity: this.#position.quantity, at });
    let place = this.#recent.length;
    while (place > 0 && isBefore(fill, this.#recent[place - 1])) place -= 1;
    this.#recent.splice(place, 0, fill);
    this.#position = place === this.#recent.length - 1 ? applyFill(this.#position, fill) : this.#recent.reduce(applyFill, this.#base);
    if (this.#recent.length > RECENT) this.#base = this.#recent.splice(0, RECENT / 2).reduce(applyFill, this.#base);
  }

  pay(payment: FundingPayment): void {
    this.#base = applyFunding(this.#base, payment);
    this.#position = applyFunding(this.#position, payment);
  }

  /** Whether it was this at any time in the last seconds: what a read that lags would show. */
  heldLately(quantity: Lots, at: Instant): boolean {
    return this.#position.quantity === quantity || this.#left.some((earlier) => earlier.quantity === quantity && at - earlier.at < HELD_MS);
  }
}

/** The exchange's sequence tells, where both have one; times can jump, and many fills share one. */
function isBefore(a: Fill, b: Fill | undefined): boolean {
  if (b === undefined) return false;
  return a.sequence === undefined || b.sequence === undefined ? a.at < b.at : a.sequence < b.sequence;
}
