import { add, decimalOf, subtract, toNumber, type Decimal } from '../../util/decimal.ts';
import type { Trade } from './trade-row.ts';

/**
 * The position of one symbol and what it is worth: cash from its trades, and the position at the last known price. That price is the one of the
 * last execution, or the one at which the bot valued the position when a day began.
 */
export class HeldSymbol {
  #position: Decimal;
  #cashUsd = 0;
  #price: number | undefined;

  constructor(position: Decimal, price: number | undefined) {
    this.#position = position;
    this.#price = price;
    this.#cashUsd = -toNumber(position) * (price ?? 0);
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

  /** Applies a trade. Returns what it gained: at its price the position before it has another value. */
  trade({ fill, price, quantity }: Trade): number {
    const before = this.#worthUsd();
    const [at, size] = [toNumber(price), toNumber(quantity)];
    const isBuy = fill.side === 'buy';
    this.#position = (isBuy ? add : subtract)(this.#position, quantity);
    this.#cashUsd += isBuy ? -at * size : at * size;
    this.#price = at;
    return this.#worthUsd() - before;
  }

  /** Values the position at `price`. Returns what it gained. */
  mark(price: number): number {
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

  #worthUsd(): number {
    return this.#cashUsd + toNumber(this.#position) * (this.#price ?? 0);
  }
}
