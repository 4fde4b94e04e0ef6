import type { Touch } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import { pendingTerms, type Order, type Side, type Terms } from '../../model/order.ts';
import { lots, ticks, type Lots, type Ticks } from '../../model/units.ts';
import { askTicks, bidTicks } from '../../strategy/rounding.ts';

/** Shares of the price collar between which the orders lie: far from the touch so that they do not fill, inside what risk allows. */
const NEAREST = 0.3;
const FURTHEST = 0.7;
/** A wider collar is the exchange's business: it has price limits of its own. */
const WIDEST_COLLAR_BPS = 100;
/** Different quantities: there are few prices where a tick is coarse. */
const QUANTITIES = 8;
const MOST_TRIES = 64;

export interface TermsRequest {
  readonly side: Side;
  readonly touch: Touch;
  readonly instrument: Instrument;
  /** Of the order: neighbours get other prices. */
  readonly number: number;
  readonly collarBps: number;
  /** Undefined: the least that the exchange takes. */
  readonly quantity: Lots | undefined;
  /** What risk would take for the same intent, sent twice. */
  readonly twins: Twins;
}

/** Price and quantity for an order that is to rest; undefined when all that were looked at are taken by twins. */
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

/** The least that the exchange takes at this price, and a lot more: a price that falls must not make it too small. */
function leastQuantity(price: Ticks, { minQuantity, minNotional }: Instrument): number {
  return Math.max(minQuantity, Math.ceil(minNotional / price) + 1);
}

/** Terms of live orders of one symbol, those that they are about to move to, and those that are decided with them. */
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
