import type { JsonObject } from '../../util/json.ts';
import type { RateLimits, RateReading } from '../rate-limits.ts';
import type { AccountId } from '../venue.ts';
import { failed, RET, type Reply } from './replies.ts';

/** What an endpoint is given. */
export interface Call {
  readonly account: AccountId;
  /** Query or body; unknown fields are ignored. */
  readonly params: JsonObject;
  /** Wall time of the exchange, ms. */
  readonly now: number;
  /** How many orders of a batch may pass; 1 for everything else. */
  readonly granted: number;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly access: 'public' | 'signed';
  /** How many orders a request is for, where the limit counts orders. */
  readonly sizeOf?: (params: JsonObject) => number;
  readonly answer: (call: Call) => Reply;
}

export type Routes = Readonly<Record<string, Route>>;

export const publicGet = (answer: Route['answer']): Route => ({ method: 'GET', access: 'public', answer });
export const signedGet = (answer: Route['answer']): Route => ({ method: 'GET', access: 'signed', answer });
export const signedPost = (answer: Route['answer']): Route => ({ method: 'POST', access: 'signed', answer });

/** Counts a signed request against its bucket and does as much of it as passes. */
export function performLimited(
  route: Route,
  path: string,
  limits: RateLimits,
  request: Omit<Call, 'granted'>,
): { readonly reply: Reply; readonly rate: RateReading } {
  const rate = limits.take(request.account, path, route.sizeOf?.(request.params) ?? 1);
  const isRefused = rate.granted === 0 && route.sizeOf === undefined;
  return { reply: isRefused ? failed(RET.tooManyVisits) : route.answer({ ...request, granted: rate.granted }), rate };
}
