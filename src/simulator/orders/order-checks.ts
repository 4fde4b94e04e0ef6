import { lots, ticks, type Lots, type Ticks } from '../../model/units.ts';
import type { Account } from '../accounts/account.ts';
import { scaledTowardZero, scaledUp } from '../accounts/arithmetic.ts';
import type { ClientOrder } from './client-order.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import { feeOf, totalMargin } from '../accounts/margin.ts';
import { refused, type Refusal } from './order-refusals.ts';
import { checkPositionStops } from './stop-checks.ts';
import { reaches } from './stop-orders.ts';
import type { AmendRequest, PlaceRequest, Slippage, Trigger } from '../venue/requests.ts';

const MAX_ACTIVE_ORDERS = 500;
const MAX_CONDITIONAL_ORDERS = 10;
const LINK_ID = /^[A-Za-z0-9_-]{0,36}$/;
const TEN_THOUSAND = 10_000;

/** The price and quantity with which a new order may enter the book. */
export interface CheckedOrder {
  readonly ok: true;
  readonly price: Ticks;
  readonly quantity: Lots;
}

export function checkPlace(account: Account, market: EmbeddedMarket, request: PlaceRequest): CheckedOrder | Refusal {
  const wrong = checkIdentity(account, request);
  if (wrong !== undefined) return wrong;
  if (account.activeCount(request.symbol) >= MAX_ACTIVE_ORDERS) return refused(110020);
  const checked = checkEntry(account, market, request, request.quantity);
  return checked.ok ? (checkAttached(request, request.type === 'limit' ? checked.price : market.lastPrice) ?? checked) : checked;
}

/** Checks an order with a trigger price. Its margin and its place in the price band are checked only when it is triggered. */
export function checkConditional(
  account: Account,
  market: EmbeddedMarket,
  request: PlaceRequest,
  trigger: Trigger,
): CheckedOrder | Refusal {
  const price = request.type === 'market' ? ticks(0) : request.price;
  if (price === undefined) return refused(10001, 'a conditional limit order needs a price');
  const wrong =
    checkIdentity(account, request) ??
    (account.conditionalCount(request.symbol) >= MAX_CONDITIONAL_ORDERS ? refused(110009) : undefined) ??
    checkTrigger(market, trigger) ??
    checkQuantity(market, request, price === 0 ? trigger.price : price, request.quantity) ??
    checkAttached(request, price === 0 ? trigger.price : price);
  return wrong ?? { ok: true, price, quantity: request.quantity };
}

/** All checks of an order that enters the book now. */
export function checkEntry(account: Account, market: EmbeddedMarket, request: PlaceRequest, asked: Lots): CheckedOrder | Refusal {
  const wanted = priceOf(market, request);
  if (wanted === undefined) return refused(10001, request.bookPlace === undefined ? 'a limit order needs a price' : 'no such book level');
  const price = withinBand(account, market, request, wanted);
  if (price === undefined) return refused(110003);
  const isWhole = asked === 0 && request.reduceOnly && request.closeOnTrigger === true;
  const wrongQuantity = isWhole ? undefined : checkQuantity(market, request, price, asked);
  if (wrongQuantity !== undefined) return wrongQuantity;
  const most = request.reduceOnly ? reducible(account, request) : asked;
  const quantity = lots(isWhole ? most : Math.min(asked, most));
  if (quantity === 0) return refused(110017, 'there is no position that a reduce-only order could reduce');
  const value = price * quantity;
  return isAffordable(account, market, request, value, value) ? { ok: true, price, quantity } : refused(110007);
}

/** Checks new terms for an order in the book. */
export function checkAmend(account: Account, market: EmbeddedMarket, order: ClientOrder, amend: AmendRequest): CheckedOrder | Refusal {
  const { request } = order;
  const quantity = amend.quantity ?? order.quantity;
  const wanted = amend.price ?? order.price;
  if (amend.triggerPrice !== undefined) return refused(10001, 'the order does not wait for a trigger price');
  if (wanted === order.price && quantity === order.quantity) return unchanged();
  if (quantity > 0 && quantity <= order.filled) return refused(110064);
  const price = withinBand(account, market, request, wanted);
  if (price === undefined) return refused(110003);
  const wrongTerms = checkQuantity(market, request, price, quantity);
  if (wrongTerms !== undefined) return wrongTerms;
  const most = request.reduceOnly ? order.filled + reducible(account, request) : quantity;
  if (quantity > Math.max(most, order.quantity)) return refused(110022);
  const value = price * (quantity - order.filled);
  return isAffordable(account, market, request, value - order.counted, value) ? { ok: true, price, quantity } : refused(110007);
}

/** Checks new terms for an order that waits for its trigger price. */
export function checkAmendWaiting(
  market: EmbeddedMarket,
  order: ClientOrder,
  trigger: Trigger,
  amend: AmendRequest,
): CheckedOrder | Refusal {
  const { request } = order;
  const price = request.type === 'market' ? order.price : (amend.price ?? order.price);
  const quantity = amend.quantity ?? order.quantity;
  const triggerPrice = amend.triggerPrice ?? trigger.price;
  if (order.stopKind !== 'Stop' && amend.quantity !== undefined) return refused(10001, 'a stop has the size of its position');
  if (price === order.price && quantity === order.quantity && triggerPrice === trigger.price) return unchanged();
  const wrong =
    checkTrigger(market, { ...trigger, price: triggerPrice }) ??
    checkQuantity(market, request, price === 0 ? triggerPrice : price, quantity);
  return wrong ?? { ok: true, price, quantity };
}

