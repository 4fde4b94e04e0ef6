import type { BookSide } from '../../model/book.ts';
import type { Ticks } from '../../model/units.ts';

interface Taken {
  readonly displayed: number;
  quantity: number;
}

/**
 * Quantities that clients have taken from one recorded side. The recording does not include them, so they are kept for each level until it
 * changes.
 */
export class TakenDepth {
  readonly #side: BookSide;
  readonly #taken = new Map<Ticks, Taken>();

  constructor(side: BookSide) {
    this.#side = side;
  }

  /** Remaining quantity of a level. */
  left(price: Ticks): number {
    return this.#side.quantityAt(price) - (this.#taken.get(price)?.quantity ?? 0);
  }

  take(price: Ticks, quantity: number): void {
    const taken = this.#taken.get(price);
    if (taken === undefined) this.#taken.set(price, { displayed: this.#side.quantityAt(price), quantity });
    else taken.quantity += quantity;
  }

  /** To be called after the recording changed the side: a level with a new quantity is complete again. */
  renew(): void {
    for (const [price, { displayed }] of this.#taken) {
      if (this.#side.quantityAt(price) !== displayed) this.#taken.delete(price);
    }
  }
}
