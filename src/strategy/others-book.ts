import type { BookSide, BookView, MarketView, Level, SideView } from '../model/book.ts';
import type { Order, Side } from '../model/order.ts';
import { lots, type Ticks } from '../model/units.ts';
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
    for (let i = 0; i < this.prices.length; i += 1) if (this.prices[i] === price) return numberAt(this.#quantities, i);
    return 0;
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
    for (let i = 0; i < this.#levels.length; i += 1) {
      const price = this.#levels.price(i);
      const quantity = this.#quantity(i);
      if (price === undefined || quantity <= 0) continue;
      if (left === 0) return { price, quantity: lots(quantity) };
      left -= 1;
    }
    return undefined;
  }

  displayedQuantity(levels: number): number {
    let [total, left] = [0, levels];
    for (let i = 0; i < this.#levels.length && left > 0; i += 1) {
      const quantity = this.#quantity(i);
      if (quantity <= 0) continue;
      total += quantity;
      left -= 1;
    }
    return total;
  }

  priceBeyond(quantity: number): Ticks | undefined {
    let total = 0;
    for (let i = 0; i < this.#levels.length; i += 1) {
      total += this.#quantity(i);
      if (total > quantity) return this.#levels.price(i);
    }
    return undefined;
  }

  /** Of all but us; no objects are made, because every turn looks at some fifty levels. 0 at a level that is only ours. */
  #quantity(index: number): number {
    const price = this.#levels.price(index);
    const all = this.#levels.quantity(index);
    return price === undefined || all === undefined ? 0 : Math.max(0, all - this.#own.at(price));
  }
}
