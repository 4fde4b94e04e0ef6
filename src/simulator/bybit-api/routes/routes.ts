import { textIn, type JsonObject } from '../../../util/json.ts';
import type { RateLimits, RateReading } from '../../limits/rate-limits.ts';
import { productOf } from '../../limits/rate-tiers.ts';
import type { AccountId } from '../../venue/account-state.ts';
import { failed, RET, type Reply } from './replies.ts';

/** The input of an endpoint. */
export interface Call {
  readonly account: AccountId;
  /** Query or body; unknown fields are ignored. */
  readonly params: JsonObject;
  /** Wall time of the exchange, ms. */
  readonly now: number;
  /** Wall time when the request arrived, before it took effect. */
  readonly receivedAt: number;
  /** How many orders of a batch the rate limit allows; 1 for all other requests. */
  readonly granted: number;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly access: 'public' | 'signed';
  /** Number of orders in a request, for limits that count orders. */
  readonly sizeOf?: (params: JsonObject) => number;
  readonly answer: (call: Call) => Reply;
}

export type Routes = Readonly<Record<string, Route>>;

export const publicGet = (answer: Route['answer']): Route => ({ method: 'GET', access: 'public', answer });
export const signedGet = (answer: Route['answer']): Route => ({ method: 'GET', access: 'signed', answer });
export const signedPost = (answer: Route['answer']): Route => ({ method: 'POST', access: 'signed', answer });

/** Counts a signed request against its rate limit and executes as much of it as the limit allows. */
export function performLimited(
  route: Route,
  path: string,
  limits: RateLimits,
  request: Omit<Call, 'granted'>,
): { readonly reply: Reply; readonly rate: RateReading } {
  const product = productOf(path, textIn(request.params['category']));
  // For options, requests are counted; for all other products, the orders of a batch.
  const amount = product === 'option' ? 1 : (route.sizeOf?.(request.params) ?? 1);
  const rate = limits.take(request.account, path, amount, product);
  const isRefused = rate.granted === 0 && route.sizeOf === undefined;
  return { reply: isRefused ? failed(RET.tooManyVisits) : route.answer({ ...request, granted: rate.granted }), rate };
}
