import { parseDecimal, type Decimal } from '../../../util/decimal.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import { CATEGORIES, type CancelScope, type OrderNews, type RestingOrder } from '../../cancel-port.ts';
import { kindIn, statusIn } from './codec.ts';
import { idIn } from './decimal-fields.ts';

/** What a row of the account's stream says of an order, without any instrument being known; undefined where that is nothing. */
export function newsIn(topic: 'order' | 'execution', row: JsonObject): OrderNews | undefined {
  const category = CATEGORIES.find((known) => known === textIn(row['category']));
  const isOpen = topic === 'order' ? statusIn(row) === 'open' : isAliveAfter(row);
  return category === undefined || isOpen === undefined ? undefined : { order: restingIn(row, { category }), isOpen };
}

/** What is executed in part is alive. */
function isAliveAfter(execution: JsonObject): boolean | undefined {
  const leaves = numberIn(execution['leavesQty']);
  return textIn(execution['execType']) === 'Trade' && leaves !== undefined ? leaves > 0 : undefined;
}

/** A row of an open-order list, or of the streams, whatever of it can be read. */
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

/** What can be an id or a symbol: anything else cannot be sent back. */
function nameIn(value: unknown): string {
  const text = textIn(value);
  return /^[\w.-]{1,64}$/.test(text) ? text : '';
}

/** A missing one is none; undefined for what is no number. */
export function decimalIn(value: unknown): Decimal | undefined {
  const text = textIn(value);
  return parseDecimal(text === '' ? '0' : text);
}
