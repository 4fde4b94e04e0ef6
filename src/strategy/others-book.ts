import type { BookSide, BookView, MarketView, Level, SideView } from '../model/book.ts';
import type { Order, Side } from '../model/order.ts';
import { lots, type Lots, type Ticks } from '../model/units.ts';

/** The book without the displayed quantity of our resting `orders`, so that our quotes do not follow themselves. */
export function withoutOwn(book: BookView, orders: readonly Order[]): MarketView {
  return { bids: sideWithout(book.bids, orders, 'buy'), asks: sideWithout(book.asks, orders, 'sell') };
}

function sideWithout(levels: BookSide, orders: readonly Order[], side: Side): SideView {
  const own = new Map<Ticks, number>();
  for (const { side: its, state, price, quantity, filled } of orders) {
    if (its === side && state.tag === 'open') own.set(price, (own.get(price) ?? 0) + quantity - filled);
  }
  return own.size === 0 ? levels : new OthersSide(levels, own);
}

/** A level that consists only of our own orders is left out. */
class OthersSide implements SideView {
  readonly #levels: BookSide;
  /** Our quantity by price. */
  readonly #own: ReadonlyMap<Ticks, number>;

  constructor(levels: BookSide, own: ReadonlyMap<Ticks, number>) {
    this.#levels = levels;
    this.#own = own;
  }

  get total(): number {
    let total = this.#levels.total;
    for (const [price, own] of this.#own) total -= Math.min(own, this.#levels.quantityAt(price));
    return total;
  }

  level(index: number): Level | undefined {
    let left = index;
    return this.#find(() => (left -= 1) < 0);
  }

  displayedQuantity(levels: number): number {
    let [total, left] = [0, levels];
    this.#find(({ quantity }) => {
      if (left > 0) total += quantity;
      return (left -= 1) <= 0;
    });
    return total;
  }

  priceBeyond(quantity: number): Ticks | undefined {
    let total = 0;
    return this.#find((level) => (total += level.quantity) > quantity)?.price;
  }

  /** Best first. */
  #find(isIt: (level: Level) => boolean): Level | undefined {
    for (let i = 0; ; i += 1) {
      const level = this.#levels.level(i);
      if (level === undefined) return undefined;
      const theirs = { price: level.price, quantity: this.#without(level) };
      if (theirs.quantity > 0 && isIt(theirs)) return theirs;
    }
  }

  #without({ price, quantity }: Level): Lots {
    const own = this.#own.get(price);
    return own === undefined ? quantity : lots(Math.max(0, quantity - own));
  }
}
