import { parseDecimal, subtract, toText, type Decimal } from '../../../util/decimal.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import { CATEGORIES, type CancelScope, type OrderNews, type RestingOrder } from '../../cancel-port.ts';
import { kindIn, statusIn } from './codec.ts';
import { idIn } from './decimal-fields.ts';

/** Reads the order news in a row of the private stream without knowing the instrument; undefined when it contains none. */
export function newsIn(topic: 'order' | 'execution', row: JsonObject): OrderNews | undefined {
  const category = CATEGORIES.find((known) => known === textIn(row['category']));
  const isOpen = topic === 'order' ? statusIn(row) === 'open' : isAliveAfter(row);
  if (category === undefined || isOpen === undefined) return undefined;
  return { order: restingIn(topic === 'order' ? row : orderOf(row), { category }), isOpen };
}

/** What an execution tells about its order, which was in the book. */
function orderOf(execution: JsonObject): JsonObject {
  const [quantity, leaves] = [decimalIn(execution['orderQty']), decimalIn(execution['leavesQty'])];
  const filled = quantity === undefined || leaves === undefined ? undefined : toText(subtract(quantity, leaves));
  return { ...execution, orderStatus: 'PartiallyFilled', price: execution['orderPrice'], qty: execution['orderQty'], cumExecQty: filled };
}

/** A partially executed order is live. */
function isAliveAfter(execution: JsonObject): boolean | undefined {
  const leaves = numberIn(execution['leavesQty']);
  return textIn(execution['execType']) === 'Trade' && leaves !== undefined ? leaves > 0 : undefined;
}

/** Reads a row of an open-order list or of the stream, as far as possible. */
export function restingIn(row: JsonObject, { category, symbol = '' }: CancelScope): RestingOrder {
  const clientOrderId: unknown = row['orderLinkId'];
  return {
    category,
    symbol: nameIn(row['symbol']) || symbol,
    exchangeOrderId: nameIn(idIn(row['orderId'])),
    clientOrderId: idIn(clientOrderId),
    ...(typeof clientOrderId === 'string' ? {} : { hidesOwner: true }),
    kind: kindIn(row),
    side: row['side'] === 'Buy' ? 'buy' : row['side'] === 'Sell' ? 'sell' : undefined,
    price: textIn(row['price']),
    quantity: decimalIn(row['qty']),
    filled: decimalIn(row['cumExecQty']),
    createdAt: numberIn(row['createdTime']),
  };
}

/** A valid id or symbol, else empty: other texts cannot be used in a request. */
function nameIn(value: unknown): string {
  const text = textIn(value);
  return /^[\w.-]{1,64}$/.test(text) ? text : '';
}

/** A missing value is 0; undefined when it is not a number. */
export function decimalIn(value: unknown): Decimal | undefined {
  const text = textIn(value);
  return parseDecimal(text === '' ? '0' : text);
}
