import type { BookSide } from '../../model/book.ts';
import type { Ticks } from '../../model/units.ts';
import type { BookOrder, Direction } from '../matching/book-order.ts';
import { QueuedOrder } from './client-queue.ts';
import type { QueueModel } from './queue-models.ts';
import { TakenDepth } from './taken-depth.ts';

/** One side of a recorded book, together with the clients’ orders. */
export class ClientSide {
  readonly direction: Direction;
  readonly levels: BookSide;
  readonly taken: TakenDepth;
  readonly #model: QueueModel;
  /** Best price first, oldest first at a price. */
  #orders: QueuedOrder[] = [];
  /** How many levels the recording shows; beyond them nothing is known. */
  #depth = Number.POSITIVE_INFINITY;

  constructor(direction: Direction, levels: BookSide, model: QueueModel) {
    this.direction = direction;
    this.levels = levels;
    this.taken = new TakenDepth(levels);
    this.#model = model;
  }

  /** A copy, because a fill may cancel orders further down the list. Orders that no longer rest have no `queue`. */
  orders(): readonly QueuedOrder[] {
    return [...this.#orders];
  }

  add(order: BookOrder): void {
    const queued = new QueuedOrder(order, this.#model, this.#displayed(order.price));
    const behind = this.#orders.findIndex((other) => (order.price - other.order.price) * this.direction > 0);
    this.#orders.splice(behind < 0 ? this.#orders.length : behind, 0, queued);
  }

  remove(order: BookOrder): void {
    this.#orders = this.#orders.filter((queued) => queued.order !== order);
  }

  firstAt(price: Ticks): BookOrder | undefined {
    return this.#orders.find(({ order }) => order.price === price)?.order;
  }

  /**
   * Applies `change` to the recorded levels and passes each order the new quantity of its level. `isSaid`: whether the message named a
   * price.
   */
  change(depth: number, change: () => void, isSaid: (price: number) => boolean): void {
    const before = this.#orders.map(({ order }) => this.levels.quantityAt(order.price));
    change();
    this.#depth = depth;
    this.taken.renew();
    this.#orders.forEach((queued, i) => {
      const { price } = queued.order;
      queued.observe(before[i] ?? 0, this.#displayed(price), isSaid(price));
    });
  }

  /** Undefined beyond the worst recorded level, if the recording shows as many levels as it can. */
  #displayed(price: Ticks): number | undefined {
    const { length } = this.levels;
    const worst = length > 0 && length >= this.#depth ? this.levels.price(length - 1) : undefined;
    return worst !== undefined && (worst - price) * this.direction > 0 ? undefined : this.levels.quantityAt(price);
  }
}
