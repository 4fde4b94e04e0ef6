import { notional, toAtoms } from '../../model/instrument.ts';
import { atoms, lots, tickLots, type Atoms, type Lots, type Ticks } from '../../model/units.ts';
import type { AccountOrders } from '../accounts/account-orders.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import type { CoinBalances } from '../accounts/coin-balances.ts';
import { formatSteps } from '../../model/grid.ts';
import type { SpotMarket } from './spot-market.ts';
import type { VenueWallet } from '../venue/account-state.ts';
import type { Outcome } from '../venue/orders.ts';
import type { AmendRequest, PlaceRequest } from '../venue/requests.ts';

type SpotRefusal = Extract<Outcome, { ok: false }>;

/** Bybit’s codes with its own texts (bybit-v5.md §8). */
const TEXTS = {
  10001: 'Request parameter error',
  170131: 'Balance insufficient',
  170132: 'Order price too high.',
  170136: 'Order quantity lower than the minimum.',
  170139: 'Order has been filled.',
  170140: 'Order value exceeded lower limit',
  170141: 'Duplicate clientOrderId',
  170142: 'Order has been cancelled',
  170193: 'Buy order price cannot be higher than %s.',
  170194: 'Sell order price cannot be lower than %s.',
  170213: 'Order does not exist.',
  170313: 'The modified quantity cannot be less than the filled quantity.',
  170341: 'Request order quantity exceeds maximum limit',
  170810: 'Cannot exceed maximum of 500 conditional, TP/SL and active orders.',
} as const;

const MAX_OPEN_ORDERS = 500;

export function refusedOnSpot(code: keyof typeof TEXTS, detail = ''): SpotRefusal {
  const text = TEXTS[code];
  return { ok: false, code, message: text.includes('%s') ? text.replace('%s', detail) : detail === '' ? text : `${text}: ${detail}` };
}

/** The state of an account on which a spot order depends. */
export interface SpotMeans {
  readonly orders: AccountOrders;
  readonly coins: CoinBalances;
  /** Wallet of the settle coin, shared with the derivatives. */
  readonly wallet: VenueWallet;
}

/** The price and quantity with which a new order may enter the book. */
export interface CheckedSpotOrder {
  readonly ok: true;
  readonly price: Ticks;
  readonly quantity: Lots;
}

export function checkSpotPlace(means: SpotMeans, market: SpotMarket, request: PlaceRequest): CheckedSpotOrder | SpotRefusal {
  const { side, type, orderLinkId, quoteAmount } = request;
  if (means.orders.usedLinkId(orderLinkId)) return refusedOnSpot(170141);
  const price = type === 'market' ? market.priceLimit(side) : request.price;
  if (price === undefined) return refusedOnSpot(10001, 'a limit order needs a price');
  if (means.orders.openOrders().length >= MAX_OPEN_ORDERS) return refusedOnSpot(170810);
  if (quoteAmount !== undefined) return checkByValue(means, market, request, price, quoteAmount);
  const wrongTerms = checkTerms(market, request, price, request.quantity);
  if (wrongTerms !== undefined) return wrongTerms;
  const value = type === 'market' ? reachable(market, request, price, request.quantity).value : notional(price, request.quantity);
  const needed = side === 'buy' ? toAtoms(tickLots(value), market.instrument) : baseAtoms(request.quantity, market);
  return needed <= spendable(means, market, request) ? { ok: true, price, quantity: request.quantity } : refusedOnSpot(170131);
}

/** Checks new terms for an order. */
export function checkSpotAmend(
  means: SpotMeans,
  market: SpotMarket,
  order: ClientOrder,
  amend: AmendRequest,
): CheckedSpotOrder | SpotRefusal {
  const { request } = order;
  const price = amend.price ?? order.price;
  const quantity = amend.quantity ?? order.quantity;
  if (price === order.price && quantity === order.quantity) return refusedOnSpot(10001, 'the order remains unchanged');
  if (quantity <= order.filled) return refusedOnSpot(170313);
  const wrongTerms = checkTerms(market, request, price, quantity);
  if (wrongTerms !== undefined) return wrongTerms;
  const needed = lockedBy(market, request, price, lots(quantity - order.filled));
  return needed - order.counted <= spendable(means, market, request) ? { ok: true, price, quantity } : refusedOnSpot(170131);
}

