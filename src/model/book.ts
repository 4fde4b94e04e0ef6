import { numberAt } from '../util/array.ts';
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

/** The input of the pricing: the part of a book that can also be computed with our own orders taken out. */
export interface MarketView {
  readonly bids: SideView;
  readonly asks: SideView;
}

export type SideView = Pick<BookSide, 'total' | 'level' | 'displayedQuantity' | 'priceBeyond'>;

/** Best bid and best ask of a book that has both sides and is not crossed. */
export interface Touch {
  readonly bid: Level;
  readonly ask: Level;
}

/** How many levels from the best are searched one by one before the binary search. */
const NEAR = 8;

/** Levels of one side in two parallel sorted arrays, best last: most changes are near the best, so they shift few elements. */
export class BookSide {
  /** Prices times this are descending: -1 for bids, 1 for asks. */
  readonly #direction: 1 | -1;
  readonly #prices: number[] = [];
  readonly #quantities: number[] = [];
  #total = 0;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  get length(): number {
    return this.#prices.length;
  }

  /** Displayed quantity of all levels. */
  get total(): number {
    return this.#total;
  }

  /** `index`: 0 is the best. */
  price(index: number): Ticks | undefined {
    const slot = this.#prices.length - 1 - index;
    return slot < 0 ? undefined : ticks(numberAt(this.#prices, slot));
  }

  quantity(index: number): Lots | undefined {
    const slot = this.#quantities.length - 1 - index;
    return slot < 0 ? undefined : lots(numberAt(this.#quantities, slot));
  }

  level(index: number): Level | undefined {
    const price = this.price(index);
    const quantity = this.quantity(index);
    return price === undefined || quantity === undefined ? undefined : { price, quantity };
  }

  /** Copies at most `most` levels into the beginning of both lists, best first; returns how many. For readers of whole books. */
  copyBest(most: number, prices: number[], quantities: number[]): number {
    const count = Math.min(most, this.#prices.length);
    const best = this.#prices.length - 1;
    for (let i = 0; i < count; i += 1) {
      prices[i] = numberAt(this.#prices, best - i);
      quantities[i] = numberAt(this.#quantities, best - i);
    }
    return count;
  }

  /** 0 when there is no such level. */
  quantityAt(price: Ticks): Lots {
    const slot = this.#slotOf(price);
    return lots(this.#holds(price, slot) ? numberAt(this.#quantities, slot) : 0);
  }

  /** Displayed quantity at better prices than `price`. */
  quantityBetterThan(price: Ticks): Lots {
    let total = 0;
    for (let i = this.#slotOf(price) + 1; i < this.#quantities.length; i += 1) total += numberAt(this.#quantities, i);
    return lots(total);
  }

  /** Displayed quantity of the first `levels` levels. */
  displayedQuantity(levels: number): number {
    let total = 0;
    const first = this.#quantities.length - 1;
    for (let i = first; i >= 0 && i > first - levels; i -= 1) total += numberAt(this.#quantities, i);
    return total;
  }

  /** Price of the level at which the displayed quantity, summed from the best level, exceeds `quantity`; undefined when it never does. */
  priceBeyond(quantity: number): Ticks | undefined {
    let total = 0;
    for (let i = this.#quantities.length - 1; i >= 0; i -= 1) {
      total += numberAt(this.#quantities, i);
      if (total > quantity) return ticks(numberAt(this.#prices, i));
    }
    return undefined;
  }

  clear(): void {
    this.#prices.length = 0;
    this.#quantities.length = 0;
    this.#total = 0;
  }

  set(price: Ticks, quantity: Lots): void {
    const slot = this.#slotOf(price);
    if (this.#holds(price, slot)) {
      this.#total += quantity - numberAt(this.#quantities, slot);
      if (quantity !== 0) this.#quantities[slot] = quantity;
      else this.#delete(slot);
    } else if (quantity !== 0) {
      this.#total += quantity;
      this.#insert(slot + 1, price, quantity);
    }
  }

  /** The last slot whose price is `price` or worse; -1 when all are better. */
  #slotOf(price: number): number {
    const key = price * this.#direction;
    const prices = this.#prices;
    let high = prices.length - 1;
    for (let i = 0; i < NEAR && high >= 0; i += 1, high -= 1) if (numberAt(prices, high) * this.#direction >= key) return high;
    let low = -1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (numberAt(prices, middle) * this.#direction >= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #holds(price: number, slot: number): boolean {
    return slot >= 0 && numberAt(this.#prices, slot) === price;
  }

  #insert(slot: number, price: number, quantity: number): void {
    insertAt(this.#prices, slot, price);
    insertAt(this.#quantities, slot, quantity);
  }

  #delete(slot: number): void {
    deleteAt(this.#prices, slot);
    deleteAt(this.#quantities, slot);
  }
}

/** Up to this many elements are shifted one by one: faster than `splice`, which allocates an array of the removed elements. */
const FEW = 32;

function insertAt(list: number[], slot: number, value: number): void {
  if (list.length - slot > FEW) {
    list.splice(slot, 0, value);
    return;
  }
  list.push(value);
  for (let i = list.length - 1; i > slot; i -= 1) list[i] = numberAt(list, i - 1);
  list[slot] = value;
}

function deleteAt(list: number[], slot: number): void {
  if (list.length - slot > FEW) {
    list.splice(slot, 1);
    return;
  }
  for (let i = slot + 1; i < list.length; i += 1) list[i - 1] = numberAt(list, i);
  list.pop();
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
export function touchOf(book: MarketView): Touch | undefined {
  const bid = book.bids.level(0);
  const ask = book.asks.level(0);
  return bid === undefined || ask === undefined || bid.price >= ask.price ? undefined : { bid, ask };
}