/** The most that a reduce-only order of this side may trade. */
export function reducible(account: Account, { symbol, side }: Pick<PlaceRequest, 'symbol' | 'side'>): number {
  const { quantity } = account.holding(symbol);
  return Math.max(0, side === 'buy' ? 0 - quantity : quantity);
}

/** The largest quantity of one order; a larger reduce-only order is split into several. */
export function largestQuantity(market: EmbeddedMarket, { type }: PlaceRequest): Lots {
  return type === 'market' ? market.maxMarketQuantity : market.instrument.maxQuantity;
}

function checkIdentity(account: Account, { orderLinkId }: PlaceRequest): Refusal | undefined {
  if (!LINK_ID.test(orderLinkId)) return refused(10001, 'orderLinkId is longer than 36 or has other characters than A-Z a-z 0-9 - _');
  return account.usedLinkId(orderLinkId) ? refused(110072) : undefined;
}

function checkTrigger(market: EmbeddedMarket, trigger: Trigger): Refusal | undefined {
  const { price, direction, by } = trigger;
  if (price <= 0 || price > market.maxPrice) return refused(110003);
  const now = { last: market.lastPrice, mark: market.markPrice, index: market.indexPrice }[by];
  if (!reaches(now, trigger)) return undefined;
  return refused(direction === 'rise' ? 110092 : 110093, `trigger_price[${price}], current[${now}]`);
}

function checkAttached({ side, reduceOnly, takeProfit, stopLoss }: PlaceRequest, price: Ticks): Refusal | undefined {
  if (takeProfit === undefined && stopLoss === undefined) return undefined;
  if (reduceOnly) return refused(10001, 'a reduce-only order has no take profit and no stop loss');
  return checkPositionStops(side === 'buy', price, takeProfit, stopLoss);
}

/** The requested limit price; for a market order, the worst price at which it may trade. */
function priceOf(market: EmbeddedMarket, { side, type, price, slippage, bookPlace }: PlaceRequest): Ticks | undefined {
  if (type === 'market') return slippage === undefined ? market.priceLimit(side) : slippagePrice(market, side, slippage);
  if (bookPlace === undefined) return price;
  const { bids, asks } = market.book;
  const own = side === 'buy' ? bids : asks;
  const other = side === 'buy' ? asks : bids;
  return (bookPlace.side === 'queue' ? own : other).price(bookPlace.level - 1);
}

/** The touch plus slippage, within the price limit. */
function slippagePrice(market: EmbeddedMarket, side: PlaceRequest['side'], slippage: Slippage): Ticks {
  const limit = market.priceLimit(side);
  const touch = side === 'buy' ? market.book.asks.price(0) : market.book.bids.price(0);
  if (touch === undefined) return limit;
  if (side === 'buy') {
    const most = slippage.type === 'ticks' ? touch + slippage.ticks : scaledTowardZero(touch, TEN_THOUSAND + slippage.bps, TEN_THOUSAND);
    return ticks(Math.min(most, limit));
  }
  const least = slippage.type === 'ticks' ? touch - slippage.ticks : scaledUp(touch, TEN_THOUSAND - slippage.bps, TEN_THOUSAND);
  return ticks(Math.max(least, limit));
}

/**
 * The price that the order gets: Bybit moves a price outside the limits to the nearest one inside, unless the account wants it rejected.
 */
function withinBand(account: Account, market: EmbeddedMarket, { side }: PlaceRequest, price: Ticks): Ticks | undefined {
  if (price <= 0 || price > market.maxPrice) return undefined;
  const limit = market.priceLimit(side);
  const isOutside = side === 'buy' ? price > limit : price < limit;
  if (!isOutside) return price;
  return account.priceAction === 'adjust' ? limit : undefined;
}

function checkQuantity(market: EmbeddedMarket, request: PlaceRequest, price: Ticks, quantity: Lots): Refusal | undefined {
  const { minQuantity, minNotional } = market.instrument;
  if (quantity === 0 && request.reduceOnly && request.closeOnTrigger === true) return undefined;
  if (quantity <= 0) return refused(110017);
  if (quantity < minQuantity) return refused(10001, 'the quantity is below the minimum');
  if (quantity > largestQuantity(market, request) && !request.reduceOnly) return refused(10001, 'the quantity exceeds the maximum');
  return price * quantity < minNotional && !request.reduceOnly ? refused(110094) : undefined;
}

/** `added`: growth of the resting value; `value`: everything that may incur a fee. An order that adds no exposure is never refused. */
function isAffordable(account: Account, market: EmbeddedMarket, request: PlaceRequest, added: number, value: number): boolean {
  if (request.reduceOnly) return true;
  const holding = account.holding(request.symbol);
  const growth = totalMargin(holding, market, { side: request.side, value: added }) - totalMargin(holding, market);
  if (growth <= 0) return true;
  return growth + feeOf(value, market.fees.taker, market) <= account.available();
}

function unchanged(): Refusal {
  return refused(10001, 'the order remains unchanged as the parameters entered match the existing ones');
}
