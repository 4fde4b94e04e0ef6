import type { BookOrder } from '../matching/book-order.ts';
import type { QueueModel, QueuePlace } from './queue-models.ts';

/** A client’s order in a recorded book, with its estimated place in the queue. */
export class QueuedOrder {
  readonly order: BookOrder;
  readonly #model: QueueModel;
  /** Undefined until its level is displayed for the first time, because the queue there is unknown before. */
  #place: QueuePlace | undefined;
  #isInSight: boolean;

  /** `displayed`: undefined when the recording does not show that level. */
  constructor(order: BookOrder, model: QueueModel, displayed: number | undefined) {
    this.order = order;
    this.#model = model;
    this.#place = displayed === undefined ? undefined : model.join(displayed);
    this.#isInSight = displayed !== undefined;
  }

  /** How much of a trade at its price reached the order. */
  traded(quantity: number): number {
    return this.#place?.traded(quantity) ?? 0;
  }

  /** Takes the recorded quantity of its level; `displayed` is undefined when the level is beyond the recorded depth. */
  observe(before: number, displayed: number | undefined, isSaid: boolean): void {
    const wasInSight = this.#isInSight;
    this.#isInSight = displayed !== undefined;
    if (displayed === undefined) return;
    if (this.#place === undefined) this.#place = this.#model.join(displayed);
    else if (!wasInSight) this.#place.sighted(displayed);
    else if (isSaid) this.#place.resized(before, displayed);
  }
}
