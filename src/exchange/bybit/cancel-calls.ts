import { add, decimal, parseDecimal, type Decimal } from '../../util/decimal.ts';
import { listIn, numberIn, objectIn, textIn, type JsonObject } from '../../util/json.ts';
import type { CancelPort, CancelScope, Category, RestingOrder } from '../cancel-port.ts';
import { ExchangeError } from '../errors.ts';
import type { Ack, Stamped } from '../exchange.ts';
import { kindIn, sideIn, statusIn } from './codec.ts';
import { unreadable } from './decimal-fields.ts';
import type { Rest } from './rest.ts';
import { verdictOf } from './ret-codes.ts';

const ORDERS_PER_PAGE = 50;
const FILLS_PER_PAGE = 100;

/** Bybit's calls behind the cancel port. `cancel`: the way that single cancels take, socket or HTTP. */
export function cancelCalls(rest: Rest, cancel: (parameters: JsonObject) => Promise<Ack>): Omit<CancelPort, 'listen'> {
  return {
    async resting(scope): Promise<Stamped<readonly RestingOrder[]>> {
      const { rows, at } = await rest.pages('v5/order/realtime', parametersOf(scope), ORDERS_PER_PAGE);
      // The list may shift between pages: an order can be in it twice.
      // Closed ones may be listed for a moment after they closed.
      const open = rows.filter((row) => statusIn(row) === 'open');
      const orders = new Map(open.map((row) => [textIn(row['orderId']), restingIn(row, scope.category)]));
      return { value: [...orders.values()], at };
    },
    async cancelBulk(scope, includeStops) {
      // Without the filter the call takes conditional orders and stops with it.
      const filter = includeStops ? {} : { orderFilter: 'Order' };
      const { result } = await rest.post('v5/order/cancel-all', { ...parametersOf(scope), ...filter });
      if (textIn(result['success']) !== '1') throw new ExchangeError('unavailable', 'unknown', 'cancel-all: not all could be canceled');
    },
    async cancelOne({ category, symbol, exchangeOrderId, kind }) {
      await cancel({
        category,
        symbol,
        orderId: exchangeOrderId,
        ...(category === 'spot' && kind !== 'plain' ? { orderFilter: spotFilter(kind) } : {}),
      });
    },
    async cancelBatch(orders) {
      const category = orders[0]?.category ?? 'linear';
      const request = orders.map(({ symbol, exchangeOrderId }) => ({ symbol, orderId: exchangeOrderId }));
      const { extra } = await rest.post('v5/order/cancel-batch', { category, request });
      const items = listIn(objectIn(extra)['list']);
      return orders.map((_, index) => refusalIn(items[index]));
    },
    async executed(category, since) {
      const { rows } = await rest.pages('v5/execution/list', { category, startTime: Math.max(0, Math.floor(since)) }, FILLS_PER_PAGE);
      const totals = new Map<string, Decimal>();
      const seen = new Set<string>();
      for (const row of rows) {
        const [execId, orderId] = [textIn(row['execId']), textIn(row['orderId'])];
        if (seen.has(execId)) continue;
        seen.add(execId);
        totals.set(orderId, add(totals.get(orderId) ?? decimal('0'), decimalIn(row['execQty'], 'execQty')));
      }
      return totals;
    },
  };
}

function parametersOf({ category, symbol, settleCoin }: CancelScope): JsonObject {
  return { category, ...(symbol === undefined ? (settleCoin === undefined ? {} : { settleCoin }) : { symbol }) };
}

/** A row of an open-order list, or of the order stream. */
export function restingIn(row: JsonObject, category: Category): RestingOrder {
  const exchangeOrderId = textIn(row['orderId']);
  const symbol = textIn(row['symbol']);
  if (exchangeOrderId === '' || symbol === '') throw unreadable('order row without orderId or symbol');
  return {
    category,
    symbol,
    exchangeOrderId,
    clientOrderId: textIn(row['orderLinkId']),
    kind: kindIn(row),
    side: sideIn(row['side']),
    price: textIn(row['price']),
    quantity: decimalIn(row['qty'], 'order qty'),
    filled: decimalIn(row['cumExecQty'], 'order cumExecQty'),
  };
}

/** An item that is already gone has reached the goal. */
function refusalIn(item: unknown): string | undefined {
  const code = numberIn(objectIn(item)['code']);
  if (code === undefined) return 'an answer without a code';
  const verdict = verdictOf(code, 'other');
  return verdict === 'accepted' || verdict.kind === 'gone' ? undefined : `${code} ${textIn(objectIn(item)['msg'])}`;
}

function spotFilter(kind: RestingOrder['kind']): string {
  return kind === 'tpsl' ? 'tpslOrder' : 'StopOrder';
}

function decimalIn(value: unknown, what: string): Decimal {
  const text = textIn(value);
  const number = parseDecimal(text === '' ? '0' : text);
  if (number === undefined) throw unreadable(`${what} '${text}'`);
  return number;
}
