import { z } from 'zod';
import type { SurfaceRequest, SurfaceResponse } from '../../../src/simulator/bybit-api/surface.ts';
import { objectIn, parseJson, textIn } from '../../../src/util/json.ts';
import * as account from './account.ts';
import * as market from './market.ts';
import * as orders from './orders.ts';
import { category as categoryName, nothing, symbol, timeNumber } from './texts.ts';
import { issuesOf, type Verdict } from './verdict.ts';

interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Shape of `result`, which may depend on the category that was asked for. */
  readonly result: (category: string) => z.ZodType;
  readonly extra?: z.ZodType;
  /** Whether each category is a row of its own in the table. */
  readonly byCategory?: boolean;
  /** Bybit sends no `result` here. */
  readonly isBare?: boolean;
}

type Shape = z.ZodType | ((category: string) => z.ZodType);
const get = (result: Shape, more: Partial<Endpoint> = {}): Endpoint => ({ method: 'GET', result: always(result), ...more });
const post = (result: Shape, more: Partial<Endpoint> = {}): Endpoint => ({ method: 'POST', result: always(result), ...more });
const always = (result: Shape) => (typeof result === 'function' ? result : (): z.ZodType => result);
const perProduct = (linear: z.ZodType, spot: z.ZodType) => (category: string) => (category === 'spot' ? spot : linear);
const listOf = (row: z.ZodType): z.ZodType => z.strictObject({ category: categoryName, list: z.array(row) });
const instruments = (category: string): z.ZodType =>
  category === 'spot'
    ? z.strictObject({ category: z.literal('spot'), list: z.array(market.spotInstrument), nextPageCursor: z.string().optional() })
    : account.pageOf(market.linearInstrument);
const BY_CATEGORY = { byCategory: true };
const BATCH = { byCategory: true, extra: orders.batchExtra };

/** Every endpoint of the REST API that clients of a market maker use, and the shape of what it answers (bybit-v5.md §1-§7). */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/v5/market/time': get(market.serverTime),
  '/v5/market/instruments-info': get(instruments, BY_CATEGORY),
  '/v5/market/tickers': get(perProduct(listOf(market.linearTicker), listOf(market.spotTicker)), BY_CATEGORY),
  '/v5/market/orderbook': get(market.restBook, BY_CATEGORY),
  '/v5/market/kline': get(z.strictObject({ symbol, category: categoryName, list: z.array(market.candle) }), BY_CATEGORY),
  '/v5/market/recent-trade': get(listOf(market.recentTrade), BY_CATEGORY),
  '/v5/market/price-limit': get(market.priceLimit, BY_CATEGORY),
  '/v5/market/funding/history': get(listOf(market.fundingRow)),
  '/v5/order/create': post(orders.orderIds, BY_CATEGORY),
  '/v5/order/amend': post(orders.orderIds, BY_CATEGORY),
  '/v5/order/cancel': post(orders.orderIds, BY_CATEGORY),
  '/v5/order/create-batch': post(orders.createdBatchResult, BATCH),
  '/v5/order/amend-batch': post(orders.batchResult, BATCH),
  '/v5/order/cancel-batch': post(orders.batchResult, BATCH),
  '/v5/order/cancel-all': post(orders.canceledAll, BY_CATEGORY),
  '/v5/order/pre-check': post(orders.preCheck),
  '/v5/order/disconnected-cancel-all': post(nothing, { isBare: true }),
  '/v5/order/realtime': get(perProduct(account.pageOf(orders.linearOrder), account.pageOf(orders.spotOrder)), BY_CATEGORY),
  '/v5/order/history': get(perProduct(account.pageOf(orders.linearOrder), account.pageOf(orders.spotOrder)), BY_CATEGORY),
  '/v5/execution/list': get(perProduct(account.pageOf(orders.linearExecution), account.pageOf(orders.spotExecution)), BY_CATEGORY),
  '/v5/position/list': get(account.pageOf(account.position)),
  '/v5/position/set-leverage': post(nothing),
  '/v5/position/switch-mode': post(nothing),
  '/v5/position/trading-stop': post(nothing),
  '/v5/account/wallet-balance': get(z.strictObject({ list: z.array(account.wallet).length(1) })),
  '/v5/account/fee-rate': get(account.feeRates, BY_CATEGORY),
  '/v5/account/info': get(account.accountInfo),
  '/v5/account/user-setting-config': get(account.settings),
  '/v5/account/set-limit-px-action': post(nothing),
  '/v5/account/set-margin-mode': post(account.marginModeReasons),
  '/v5/account/query-dcp-info': get(account.dcpInfo),
  '/v5/user/query-api': get(account.apiKey),
  '/v5/asset/coin/query-info': get(account.coins),
};

