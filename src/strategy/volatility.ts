const WINDOW = 20;

/**
 * Sample standard deviation of log-returns over the last 20 samples, bps per sample. 0 below two returns; a price that
 * is not finite and positive is dropped. Sampled by its owner at a stated interval, so the unit is "per that interval".
 */
export class Volatility {
  readonly #returns: number[] = [];
  #lastPrice: number | undefined;

  sample(price: number): void {
    if (!Number.isFinite(price) || price <= 0) return;
    if (this.#lastPrice !== undefined) {
      this.#returns.push(Math.log(price / this.#lastPrice));
      if (this.#returns.length > WINDOW) this.#returns.shift();
    }
    this.#lastPrice = price;
  }

  get bps(): number {
    const count = this.#returns.length;
    if (count < 2) return 0;
    const mean = this.#returns.reduce((sum, value) => sum + value, 0) / count;
    const squares = this.#returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt(squares / (count - 1)) * 10_000;
  }
}
