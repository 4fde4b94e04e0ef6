import type { Submission } from '../../../src/simulator/matching/order-matching.ts';
import type { SelfMatch, TimeInForce } from '../../../src/simulator/venue/requests.ts';

export interface NaiveOrder {
  readonly id: number;
  readonly owner: number;
  readonly side: 1 | -1;
  price: number;
  leaves: number;
}

/** Price-time priority written down as the rule says it: sort all resting orders, take the first. Slow, and easy to believe. */
export class NaiveBook {
  readonly trades: [taker: number, maker: number, price: number, quantity: number][] = [];
  readonly prevented: [taker: number, maker: number][] = [];
  /** Oldest first, whatever their price. */
  resting: NaiveOrder[] = [];

  place(order: NaiveOrder, timeInForce: TimeInForce, selfMatch: SelfMatch): Submission {
    if (timeInForce === 'PostOnly' && this.#next(order) !== undefined) return 'wouldTake';
    if (timeInForce === 'FOK' && !this.#fillsWhole(order, selfMatch)) return 'killed';
    for (let maker = this.#next(order); maker !== undefined && order.leaves > 0; maker = this.#next(order)) {
      if (selfMatch !== 'None' && maker.owner === order.owner) {
        this.prevented.push([order.id, maker.id]);
        if (selfMatch !== 'CancelTaker') this.cancel(maker);
        if (selfMatch !== 'CancelMaker') return 'selfMatch';
        continue;
      }
      const quantity = Math.min(order.leaves, maker.leaves);
      order.leaves -= quantity;
      maker.leaves -= quantity;
      this.trades.push([order.id, maker.id, maker.price, quantity]);
      if (maker.leaves === 0) this.cancel(maker);
    }
    if (order.leaves === 0) return 'filled';
    if (timeInForce === 'IOC' || timeInForce === 'FOK') return 'expired';
    this.resting.push(order);
    return 'resting';
  }

  amend(order: NaiveOrder, price: number, leaves: number): void {
    const keepsPlace = price === order.price && leaves <= order.leaves;
    if (!keepsPlace) this.cancel(order);
    order.price = price;
    order.leaves = leaves;
    if (!keepsPlace) this.place(order, 'GTC', 'None');
  }

  cancel(order: NaiveOrder): void {
    this.resting = this.resting.filter((each) => each !== order);
  }

  /** The best-priced, oldest order that `order` could trade with. */
  #next(order: NaiveOrder): NaiveOrder | undefined {
    return this.#makersOf(order)[0];
  }

  #makersOf({ side, price }: NaiveOrder): NaiveOrder[] {
    const crossing = this.resting.filter((maker) => maker.side !== side && (price - maker.price) * side >= 0);
    return crossing.sort((a, b) => (a.price - b.price) * side);
  }

  #fillsWhole(order: NaiveOrder, selfMatch: SelfMatch): boolean {
    let missing = order.leaves;
    for (const maker of this.#makersOf(order)) {
      const isOwn = selfMatch !== 'None' && maker.owner === order.owner;
      if (isOwn && selfMatch !== 'CancelMaker') break;
      missing -= isOwn ? 0 : maker.leaves;
      if (missing <= 0) return true;
    }
    return false;
  }
}
