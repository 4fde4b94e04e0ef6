import { at } from '../util/array.ts';
import { lots, ticks, type Lots, type Ticks } from './units.ts';

/** One price level. */
export interface Level {
  readonly price: Ticks;
  readonly quantity: Lots;
}

/** A change: quantity 0 deletes the level. */
export type LevelChange = Level;

/** What a strategy may see of a book; best levels first. */
export interface BookView {
  readonly bids: BookSide;
  readonly asks: BookSide;
  readonly isEmpty: boolean;
  readonly isCrossed: boolean;
}

/** Both touches of a book that has them, uncrossed. */
export interface Touch {
  readonly bid: Level;
  readonly ask: Level;
}

/** Levels of one side, best first, in two parallel arrays kept sorted. */
export class BookSide {
  /** Prices times this are ascending: -1 for bids, 1 for asks. */
  readonly #direction: 1 | -1;
  readonly #prices: number[] = [];
  readonly #quantities: number[] = [];

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  get length(): number {
    return this.#prices.length;
  }

  price(index: number): Ticks | undefined {
    const price = this.#prices[index];
    return price === undefined ? undefined : ticks(price);
  }

  quantity(index: number): Lots | undefined {
    const quantity = this.#quantities[index];
    return quantity === undefined ? undefined : lots(quantity);
  }

  level(index: number): Level | undefined {
    const price = this.price(index);
    const quantity = this.quantity(index);
    return price === undefined || quantity === undefined ? undefined : { price, quantity };
  }

  /** 0 when there is no such level. */
  quantityAt(price: Ticks): Lots {
    const index = this.#find(price);
    return this.#prices[index] === price ? lots(this.#quantities[index] ?? 0) : lots(0);
  }

  /** Displayed quantity at better prices than `price`. */
  quantityBetterThan(price: Ticks): Lots {
    let total = 0;
    const end = this.#find(price);
    for (let i = 0; i < end; i += 1) total += this.#quantities[i] ?? 0;
    return lots(total);
  }

  clear(): void {
    this.#prices.length = 0;
    this.#quantities.length = 0;
  }

  set(price: Ticks, quantity: Lots): void {
    const index = this.#find(price);
    const known = this.#prices[index] === price;
    if (quantity === 0) {
      if (!known) return;
      this.#prices.splice(index, 1);
      this.#quantities.splice(index, 1);
    } else if (known) this.#quantities[index] = quantity;
    else {
      this.#prices.splice(index, 0, price);
      this.#quantities.splice(index, 0, quantity);
    }
  }

  /** Where `price` is or would be; near the best price first, where most changes happen. */
  #find(price: number): number {
    const key = price * this.#direction;
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.#prices, middle) * this.#direction < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A local order book, built from one snapshot and the changes after it. */
export class Book implements BookView {
  readonly bids = new BookSide(-1);
  readonly asks = new BookSide(1);

  get isEmpty(): boolean {
    return this.bids.length === 0 || this.asks.length === 0;
  }

  get isCrossed(): boolean {
    const bid = this.bids.price(0);
    const ask = this.asks.price(0);
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  apply(bids: Iterable<LevelChange>, asks: Iterable<LevelChange>): void {
    for (const { price, quantity } of bids) this.bids.set(price, quantity);
    for (const { price, quantity } of asks) this.asks.set(price, quantity);
  }
}

/** Undefined when a side is empty or the book is crossed: there is nothing to quote against. */
export function touchOf(book: BookView): Touch | undefined {
  const bid = book.bids.level(0);
  const ask = book.asks.level(0);
  return bid === undefined || ask === undefined || bid.price >= ask.price ? undefined : { bid, ask };
}
