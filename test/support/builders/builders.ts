import type { PositionReport } from '../../../src/exchange/exchange.ts';
import { Book } from '../../../src/model/book.ts';
import { instrumentOf, type Instrument, type InstrumentTerms } from '../../../src/model/instrument.ts';
import { newOrderState, transition, type Fill, type NewOrder, type Order, type OrderReport } from '../../../src/model/order.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';

const BTC_TERMS: InstrumentTerms = {
  symbol: 'BTCUSDT',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  status: 'trading',
  tickSize: '0.10',
  qtyStep: '0.001',
  minQuantity: '0.001',
  maxQuantity: '1190',
  minNotional: '5',
  maxLeverage: '100',
  priceDecimals: 2,
};

export const BTC: Instrument = instrumentOf(BTC_TERMS);

/** Levels as [price in ticks, quantity in lots]. */
export function bookOf(bids: readonly (readonly [number, number])[], asks: readonly (readonly [number, number])[]): Book {
  const book = new Book();
  const level = ([price, quantity]: readonly [number, number]) => ({ price: ticks(price), quantity: lots(quantity) });
  book.apply(bids.map(level), asks.map(level));
  return book;
}

export function newOrder(terms: Partial<NewOrder> = {}): NewOrder {
  return {
    symbol: 'BTCUSDT',
    clientOrderId: 'mm-t-1',
    side: 'buy',
    price: ticks(600_000),
    quantity: lots(10),
    postOnly: true,
    reduceOnly: false,
    ...terms,
  };
}

export function openOrder(terms: Partial<NewOrder> = {}, at = 0): Order {
  const order = newOrder(terms);
  return transition(newOrderState(order, at), { type: 'acknowledged', exchangeOrderId: `x-${order.clientOrderId}` }, at);
}

export function reportOf(order: NewOrder, terms: Partial<OrderReport> = {}): OrderReport {
  return {
    ...order,
    exchangeOrderId: `x-${order.clientOrderId}`,
    status: 'open',
    filled: lots(0),
    kind: 'plain',
    reason: '',
    createdAt: 0,
    updatedAt: 0,
    ...terms,
  };
}

export function fillOf(order: NewOrder, fillId: string, quantity: number, terms: Partial<Fill> = {}): Fill {
  return {
    fillId,
    symbol: order.symbol,
    exchangeOrderId: `x-${order.clientOrderId}`,
    clientOrderId: order.clientOrderId,
    side: order.side,
    price: order.price,
    quantity: lots(quantity),
    fee: atoms(0),
    maker: true,
    at: 0,
    ...terms,
  };
}

/** What the exchange says of a position. */
export function positionOf(quantity: number, terms: Partial<PositionReport> = {}): PositionReport {
  return { symbol: 'BTCUSDT', quantity: lots(quantity), entryPrice: 60_000, markPrice: undefined, ...terms };
}
