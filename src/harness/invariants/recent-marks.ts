import { compare, type Decimal } from '../../util/decimal.ts';

/** The last mark price that the bot has received may be this old. */
const WINDOW_MS = 5000;

/** Mark prices of the last seconds. The one that the bot knew when it decided is among them. */
export class RecentMarks {
  readonly #marks = new Map<string, { readonly at: number; readonly price: Decimal }[]>();

  add(symbol: string, at: number, price: Decimal): void {
    const marks = this.#marks.get(symbol) ?? [];
    this.#marks.set(symbol, marks);
    const last = marks.at(-1);
    if (last === undefined || compare(last.price, price) !== 0) marks.push({ at, price });
    // Keep one price older than the window: it was in force when the window began.
    while (marks.length > 1 && (marks[1]?.at ?? at) < at - WINDOW_MS) marks.shift();
  }

  /** Undefined before the first price. */
  range(symbol: string, at: number): { readonly low: Decimal; readonly high: Decimal } | undefined {
    const [first, ...rest] = (this.#marks.get(symbol) ?? []).filter((_, i, all) => (all[i + 1]?.at ?? at) >= at - WINDOW_MS);
    if (first === undefined) return undefined;
    let [low, high] = [first.price, first.price];
    for (const { price } of rest) {
      if (compare(price, low) < 0) low = price;
      if (compare(price, high) > 0) high = price;
    }
    return { low, high };
  }
}
