import type { PositionReport } from '../../exchange/exchange.ts';
import type { Fill } from '../../model/order.ts';
import { sign } from '../../model/order.ts';
import { applyFill, applyFunding, FLAT, type FundingPayment, type Position } from '../../model/position.ts';
import { lots, type Lots } from '../../model/units.ts';
import type { Instant } from '../../util/clock.ts';

/** So many of the newest fills can still be joined by one that belongs between them. */
const RECENT = 2000;
/** How long a quantity that is held no more is remembered, ms. */
const HELD_MS = 10_000;

/** When something happened, by the exchange: its sequence tells, where both have one; times can jump, and many fills share one. */
type Moment = Pick<Fill, 'sequence' | 'at'>;

/**
 * One symbol's position, folded from fills in the order in which they were made, whatever the order in which they arrive:
 * what a close realises depends on it. What the exchange itself says of the position is kept beside it, as a witness.
 */
export class PositionFold {
  /** Of everything older than `#recent`. */
  #base: Position = FLAT;
  /** What fills are in `#base` though nobody has shown them; undefined where it began with nothing. */
  #baseMoment: Moment | undefined;
  /** In the order of the exchange. */
  readonly #recent: Fill[] = [];
  #position: Position = FLAT;
  /** Quantities that were held, and until when. */
  #left: { readonly quantity: Lots; readonly at: Instant }[] = [];
  #witness: (PositionReport & Moment) | undefined;

  get position(): Position {
    return this.#position;
  }

  /** The newest that the exchange has said; undefined while it has said nothing. */
  get witness(): PositionReport | undefined {
    return this.#witness;
  }

  /** `position` as of `moment`: fills that are newer stay, those up to it are in it. */
  startFrom(position: Position, moment: Moment | undefined): void {
    const newer = moment === undefined ? [] : this.#recent.filter((fill) => isBefore(moment, fill));
    this.#base = position;
    this.#baseMoment = moment;
    this.#recent.splice(0, Number.POSITIVE_INFINITY, ...newer);
    this.#position = newer.reduce(applyFill, position);
    this.#left = [];
  }

  /** Whether the position that this began with has `fill` in it. */
  includes(fill: Fill): boolean {
    return this.#baseMoment?.sequence !== undefined && fill.sequence !== undefined && fill.sequence <= this.#baseMoment.sequence;
  }

  /** Whether it is among the newest that were added. */
  has(fillId: string): boolean {
    return this.#recent.some((fill) => fill.fillId === fillId);
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

  /** What the exchange says of the position; one that is older than what it said before tells nothing. */
  hear(report: PositionReport): void {
    if (report.sequence === undefined && report.updatedAt === undefined) return;
    const moment = { ...report, at: report.updatedAt ?? 0 };
    if (this.#witness === undefined || !isBefore(moment, this.#witness)) this.#witness = moment;
  }

  /** Its last word has been disproved. */
  disbelieve(): void {
    this.#witness = undefined;
  }

  /** What the exchange's last word on the position and the fills after it come to; undefined while it has said nothing. */
  witnessed(): Lots | undefined {
    return this.#witness === undefined ? undefined : lots(this.#witness.quantity + this.#after(this.#witness));
  }

  /** Whether the position was `report`'s when the exchange wrote it; undefined where that cannot be told. */
  agrees(report: PositionReport): boolean | undefined {
    const { sequence, quantity } = report;
    if (sequence === undefined || (this.#baseMoment?.sequence ?? -1) > sequence) return undefined;
    return this.#position.quantity - this.#after({ sequence, at: report.updatedAt ?? 0 }) === quantity;
  }

  /** Whether it was this at any time in the last seconds: what a read that lags would show. */
  heldLately(quantity: Lots, at: Instant): boolean {
    return this.#position.quantity === quantity || this.#left.some((earlier) => earlier.quantity === quantity && at - earlier.at < HELD_MS);
  }

  /** What the fills after `moment` come to. */
  #after(moment: Moment): number {
    let quantity = 0;
    for (let i = this.#recent.length - 1; i >= 0; i -= 1) {
      const fill = this.#recent[i];
      if (fill === undefined || !isBefore(moment, fill)) break;
      quantity += sign(fill.side) * fill.quantity;
    }
    return quantity;
  }
}

function isBefore(a: Moment, b: Moment | undefined): boolean {
  if (b === undefined) return false;
  return a.sequence === undefined || b.sequence === undefined ? a.at < b.at : a.sequence < b.sequence;
}
