import { lots } from '../../model/units.ts';
import { at } from '../../util/array.ts';
import { defined } from '../../util/assert.ts';
import { randomInt, type Random } from '../../util/random.ts';
import type { Account } from '../accounts/account.ts';
import type { Clearing } from '../accounts/clearing.ts';
import { amendInBook } from './book-changes.ts';
import { ClientOrder } from './client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { Submission } from '../matching/order-matching.ts';
import {
  checkAmend,
  checkAmendWaiting,
  checkConditional,
  checkEntry,
  checkPlace,
  largestQuantity,
  type CheckedOrder,
} from './order-checks.ts';
import { refused, type Refusal, type RefusalCode } from './order-refusals.ts';
import type { Outcome, VenueOrder } from '../venue/orders.ts';
import type { AmendRequest, PlaceRequest, TimeInForce, Trigger, VenueOrderRef, VenueScope } from '../venue/requests.ts';
import type { Venue } from '../venue/venue.ts';

const MOST_CANCELED = 500;

/** Reasons for which the exchange itself ends an order. */
export type ExchangeEnding = Parameters<Venue['endOrder']>[2];

type CancelCause = 'byUser' | 'byDisconnect' | 'beforeLiquidation' | ExchangeEnding;

export interface OrderEntryParts {
  readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  readonly clearing: Clearing;
  readonly nextOrderId: () => string;
  readonly now: () => number;
  /** Picks the orders that a cancel-all takes when there are too many. */
  readonly random: Random;
  /** Error code for amends and cancels of closed orders. */
  readonly goneCode: GoneCode;
}

/** Bybit uses three codes for the same error. */
export type GoneCode = Extract<RefusalCode, 110001 | 110008 | 110010>;

/** Executes the clients’ requests in the books, and triggers orders when their trigger price is reached. */
export class OrderEntry {
  readonly #parts: OrderEntryParts;

  constructor(parts: OrderEntryParts) {
    this.#parts = parts;
  }

  place(account: Account, request: PlaceRequest): Outcome {
    const market = this.#parts.markets.get(request.symbol);
    if (market === undefined) return reject(account, refused(10001, `symbol '${request.symbol}'`));
    const { trigger } = request;
    const checked = trigger === undefined ? checkPlace(account, market, request) : checkConditional(account, market, request, trigger);
    if (!checked.ok) return reject(account, checked);
    account.counts.created += 1;
    const order = trigger === undefined ? this.#enterAll(account, market, request, checked) : this.#wait(account, market, request, checked);
    this.runTriggers(market);
    return { ok: true, order: order.snapshot() };
  }

