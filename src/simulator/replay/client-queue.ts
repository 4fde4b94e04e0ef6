import type { BookOrder } from '../matching/matching-engine.ts';
import type { QueueModel, QueuePlace } from './queue-models.ts';

/** A client's order beside a recorded book, with its guessed place in the queue. */
export class QueuedOrder {
  readonly order: BookOrder;
  readonly #model: QueueModel;
  /** Undefined until its level is in sight for the first time: the queue there is not known. */
  #place: QueuePlace | undefined;
  #isInSight: boolean;

  /** `displayed`: undefined when the recording does not show that far. */
  constructor(order: BookOrder, model: QueueModel, displayed: number | undefined) {
    this.order = order;
    this.#model = model;
    this.#place = displayed === undefined ? undefined : model.join(displayed);
    this.#isInSight = displayed !== undefined;
  }

  /** How much of a trade at its price reached it. */
  traded(quantity: number): number {
    return this.#place?.traded(quantity) ?? 0;
  }

  /** What the recording now says of its level; `displayed` is undefined when it is out of sight. */
  observe(before: number, displayed: number | undefined, isSaid: boolean): void {
    const wasInSight = this.#isInSight;
    this.#isInSight = displayed !== undefined;
    if (displayed === undefined) return;
    if (this.#place === undefined) this.#place = this.#model.join(displayed);
    else if (!wasInSight) this.#place.sighted(displayed);
    else if (isSaid) this.#place.resized(before, displayed);
  }
}
