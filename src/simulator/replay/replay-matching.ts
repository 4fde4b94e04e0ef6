import type { LevelChange } from '../../model/book.ts';
import type { Side } from '../../model/order.ts';
import { lots, type Lots, type Ticks } from '../../model/units.ts';
import { assert } from '../../util/assert.ts';
import { BookOrder, opposite, type Direction } from '../matching/book-order.ts';
import { OrderMatching, type MatchListener } from '../matching/order-matching.ts';
import { ClientSide } from './client-side.ts';
import type { QueueModel } from './queue-models.ts';

/** One change of the recorded book. */
export interface RecordedChange {
  /** True for a snapshot: `bids` and `asks` are the whole book. */
  readonly whole: boolean;
  readonly bids: readonly LevelChange[];
  readonly asks: readonly LevelChange[];
  /** Most levels per side that the recording shows. */
  readonly depth: number;
}

/**
 * Matches clients’ orders against a recorded market. The book is the recorded one and does not react: each client order rests at
 * an estimated place in the queue and takes displayed quantities, each only once. Client orders never match each other.
 */
export class ReplayMatching extends OrderMatching {
  readonly #bids: ClientSide;
  readonly #asks: ClientSide;
  readonly #onMatch: MatchListener;
  #sequence = 0;

  constructor(model: QueueModel, onMatch: MatchListener) {
    super();
    this.#bids = new ClientSide(1, this.book.bids, model);
    this.#asks = new ClientSide(-1, this.book.asks, model);
    this.#onMatch = onMatch;
  }

  override get sequence(): number {
    return this.#sequence;
  }

  /** Applies a change of the recorded book. Orders that it now crosses are filled, up to the displayed quantities. */
  apply({ whole, bids, asks, depth }: RecordedChange): void {
    this.#sequence += 1;
    for (const [side, changes] of [
      [this.#bids, bids],
      [this.#asks, asks],
    ] as const) {
      const said = new Set<number>(changes.map(({ price }) => price));
      const set = (): void => {
        if (whole) side.levels.clear();
        for (const { price, quantity } of changes) side.levels.set(price, quantity);
      };
      side.change(depth, set, (price) => whole || said.has(price));
    }
    for (const side of [this.#bids, this.#asks]) this.#fillCrossed(side);
  }

  /** A recorded trade. `side`: the taker’s; if undefined, it is matched against both sides. */
  trade(side: Side | undefined, price: Ticks, quantity: Lots): void {
    this.#sequence += 1;
    if (side !== 'buy') this.#tradeAgainst(this.#bids, price, quantity);
    if (side !== 'sell') this.#tradeAgainst(this.#asks, price, quantity);
  }

  /** A trade with no displayed order: it only advances the public sequence number. */
  tradeAside(): void {
    this.#sequence += 1;
  }

  override remove(order: BookOrder): void {
    assert(order.queue !== undefined, 'only a resting order can be removed');
    order.queue = undefined;
    this.#sideOf(order.direction).remove(order);
  }

  override shrink(order: BookOrder, leaves: Lots): void {
    assert(order.queue !== undefined && leaves > 0 && leaves <= order.leaves, 'a resting order shrinks to a smaller quantity');
    order.leaves = leaves;
  }

  /** Client orders only, because a recording has none. */
  override firstAt(direction: Direction, price: Ticks): BookOrder | undefined {
    return this.#sideOf(direction).firstAt(price);
  }

  /** Orders at better prices were traded through and fill completely. Orders at the price get what exceeded the queue ahead of them. */
  #tradeAgainst(side: ClientSide, price: Ticks, quantity: Lots): void {
    let left: number = quantity;
    let filledHere = 0;
    for (const queued of side.orders()) {
      const { order } = queued;
      const distance = (order.price - price) * side.direction;
      if (distance < 0) return;
      if (order.queue === undefined) continue;
      const reached = distance > 0 ? order.leaves : Math.min(queued.traded(quantity) - filledHere, left, order.leaves);
      if (reached <= 0) continue;
      if (distance === 0) filledHere += reached;
      left = Math.max(0, left - reached);
      this.#fillResting(order, lots(reached));
    }
  }

  /** A displayed price that crosses a client’s order would have matched it, so the order fills at its own price. */
  #fillCrossed(side: ClientSide): void {
    const facing = this.#opposite(side.direction);
    for (const { order } of side.orders()) {
      if (!this.wouldTake(order.direction, order.price)) return;
      for (const { price, left } of levelsTo(facing, order)) {
        if (order.queue === undefined) break;
        const quantity = Math.min(left, order.leaves);
        facing.taken.take(price, quantity);
        this.#fillResting(order, lots(quantity));
      }
    }
  }

  #fillResting(order: BookOrder, quantity: Lots): void {
    order.leaves = lots(order.leaves - quantity);
    if (order.leaves === 0) this.remove(order);
    this.#onMatch(order, tape(opposite(order.direction), order.price), order.price, quantity);
  }

  /** False: clients’ orders never meet each other. */
  protected override match(order: BookOrder): boolean {
    const facing = this.#opposite(order.direction);
    for (const { price, left } of levelsTo(facing, order)) {
      if (order.leaves === 0) break;
      const quantity = lots(Math.min(left, order.leaves));
      facing.taken.take(price, quantity);
      order.leaves = lots(order.leaves - quantity);
      this.#onMatch(tape(facing.direction, price), order, price, quantity);
    }
    return false;
  }

  protected override canFill(order: BookOrder): boolean {
    return levelsTo(this.#opposite(order.direction), order).reduce((sum, { left }) => sum + left, 0) >= order.leaves;
  }

  protected override rest(order: BookOrder): void {
    order.queue = { price: order.price, first: order, last: order, quantity: order.leaves };
    this.#sideOf(order.direction).add(order);
  }

  #sideOf(direction: Direction): ClientSide {
    return direction === 1 ? this.#bids : this.#asks;
  }

  #opposite(direction: Direction): ClientSide {
    return this.#sideOf(opposite(direction));
  }
}

/** Levels with which `order` may trade, best first, and the remaining quantity of each. */
function levelsTo({ levels, taken }: ClientSide, order: BookOrder): { price: Ticks; left: number }[] {
  const found: { price: Ticks; left: number }[] = [];
  for (let i = 0; i < levels.length; i += 1) {
    const price = levels.price(i);
    if (price === undefined || (order.price - price) * order.direction < 0) break;
    const left = taken.left(price);
    if (left > 0) found.push({ price, left });
  }
  return found;
}

/** The counterparty from the recording, which belongs to no account. */
function tape(direction: Direction, price: Ticks): BookOrder {
  return new BookOrder(direction, price, lots(0));
}
