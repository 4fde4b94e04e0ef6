import { at } from './array.ts';

/** A priority queue: the first element by `before` comes out first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let i = items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = at(items, parent);
      if (!this.#before(item, above)) break;
      items[i] = above;
      i = parent;
    }
    items[i] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last, 0);
    return top;
  }

  /** Drops all elements but those for which `isKept`. */
  keep(isKept: (item: T) => boolean): void {
    const items = this.#items;
    const kept = items.filter(isKept);
    items.length = 0;
    for (const item of kept) items.push(item);
    for (let i = (items.length >> 1) - 1; i >= 0; i -= 1) this.#sink(at(items, i), i);
  }

  /** Puts `item` at `i`, or below. */
  #sink(item: T, from: number): void {
    const items = this.#items;
    let i = from;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const child = right < items.length && this.#before(at(items, right), at(items, left)) ? right : left;
      if (!this.#before(at(items, child), item)) break;
      items[i] = at(items, child);
      i = child;
    }
    items[i] = item;
  }
}
