import { add, decimal, type Decimal } from '../../../util/decimal.ts';
import { listIn, numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { keyOf, type CancelPort, type CancelScope, type OrderName, type RestingOrder } from '../../cancel-port.ts';
import { readAs, type Listing } from '../../complete.ts';
import { ExchangeError } from '../../errors.ts';
import type { Ack } from '../../exchange.ts';
import { statusIn } from '../codec/codec.ts';
import { idIn, unreadable } from '../codec/decimal-fields.ts';
import type { Rest } from '../rest/rest.ts';
import { presenceOf, settleCoins } from '../rest/presence.ts';
import { decimalIn, restingIn } from '../codec/resting-rows.ts';
import { verdictOf } from '../codec/ret-codes.ts';
import { covers, TRADED } from '../settle-coins.ts';

const REALTIME = 'v5/order/realtime';
const ORDERS_PER_PAGE = 50;
/** More than an account can have open in a category. Of a longer list, the part that was read is canceled, then it is read again. */
const MOST_ORDER_PAGES = 100;
const FILLS_PER_PAGE = 100;

/** Bybit's calls for the cancel port. `cancel`: sends a single cancel, over the socket or HTTP. */
export function cancelCalls(rest: Rest, cancel: (parameters: JsonObject) => Promise<Ack>): Omit<CancelPort, 'listen'> {
  return {
    traded: TRADED,
    covers,
    async resting(scope): Promise<Listing<RestingOrder>> {
      const list = await rest.list(REALTIME, parametersOf(scope), ORDERS_PER_PAGE, MOST_ORDER_PAGES);
      // The list may shift between pages, so an order can appear twice. Closed orders may be listed for a moment after closing.
      const open = list.value.filter((row) => statusIn(row) === 'open').map((row) => restingIn(row, scope));
      return readAs(list, [...new Map(open.map((order) => [keyOf(order), order])).values()]);
    },
    async cancelBulk(scope, includeStops) {
      // Without the filter, the call also cancels conditional orders and stops.
      const filter = includeStops ? {} : { orderFilter: 'Order' };
      const { result } = await rest.post('v5/order/cancel-all', { ...parametersOf(scope), ...filter });
      if (textIn(result['success']) !== '1') throw new ExchangeError('unavailable', 'unknown', 'cancel-all: not all could be canceled');
    },
    async cancelOne(order) {
      const { category, kind } = order;
      await cancel({
        ...nameParameters(order),
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
    async recordOf(order) {
      for (const path of [REALTIME, 'v5/order/history']) {
        const { value: rows } = await rest.pages(path, nameParameters(order), ORDERS_PER_PAGE);
        const row = rows.find((entry) => isOf(entry, order));
        if (row !== undefined) return statusIn(row) === 'open' ? 'open' : 'closed';
      }
      return 'absent';
    },
    async executed(category, since) {
      const { value: rows } = await rest.pages(
        'v5/execution/list',
        { category, startTime: Math.max(0, Math.floor(since)) },
        FILLS_PER_PAGE,
      );
      const totals = new Map<string, Decimal>();
      const seen = new Set<string>();
      for (const row of rows) {
        const [execId, orderId] = [idIn(row['execId']), idIn(row['orderId'])];
        if (execId === '' || orderId === '') throw unreadable('an execution without its ids');
        if (seen.has(execId)) continue;
        seen.add(execId);
        const quantity = decimalIn(row['execQty']);
        if (quantity === undefined) throw unreadable('execQty');
        totals.set(orderId, add(totals.get(orderId) ?? decimal('0'), quantity));
      }
      return totals;
    },
    presenceOf: (scope) => presenceOf(rest, scope),
    settleCoins: (category) => settleCoins(rest, category),
  };
}

function nameParameters({ category, symbol, exchangeOrderId, clientOrderId }: OrderName): JsonObject {
  return { category, symbol, ...(exchangeOrderId === '' ? { orderLinkId: clientOrderId } : { orderId: exchangeOrderId }) };
}

function isOf(row: JsonObject, { exchangeOrderId, clientOrderId }: OrderName): boolean {
  return exchangeOrderId === '' ? idIn(row['orderLinkId']) === clientOrderId : idIn(row['orderId']) === exchangeOrderId;
}

function parametersOf({ category, symbol, settleCoin }: CancelScope): JsonObject {
  return { category, ...(symbol === undefined ? (settleCoin === undefined ? {} : { settleCoin }) : { symbol }) };
}

/** Why the cancel of an item was not accepted; undefined when it was accepted or the order is already gone. */
function refusalIn(item: unknown): string | undefined {
  const code = numberIn(objectIn(item)['code']);
  if (code === undefined) return 'an answer without a code';
  const verdict = verdictOf(code, 'other');
  return verdict === 'accepted' || verdict.kind === 'gone' ? undefined : `${code} ${textIn(objectIn(item)['msg'])}`;
}

function spotFilter(kind: RestingOrder['kind']): string {
  return kind === 'tpsl' ? 'tpslOrder' : 'StopOrder';
}
