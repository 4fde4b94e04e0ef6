import type { PositionReport } from '../../exchange/exchange.ts';
import type { Fill } from '../../model/order.ts';
import { sign } from '../../model/order.ts';
import { applyFill, applyFunding, FLAT, type FundingPayment, type Position } from '../../model/position.ts';
import { lots, type Lots } from '../../model/units.ts';
import type { Instant } from '../../util/clock.ts';

/** A late fill can still be inserted among this many of the newest fills. */
const RECENT = 2000;
/** How long a former position is remembered, ms. */
const HELD_MS = 10_000;

/** A moment at the exchange. Compared by sequence when both have one, because times can jump and many fills share the same time. */
type Moment = Pick<Fill, 'sequence' | 'at'>;

/**
 * One symbol's position, computed from fills in the order of execution, not of arrival: the realized PnL of a close depends on it.
 * The position that the exchange reports is kept separately, as a witness.
 */
export class PositionFold {
  /** Position before the fills in `#recent`. */
  #base: Position = FLAT;
  /** Fills up to this moment are included in the position given to `startFrom`; undefined when none was given. */
  #baseMoment: Moment | undefined;
  /** In the exchange's order of execution. */
  readonly #recent: Fill[] = [];
  #position: Position = FLAT;
  /** Former positions, and when each ended. */
  #left: { readonly quantity: Lots; readonly at: Instant }[] = [];
  #witness: (PositionReport & Moment) | undefined;

  get position(): Position {
    return this.#position;
  }

  /** The newest position that the exchange has reported; undefined before the first report. */
  get witness(): PositionReport | undefined {
    return this.#witness;
  }

  /** Sets `position` as of `moment`: it includes all fills up to then; newer fills are applied on top. */
  startFrom(position: Position, moment: Moment | undefined): void {
    const newer = moment === undefined ? [] : this.#recent.filter((fill) => isBefore(moment, fill));
    this.#base = position;
    this.#baseMoment = moment;
    this.#recent.splice(0, Number.POSITIVE_INFINITY, ...newer);
    this.#position = newer.reduce(applyFill, position);
    this.#left = [];
  }

  /** Whether the position given to `startFrom` includes `fill`. */
  includes(fill: Fill): boolean {
    return this.#baseMoment?.sequence !== undefined && fill.sequence !== undefined && fill.sequence <= this.#baseMoment.sequence;
  }

  /** Whether the fill is among the newest ones. */
  has(fillId: string): boolean {
    return this.#recent.some((fill) => fill.fillId === fillId);
  }

  /** `at`: when the fill arrived here. */
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

  /** Takes a reported position; a report older than the last one is ignored. */
  hear(report: PositionReport): void {
    if (report.sequence === undefined && report.updatedAt === undefined) return;
    const moment = { ...report, at: report.updatedAt ?? 0 };
    if (this.#witness === undefined || !isBefore(moment, this.#witness)) this.#witness = moment;
  }

  /** Discards the last reported position, which has been disproved. */
  disbelieve(): void {
    this.#witness = undefined;
  }

  /** The last reported position plus the fills after it; undefined before the first report. */
  witnessed(): Lots | undefined {
    return this.#witness === undefined ? undefined : lots(this.#witness.quantity + this.#after(this.#witness));
  }

  /** Whether our position at the time of `report` equals the reported one; undefined when this cannot be determined. */
  agrees(report: PositionReport): boolean | undefined {
    const { sequence, quantity } = report;
    if (sequence === undefined || (this.#baseMoment?.sequence ?? -1) > sequence) return undefined;
    return this.#position.quantity - this.#after({ sequence, at: report.updatedAt ?? 0 }) === quantity;
  }

  /** True when the position was `quantity` at any time within the last seconds: a lagging read would show that. */
  heldLately(quantity: Lots, at: Instant): boolean {
    return this.#position.quantity === quantity || this.#left.some((earlier) => earlier.quantity === quantity && at - earlier.at < HELD_MS);
  }

  /** The signed sum of the fills after `moment`. */
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