  amend(account: Account, request: AmendRequest): Outcome {
    const market = this.#parts.markets.get(request.symbol);
    const order = account.findOpen(request);
    if (market === undefined || order === undefined) return reject(account, this.#gone(account, request));
    const { trigger } = order;
    const isWaiting = order.isWaiting && trigger !== undefined;
    const checked = isWaiting ? checkAmendWaiting(market, order, trigger, request) : checkAmend(account, market, order, request);
    if (!checked.ok) return reject(account, checked);
    account.counts.amended += 1;
    if (isWaiting) this.#amendWaiting(market, order, checked, { ...trigger, price: request.triggerPrice ?? trigger.price });
    else {
      order.amended(checked.quantity, this.#parts.now());
      this.#conclude(market, order, amendInBook(market.engine, order, checked), false);
    }
    this.runTriggers(market);
    return { ok: true, order: order.snapshot() };
  }

  cancel(account: Account, ref: VenueOrderRef, receivedAt = Number.POSITIVE_INFINITY): Outcome {
    const market = this.#parts.markets.get(ref.symbol);
    const order = account.findOpen(ref);
    if (market !== undefined && order !== undefined) {
      this.#cancel(account, market, order, 'byUser');
      return { ok: true, order: order.snapshot() };
    }
    const closed = account.find(ref);
    if (closed?.status !== 'Filled' || closed.updatedAt <= receivedAt) return reject(account, this.#gone(account, ref));
    this.#parts.clearing.lateCancel(closed);
    return { ok: true, order: closed };
  }

  cancelAll(account: Account, scope: VenueScope, cause: 'byUser' | 'byDisconnect'): readonly VenueOrder[] {
    const orders = account.openOrders(scope);
    if (orders.length > MOST_CANCELED) shuffle(orders, this.#parts.random);
    return orders.slice(0, MOST_CANCELED).map((order) => {
      const { symbol } = order.request;
      this.#cancel(account, defined(this.#parts.markets.get(symbol), symbol), order, cause);
      return order.snapshot();
    });
  }

  /** Cancels all orders of the account, including those of its spot side. */
  cancelBeforeLiquidation(account: Account): void {
    account.spot?.cancelAll();
    for (const order of account.openOrders()) {
      const { symbol } = order.request;
      this.#cancel(account, defined(this.#parts.markets.get(symbol), symbol), order, 'beforeLiquidation');
    }
  }

  /** Ends an order on behalf of the exchange; false when it is not open. */
  end(account: Account, ref: VenueOrderRef, why: ExchangeEnding): boolean {
    const market = this.#parts.markets.get(ref.symbol);
    const order = account.findOpen(ref);
    if (market === undefined || order === undefined) return false;
    this.#cancel(account, market, order, why);
    return true;
  }

  /** Enters all orders whose trigger price was reached, and those that they trigger in turn. */
  runTriggers(market: EmbeddedMarket): void {
    for (let order = market.stops.next(); order !== undefined; order = market.stops.next()) {
      this.#trigger(this.#parts.clearing.accountOf(order), market, order);
    }
  }

  /** Splits a reduce-only order above the maximum; the first part carries the client’s id and is returned. */
  #enterAll(account: Account, market: EmbeddedMarket, request: PlaceRequest, { price, quantity }: CheckedOrder): ClientOrder {
    const largest = largestQuantity(market, request);
    const first = this.#enter(account, market, request, { ok: true, price, quantity: lots(Math.min(quantity, largest)) });
    for (let left = quantity - largest; left > 0; left -= largest) {
      account.counts.created += 1;
      this.#enter(account, market, { ...request, orderLinkId: '' }, { ok: true, price, quantity: lots(Math.min(left, largest)) });
    }
    return first;
  }

  #enter(account: Account, market: EmbeddedMarket, request: PlaceRequest, terms: CheckedOrder): ClientOrder {
    const order = this.#newOrder(account, market, request, terms);
    account.add(order);
    this.#conclude(market, order, market.engine.submit(order, bookTerms(request)), true);
    return order;
  }

  #wait(account: Account, market: EmbeddedMarket, request: PlaceRequest, terms: CheckedOrder): ClientOrder {
    const order = this.#newOrder(account, market, request, terms);
    account.add(order);
    market.stops.add(order);
    this.#parts.clearing.rests(market, order, true);
    return order;
  }

  #newOrder({ id }: Account, { lastPrice }: EmbeddedMarket, request: PlaceRequest, { price, quantity }: CheckedOrder): ClientOrder {
    const origin = { account: id, orderId: this.#parts.nextOrderId(), price, lastPrice, at: this.#parts.now() };
    return new ClientOrder(request, quantity, origin, request.trigger === undefined ? '' : 'Stop');
  }

  #amendWaiting(market: EmbeddedMarket, order: ClientOrder, { price, quantity }: CheckedOrder, trigger: Trigger): void {
    market.stops.remove(order);
    order.amendedWaiting(price, quantity, trigger, this.#parts.now());
    market.stops.add(order);
    this.#parts.clearing.rests(market, order, true);
  }

  #trigger(account: Account, market: EmbeddedMarket, order: ClientOrder): void {
    const { clearing } = this.#parts;
    account.releaseStop(order);
    clearing.triggers(order);
    const checked = checkEntry(account, market, order.request, order.quantity);
    if (!checked.ok) return clearing.end(market, order, order.request.reduceOnly ? 'byReduceOnly' : 'rejected');
    order.enters(checked.price, checked.quantity);
    this.#conclude(market, order, market.engine.submit(order, bookTerms(order.request)), true);
  }

  /** Publishes the result of an order besides its fills. */
  #conclude(market: EmbeddedMarket, order: ClientOrder, submission: Submission, isNew: boolean): void {
    const { clearing, now } = this.#parts;
    market.stamp(now());
    if (submission === 'resting') clearing.rests(market, order, isNew ? order.filled === 0 : true);
    else if (submission !== 'filled') clearing.end(market, order, submission);
  }

  #cancel(account: Account, market: EmbeddedMarket, order: ClientOrder, cause: CancelCause): void {
    account.counts.canceled += 1;
    if (order.isWaiting) market.stops.remove(order);
    else market.engine.remove(order);
    market.stamp(this.#parts.now());
    this.#parts.clearing.end(market, order, cause);
  }

  #gone(account: Account, ref: VenueOrderRef): Refusal {
    return refused(account.find(ref) === undefined ? 110001 : this.#parts.goneCode);
  }
}

function reject(account: Account, refusal: Refusal): Refusal {
  account.counts.rejected += 1;
  return refusal;
}

/** A market order is an IOC at its worst price. */
function bookTerms({ type, timeInForce }: PlaceRequest): TimeInForce {
  return type === 'market' && timeInForce !== 'FOK' ? 'IOC' : timeInForce;
}

/** Fisher–Yates. */
function shuffle(orders: ClientOrder[], random: Random): void {
  for (let i = orders.length - 1; i > 0; i -= 1) {
    const j = randomInt(random, i + 1);
    const order = at(orders, i);
    orders[i] = at(orders, j);
    orders[j] = order;
  }
}
