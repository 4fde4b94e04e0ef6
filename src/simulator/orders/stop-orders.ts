import { ticks, type Ticks } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import type { ClientOrder } from './client-order.ts';
import type { PriceKind, Trigger } from '../venue/requests.ts';

/** The orders of one market that wait for a trigger price, and those whose price was reached. Costs nothing while none waits. */
export class StopOrders {
  readonly #waiting: Record<PriceKind, Set<ClientOrder>> = { last: new Set(), mark: new Set(), index: new Set() };
  /** Triggered and not yet executed, in the order of the prices that triggered them, then by age. */
  #due: ClientOrder[] = [];

  add(order: ClientOrder): void {
    this.#waiting[triggerOf(order).by].add(order);
  }

  /** No effect for an order that does not wait. */
  remove(order: ClientOrder): void {
    for (const orders of Object.values(this.#waiting)) orders.delete(order);
    if (this.#due.includes(order)) this.#due = this.#due.filter((due) => due !== order);
  }

  /** Notes a price, even if it lasted for a single trade: orders that it reaches become due. Matching is not interrupted. */
  saw(kind: PriceKind, price: Ticks): void {
    const waiting = this.#waiting[kind];
    if (waiting.size === 0) return;
    for (const order of waiting) {
      follow(order, price);
      if (!isReached(order, price)) continue;
      waiting.delete(order);
      this.#due.push(order);
    }
  }

  /** Removes and returns the next order that is due. */
  next(): ClientOrder | undefined {
    return this.#due.shift();
  }
}

/** Whether a price reaches the trigger. */
export function reaches(price: Ticks, { price: level, direction }: Pick<Trigger, 'price' | 'direction'>): boolean {
  return direction === 'rise' ? price >= level : price <= level;
}

function isReached(order: ClientOrder, price: Ticks): boolean {
  return order.trail?.activation === undefined && reaches(price, triggerOf(order));
}

/** Moves a trailing stop so that it keeps its distance to the best price so far. */
function follow(order: ClientOrder, price: Ticks): void {
  const { trail } = order;
  if (trail === undefined) return;
  const trigger = triggerOf(order);
  const towards = trigger.direction === 'fall' ? 1 : -1;
  if (trail.activation !== undefined) {
    if ((price - trail.activation) * towards < 0) return;
    trail.activation = undefined;
    order.trigger = { ...trigger, price: ticks(price - towards * trail.distance) };
    return;
  }
  const level = ticks(price - towards * trail.distance);
  if ((level - trigger.price) * towards > 0) order.trigger = { ...trigger, price: level };
}

function triggerOf({ trigger, orderId }: ClientOrder): Trigger {
  return defined(trigger, `trigger of ${orderId}`);
}
