/** The window is divided into this many parts; each keeps its extremes. */
const PARTS = 20;

interface Part {
  readonly number: number;
  low: number;
  high: number;
}

/**
 * How far the price has moved within the window, up or down: a trend is a risk that the standard deviation of returns does not
 * show. A price that is not finite and positive is ignored.
 */
export class Move {
  readonly #partMs: number;
  #parts: Part[] = [];
  #price = 0;

  constructor(windowMs: number) {
    this.#partMs = windowMs / PARTS;
  }

  /** `now`: monotonic ms. */
  sample(now: number, price: number): void {
    if (!Number.isFinite(price) || price <= 0) return;
    this.#price = price;
    const number = Math.floor(now / this.#partMs);
    const last = this.#parts.at(-1);
    if (last?.number !== number) {
      this.#parts = [...this.#parts.filter((part) => part.number > number - PARTS), { number, low: price, high: price }];
      return;
    }
    last.low = Math.min(last.low, price);
    last.high = Math.max(last.high, price);
  }

  /** Distance in bps of the last price from the extreme of the window that is farther away; 0 before the first price. */
  bps(now: number): number {
    const oldest = Math.floor(now / this.#partMs) - PARTS;
    let farthest = 0;
    for (const { number, low, high } of this.#parts)
      if (number > oldest) farthest = Math.max(farthest, this.#price / low - 1, 1 - this.#price / high);
    return farthest * 10_000;
  }
}
