import type { Touch } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import { pendingTerms, type Order, type Side, type Terms } from '../../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../../model/units.ts';
import { askTicks, bidTicks } from '../../strategy/rounding.ts';

/** Orders lie between these shares of the price collar: far enough from the touch not to fill, and within the collar of the risk gate. */
const NEAREST = 0.3;
const FURTHEST = 0.7;
/** Upper limit of the collar, because the exchange has price limits of its own. */
const WIDEST_COLLAR_BPS = 100;
/** Number of different quantities, for instruments whose coarse tick leaves few prices. */
const QUANTITIES = 8;
const MOST_TRIES = 64;

export interface TermsRequest {
  readonly side: Side;
  readonly touch: Touch;
  readonly instrument: Instrument;
  /** Number of the order: consecutive orders get different prices. */
  readonly number: number;
  readonly collarBps: number;
  /** Undefined: the minimum of the exchange. */
  readonly quantity: Lots | undefined;
  /** Terms that the risk gate would deny as duplicates. */
  readonly twins: Twins;
}

/** Price and quantity for an order that is to rest; undefined when all candidates are taken by twins. */
export function restingTerms({ side, touch, instrument, number, collarBps, quantity, twins }: TermsRequest): Terms | undefined {
  const mid = (touch.bid.price + touch.ask.price) / 2;
  const collar = (mid * Math.min(collarBps, WIDEST_COLLAR_BPS)) / 10_000;
  const places = Math.max(1, Math.floor((FURTHEST - NEAREST) * collar));
  const nearest = side === 'buy' ? bidTicks(mid - NEAREST * collar) : askTicks(mid + NEAREST * collar);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const away = (number + tries) % places;
    const price = ticks(side === 'buy' ? nearest - away : nearest + away);
    const more = (number + Math.floor(tries / places)) % QUANTITIES;
    const terms = { price, quantity: quantity ?? lots(leastQuantity(price, instrument) + more) };
    if (!twins.has(side, terms)) return terms;
  }
  return undefined;
}

/** The minimum of the exchange at this price, plus a lot, so that a lower price does not make the order too small. */
function leastQuantity(price: Ticks, { minQuantity, minNotional }: Instrument): number {
  return Math.max(minQuantity, Math.ceil(minNotional / price) + 1);
}

/** Terms in use for one symbol: of live orders, of their pending amends, and of orders decided in the same turn. */
export class Twins {
  readonly #terms = new Set<string>();

  constructor(orders: readonly Order[]) {
    for (const order of orders) {
      const pending = pendingTerms(order);
      this.add(order.side, order);
      if (pending !== undefined) this.add(order.side, pending);
    }
  }

  add(side: Side, terms: Terms): void {
    this.#terms.add(keyOf(side, terms));
  }

  has(side: Side, terms: Terms): boolean {
    return this.#terms.has(keyOf(side, terms));
  }
}

function keyOf(side: Side, { price, quantity }: Terms): string {
  return `${side} ${price} ${quantity}`;
}
