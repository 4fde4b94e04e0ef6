import { add, decimalOf, subtract, toNumber, type Decimal } from '../../util/decimal.ts';
import type { Trade } from './trade-row.ts';

/**
 * The position of one symbol and what it is worth: cash from its trades, and the position at the last known price. That price is the one of the
 * latest execution, or the one at which the bot valued the position when a day began.
 */
export class HeldSymbol {
  #position: Decimal;
  #cashUsd = 0;
  #price: number | undefined;
  #pricedAt = Number.NEGATIVE_INFINITY;

  /** `price`: at which the position is valued; undefined: at the first one that becomes known. */
  constructor(position: Decimal, price: number | undefined) {
    this.#position = position;
    if (price !== undefined) this.#begin(price);
  }

  static flat(): HeldSymbol {
    return new HeldSymbol(decimalOf(0, 0), undefined);
  }

  /** In base coin; long > 0. */
  get position(): Decimal {
    return this.#position;
  }

  /** Undefined before the first price. */
  get price(): number | undefined {
    return this.#price;
  }

  /** Applies a trade. Returns what it gained: at its price the position before it has another value. One that is learned late sets no price. */
  trade({ fill, price, quantity }: Trade): number {
    const [at, size] = [toNumber(price), toNumber(quantity)];
    if (this.#price === undefined) this.#begin(at);
    const before = this.#worthUsd();
    const isBuy = fill.side === 'buy';
    this.#position = (isBuy ? add : subtract)(this.#position, quantity);
    this.#cashUsd += isBuy ? -at * size : at * size;
    if (fill.at >= this.#pricedAt) {
      this.#price = at;
      this.#pricedAt = fill.at;
    }
    return this.#worthUsd() - before;
  }

  /** Values the position at `price`. Returns what it gained. */
  mark(price: number): number {
    if (this.#price === undefined) this.#begin(price);
    const before = this.#worthUsd();
    this.#price = price;
    return this.#worthUsd() - before;
  }

  /** Takes over a position that changed without a recorded execution. Returns the change; nothing is gained. */
  restate(position: Decimal): Decimal {
    const change = subtract(position, this.#position);
    this.#cashUsd -= toNumber(change) * (this.#price ?? 0);
    this.#position = position;
    return change;
  }

  /** The first price: what is held so far was had at it. */
  #begin(price: number): void {
    this.#price = price;
    this.#cashUsd = -toNumber(this.#position) * price;
  }

  #worthUsd(): number {
    return this.#cashUsd + toNumber(this.#position) * (this.#price ?? 0);
  }
}