const envelope = z.strictObject({ retCode: z.int(), retMsg: z.string(), result: z.unknown(), retExtInfo: z.unknown(), time: timeNumber });
const bareEnvelope = envelope.partial({ result: true, retExtInfo: true });
const refusal = envelope.extend({ retMsg: z.string().min(1), result: nothing, retExtInfo: nothing });

const digits = z.string().regex(/^\d+$/);
export const limitHeaders = {
  'X-Bapi-Limit': digits,
  'X-Bapi-Limit-Status': digits,
  'X-Bapi-Limit-Reset-Timestamp': z.string().regex(/^\d{13}$/),
  Traceid: z.string().min(1),
  Timenow: z.string().regex(/^\d{13}$/),
};
const headers = z.object(limitHeaders).extend({ 'Content-Type': z.string().startsWith('application/json') });

export function checkRest(request: SurfaceRequest, response: SurfaceResponse): Verdict {
  const endpoint = ENDPOINTS[request.path];
  const reply = objectIn(parseJson(response.body));
  const category = categoryOf(request);
  const name = [request.method, request.path, ...(endpoint?.byCategory === true ? [category] : [])].join(' ');
  const isSuccess = reply['retCode'] === 0;
  const issues = issuesOf(headers, response.headers).map((issue) => `header ${issue}`);
  if (!isSuccess) return { name, isSuccess, issues: [...issues, ...issuesOf(refusal, reply)] };
  if (endpoint === undefined) return { name, isSuccess, issues: [...issues, 'no schema for this endpoint'] };
  if (endpoint.method !== request.method) issues.push(`answered a ${request.method}`);
  issues.push(...issuesOf(endpoint.isBare === true ? bareEnvelope : envelope, reply));
  issues.push(...issuesOf(shapeOf(request.path, endpoint, category), reply));
  if (endpoint.extra !== undefined) issues.push(...checkParallel(request, reply));
  return { name, isSuccess, issues };
}

const shapes = new Map<string, z.ZodType>();

/** Made once: compiling a schema costs more than using it. */
function shapeOf(path: string, endpoint: Endpoint, category: string): z.ZodType {
  const key = `${path} ${category}`;
  let shape = shapes.get(key);
  if (shape === undefined) {
    const whole = z.object({ result: endpoint.result(category), retExtInfo: endpoint.extra ?? nothing });
    shape = endpoint.isBare === true ? whole.partial() : whole;
    shapes.set(key, shape);
  }
  return shape;
}

/** The two lists of a batch answer the request item by item, and an item without an order says why. */
export function checkBatch(items: readonly unknown[], result: unknown, extra: unknown): string[] {
  const [list, codes] = [listOfRows(result), listOfRows(extra)];
  if (list.length !== items.length || codes.length !== items.length)
    return [`${list.length} and ${codes.length} answers to ${items.length}`];
  return list.flatMap((row, i) => ((row['orderId'] === '') === (codes[i]?.['code'] === 0) ? [`item ${i}: orderId and code disagree`] : []));
}

function checkParallel(request: SurfaceRequest, reply: Readonly<Record<string, unknown>>): string[] {
  return checkBatch(arrayIn(objectIn(parseJson(request.body))['request']), reply['result'], reply['retExtInfo']);
}

function listOfRows(holder: unknown): readonly Readonly<Record<string, unknown>>[] {
  return arrayIn(objectIn(holder)['list']).map(objectIn);
}

function arrayIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function categoryOf({ method, query, body }: SurfaceRequest): string {
  if (method === 'GET') return new URLSearchParams(query).get('category') ?? '';
  return textIn(objectIn(parseJson(body))['category']);
}
