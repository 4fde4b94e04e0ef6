import { lots, type Lots, type Ticks } from '../model/units.ts';
import type { Account } from './account.ts';
import type { ClientOrder } from './client-order.ts';
import type { EmbeddedMarket } from './embedded-market.ts';
import { feeOf, totalMargin } from './margin.ts';
import type { AmendRequest, Outcome, PlaceRequest } from './venue.ts';

export type Refusal = Extract<Outcome, { ok: false }>;

/** Bybit's codes with its own texts (bybit-v5.md §8). */
const TEXTS = {
  10001: 'Request parameter error',
  110001: 'Order does not exist',
  110003: 'Order price exceeds the allowable range.',
  110007: 'Available balance is insufficient',
  110017: 'orderQty will be truncated to zero',
  110020: 'Not allowed to have more than 500 active orders.',
  110064: 'The modified contract quantity cannot be less than or equal to the filled quantity.',
  110072: 'OrderLinkedID is duplicate',
  110094: 'Order notional value below the lower limit',
} as const;

const MAX_OPEN_ORDERS = 500;
const LINK_ID = /^[A-Za-z0-9_-]{0,36}$/;

export function refused(code: keyof typeof TEXTS, detail?: string): Refusal {
  return { ok: false, code, message: detail === undefined ? TEXTS[code] : `${TEXTS[code]}: ${detail}` };
}

/** A new order that may go to the book: at what limit, and how much of it. */
export interface CheckedOrder {
  readonly ok: true;
  readonly price: Ticks;
  readonly quantity: Lots;
}

export function checkPlace(account: Account, market: EmbeddedMarket, request: PlaceRequest): CheckedOrder | Refusal {
  const { symbol, side, type, reduceOnly, orderLinkId } = request;
  if (!LINK_ID.test(orderLinkId)) return refused(10001, 'orderLinkId is longer than 36 or has other characters than A-Z a-z 0-9 - _');
  if (account.usedLinkId(orderLinkId)) return refused(110072);
  const price = type === 'market' ? market.priceLimit(side) : request.price;
  if (price === undefined) return refused(10001, 'a limit order needs a price');
  const wrongTerms = checkTerms(market, request, price, request.quantity);
  if (wrongTerms !== undefined) return wrongTerms;
  if (account.openCount(symbol) >= MAX_OPEN_ORDERS) return refused(110020);
  const quantity = reduceOnly ? lots(Math.min(request.quantity, reducible(account, request))) : request.quantity;
  if (quantity === 0) return refused(110017, 'there is no position that a reduce-only order could reduce');
  const value = price * quantity;
  return isAffordable(account, market, request, value, value) ? { ok: true, price, quantity } : refused(110007);
}

/** New terms that an order may take. */
export function checkAmend(account: Account, market: EmbeddedMarket, order: ClientOrder, amend: AmendRequest): CheckedOrder | Refusal {
  const { request } = order;
  const price = amend.price ?? order.price;
  let quantity = amend.quantity ?? order.quantity;
  if (price === order.price && quantity === order.quantity)
    return refused(10001, 'the order remains unchanged as the parameters entered match the existing ones');
  if (quantity > 0 && quantity <= order.filled) return refused(110064);
  const wrongTerms = checkTerms(market, request, price, quantity);
  if (wrongTerms !== undefined) return wrongTerms;
  if (request.reduceOnly) quantity = lots(Math.min(quantity, order.filled + reducible(account, request)));
  const value = price * (quantity - order.filled);
  return isAffordable(account, market, request, value - order.counted, value) ? { ok: true, price, quantity } : refused(110007);
}

/** What a reduce-only order of this side may trade at most. */
export function reducible(account: Account, { symbol, side }: Pick<PlaceRequest, 'symbol' | 'side'>): number {
  const { quantity } = account.holding(symbol);
  return Math.max(0, side === 'buy' ? 0 - quantity : quantity);
}

function checkTerms(market: EmbeddedMarket, request: PlaceRequest, price: Ticks, quantity: Lots): Refusal | undefined {
  const { minQuantity, maxQuantity, minNotional } = market.instrument;
  if (quantity <= 0) return refused(110017);
  if (quantity < minQuantity) return refused(10001, 'the quantity is below the minimum');
  if (quantity > (request.type === 'market' ? market.maxMarketQuantity : maxQuantity))
    return refused(10001, 'the quantity exceeds the maximum');
  const limit = market.priceLimit(request.side);
  if (price <= 0 || price > market.maxPrice || (request.side === 'buy' ? price > limit : price < limit)) return refused(110003);
  if (price * quantity < minNotional && !request.reduceOnly) return refused(110094);
  return undefined;
}

/** `added`: how much the resting value grows; `value`: all that may be charged a fee. What adds no exposure is never refused. */
function isAffordable(account: Account, market: EmbeddedMarket, request: PlaceRequest, added: number, value: number): boolean {
  if (request.reduceOnly) return true;
  const holding = account.holding(request.symbol);
  const growth = totalMargin(holding, market, { side: request.side, value: added }) - totalMargin(holding, market);
  if (growth <= 0) return true;
  return growth + feeOf(value, market.fees.taker, market) <= account.wallet().available;
}
