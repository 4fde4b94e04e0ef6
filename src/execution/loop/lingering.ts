import type { Order } from '../../model/order.ts';
import { lots } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';

/** Longest time an order counts as lingering. Books normally arrive many times a second. */
const LONGEST_MS = 500;

const NONE: readonly Order[] = [];

interface Lingering {
  /** The order with only the quantity that is gone. */
  readonly order: Order;
  /** Exchange time from which on books no longer contain it. */
  readonly at: number;
  /** Monotonic. */
  readonly heardAt: number;
}

/** Our orders that the last book still shows although they are filled, moved or canceled: the streams are not synchronized. */
export class LingeringOrders {
  readonly #clock: Clock;
  #lingering: Lingering[] = [];
  /** Exchange time of the last book. */
  #bookAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get orders(): readonly Order[] {
    if (this.#lingering.length === 0) return NONE;
    const since = this.#clock.monotonic() - LONGEST_MS;
    return this.#lingering.filter(({ heardAt }) => heardAt >= since).map(({ order }) => order);
  }

  /** `at`: exchange time, ms. */
  bookArrived(at: number): void {
    this.#bookAt = at;
    if (this.#lingering.length > 0) this.#lingering = this.#lingering.filter((each) => each.at > at);
  }

  /** `at`: exchange time of the change, ms. */
  changed(before: Order, after: Order, at: number): void {
    if (before.state.tag !== 'open' || at <= this.#bookAt) return;
    const stays = after.state.tag === 'open' && after.price === before.price;
    const gone = restOf(before) - (stays ? restOf(after) : 0);
    if (gone <= 0) return;
    const order = { ...before, quantity: lots(before.filled + gone) };
    this.#lingering.push({ order, at, heardAt: this.#clock.monotonic() });
  }
}

function restOf({ quantity, filled }: Order): number {
  return quantity - filled;
}
