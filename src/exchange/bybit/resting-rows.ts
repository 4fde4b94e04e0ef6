import { parseDecimal, type Decimal } from '../../util/decimal.ts';
import { numberIn, textIn, type JsonObject } from '../../util/json.ts';
import type { CancelScope, RestingOrder } from '../cancel-port.ts';
import { kindIn } from './codec.ts';

/** A row of an open-order list, or of the streams, whatever of it can be read. */
export function restingIn(row: JsonObject, { category, symbol = '' }: CancelScope): RestingOrder {
  const clientOrderId: unknown = row['orderLinkId'];
  return {
    category,
    symbol: nameIn(row['symbol']) || symbol,
    exchangeOrderId: nameIn(row['orderId']),
    clientOrderId: textIn(clientOrderId),
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
