import { numberIn, type JsonObject } from '../../../util/json.ts';
import type { LimitObservation, RequestClass } from '../../exchange.ts';

/** Endpoints whose counters are known classes; the others have counters of their own that nothing here paces. */
const CLASS_OF_PATH: ReadonlyMap<string, RequestClass> = new Map([
  ['v5/order/create', 'create'],
  ['v5/order/amend', 'amend'],
  ['v5/order/cancel', 'cancel'],
  ['v5/order/cancel-all', 'cancelAll'],
  ['v5/order/cancel-batch', 'cancelBatch'],
  ['v5/order/realtime', 'query'],
  ['v5/order/history', 'query'],
  ['v5/execution/list', 'query'],
  ['v5/position/list', 'query'],
  ['v5/account/wallet-balance', 'query'],
]);

export function classOfPath(path: string): RequestClass | undefined {
  return CLASS_OF_PATH.get(path);
}

/** Bybit counts per second: without a word about the reset, this is when it comes at the latest. */
const WINDOW_MS = 1000;

/**
 * What an answer says of the counter of its request. `headers`: of a REST answer or a trade-socket reply, any case; they may say
 * nothing. `sentAt`: monotonic. `now`: exchange time as far as we know it, ms.
 */
export function limitObservation(
  requestClass: RequestClass,
  headers: JsonObject,
  exceeded: boolean,
  { sentAt, now }: { readonly sentAt: number; readonly now: number },
): LimitObservation {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const at = numberIn(named.get('timenow'));
  return {
    class: requestClass,
    sentAt,
    at,
    limit: numberIn(named.get('x-bapi-limit')) ?? Number.POSITIVE_INFINITY,
    remaining: exceeded ? 0 : (numberIn(named.get('x-bapi-limit-status')) ?? 0),
    exceeded,
    resetAt: numberIn(named.get('x-bapi-limit-reset-timestamp')) ?? (at ?? now) + WINDOW_MS,
  };
}