/** Amount locked by a resting order: quote coin for a buy, base coin for a sell. */
export function lockedBy(market: SpotMarket, { side }: Pick<PlaceRequest, 'side'>, price: Ticks, leaves: Lots): Atoms {
  return side === 'buy' ? toAtoms(notional(price, leaves), market.instrument) : baseAtoms(leaves, market);
}

/** A quantity in atoms of the base coin. */
export function baseAtoms(quantity: Lots, { atomsPerLot }: SpotMarket): Atoms {
  return atoms(quantity * atomsPerLot);
}

function checkByValue(
  means: SpotMeans,
  market: SpotMarket,
  request: PlaceRequest,
  price: Ticks,
  amount: Atoms,
): CheckedSpotOrder | SpotRefusal {
  const { instrument, maxMarketQuantity } = market;
  const most = Math.floor(amount / instrument.atomsPerTickLot);
  if (most < instrument.minNotional) return refusedOnSpot(170140);
  const { quantity, left } = reachable(market, request, price, maxMarketQuantity, most);
  // If the book has too little at these prices, the order asks for more than it can fill, and the rest ends unfilled.
  const wanted = left === 0 ? quantity : quantity + Math.max(1, Math.floor(left / price));
  if (wanted > maxMarketQuantity) return refusedOnSpot(170341);
  const { side } = request;
  const needed = side === 'buy' ? amount : baseAtoms(lots(wanted), market);
  return needed <= spendable(means, market, request) ? { ok: true, price, quantity: lots(wanted) } : refusedOnSpot(170131);
}

function checkTerms(market: SpotMarket, request: PlaceRequest, price: Ticks, quantity: Lots): SpotRefusal | undefined {
  const { minQuantity, maxQuantity, minNotional, tick } = market.instrument;
  const isMarket = request.type === 'market';
  if (quantity < minQuantity) return refusedOnSpot(170136);
  if (quantity > (isMarket ? market.maxMarketQuantity : maxQuantity)) return refusedOnSpot(170341);
  if (price > market.maxPrice) return refusedOnSpot(170132);
  const limit = market.priceLimit(request.side);
  if (request.side === 'buy' && price > limit) return refusedOnSpot(170193, formatSteps(limit, tick));
  if (request.side === 'sell' && price < limit) return refusedOnSpot(170194, formatSteps(limit, tick));
  return price * quantity < minNotional ? refusedOnSpot(170140) : undefined;
}

/** The amount that an order of this side may use: coins that are not locked and, of the settle coin, not needed as margin. */
function spendable({ coins, wallet }: SpotMeans, { instrument }: SpotMarket, { side }: PlaceRequest): number {
  const { baseCoin } = instrument;
  if (side === 'sell') return coins.balance(baseCoin) - coins.locked(baseCoin);
  return Math.min(wallet.balance - wallet.locked, wallet.available);
}

interface Reach {
  readonly quantity: Lots;
  /** Tick-lots. */
  readonly value: number;
  /** The rest of `mostValue` if the book ended first. */
  readonly left: number;
}

/** What the book would fill now at `limit` or better, up to a quantity and a value. */
function reachable({ book }: SpotMarket, { side }: PlaceRequest, limit: Ticks, most: Lots, mostValue = Number.POSITIVE_INFINITY): Reach {
  const levels = side === 'buy' ? book.asks : book.bids;
  const direction = side === 'buy' ? 1 : -1;
  let quantity = 0;
  let left = mostValue;
  let value = 0;
  for (let i = 0; i < levels.length && quantity < most; i += 1) {
    const level = levels.level(i);
    if (level === undefined || (limit - level.price) * direction < 0) break;
    const payable = Math.floor(left / level.price);
    const taken = Math.min(level.quantity, most - quantity, payable);
    quantity += taken;
    value += taken * level.price;
    left -= taken * level.price;
    if (taken === payable) return { quantity: lots(quantity), value, left: 0 };
  }
  return { quantity: lots(quantity), value, left };
}
