import type { BookSide, BookView, MarketView, Level, SideView } from '../model/book.ts';
import type { Order, Side } from '../model/order.ts';
import { lots, type Lots, type Ticks } from '../model/units.ts';
import { numberAt } from '../util/array.ts';

/** The book without the displayed quantity of our resting `orders`, so that our quotes do not follow themselves. */
export function withoutOwn(book: BookView, orders: readonly Order[]): MarketView {
  return { bids: sideWithout(book.bids, orders, 'buy'), asks: sideWithout(book.asks, orders, 'sell') };
}

function sideWithout(levels: BookSide, orders: readonly Order[], side: Side): SideView {
  const own = new OwnQuantities();
  for (const { side: its, state, price, quantity, filled } of orders) {
    if (its === side && state.tag === 'open') own.add(price, quantity - filled);
  }
  return own.prices.length === 0 ? levels : new OthersSide(levels, own);
}

/** Our quantity by price. A map would take longer: there are few prices, and each turn makes a new one. */
class OwnQuantities {
  readonly prices: Ticks[] = [];
  readonly #quantities: number[] = [];

  add(price: Ticks, quantity: number): void {
    const known = this.prices.indexOf(price);
    if (known < 0) {
      this.prices.push(price);
      this.#quantities.push(quantity);
    } else this.#quantities[known] = this.at(price) + quantity;
  }

  /** 0 where there is none. */
  at(price: Ticks): number {
    const index = this.prices.indexOf(price);
    return index < 0 ? 0 : numberAt(this.#quantities, index);
  }
}

/** A level that consists only of our own orders is left out. */
class OthersSide implements SideView {
  readonly #levels: BookSide;
  readonly #own: OwnQuantities;

  constructor(levels: BookSide, own: OwnQuantities) {
    this.#levels = levels;
    this.#own = own;
  }

  get total(): number {
    let total = this.#levels.total;
    for (const price of this.#own.prices) total -= Math.min(this.#own.at(price), this.#levels.quantityAt(price));
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
    const own = this.#own.at(price);
    return own === 0 ? quantity : lots(Math.max(0, quantity - own));
  }
}
