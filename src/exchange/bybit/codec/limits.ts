import { numberIn, type JsonObject } from '../../../util/json.ts';
import type { Exchange, LimitObservation, RequestClass } from '../../exchange.ts';

/**
 * Duration of a ban. HTTP: of the IP address, counted from the last response that reports it, as documented. Trade socket: assumed, because
 * it is not documented.
 */
export const BAN_MS: Exchange['banMs'] = { http: 600_000, socket: 60_000 };

/** Request classes of endpoints. Other endpoints have separate rate limits, which are not tracked. */
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

/** Bybit's limits are per second: without a reset time in the response, the reset comes at the latest after this time. */
const WINDOW_MS = 1000;

/**
 * Reads the rate-limit state from a response. `headers`: those of a REST response or a trade-socket reply, in any case; the fields may be
 * missing. `sentAt`: monotonic. `now`: estimated exchange time, ms.
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
