import type { Clock } from '../../util/clock.ts';
import { isObject, parseJson, type JsonObject } from '../../util/json.ts';
import type { Random } from '../../util/random.ts';
import type { RateLimits, RateReading } from '../limits/rate-limits.ts';
import type { KeyRing } from './keys.ts';
import { drawDelay, type Latency } from './latency.ts';
import { failed, failure, parameterError, RET, type Reply } from './routes/replies.ts';
import { performLimited, type Route, type Routes } from './routes/routes.ts';
import { authenticate } from './signature.ts';
import type { SurfaceRequest, SurfaceResponse } from './surface.ts';

export interface RestParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  readonly keys: KeyRing;
  readonly limits: RateLimits;
  readonly routes: Routes;
  readonly nextId: () => string;
}

/**
 * The request takes effect after the entry delay and is answered after the ack delay; requests may overtake each other, as on separate
 * connections.
 */
export function serveHttp(parts: RestParts, request: SurfaceRequest): Promise<SurfaceResponse> {
  const { clock, random, latency } = parts;
  const receivedAt = clock.now();
  return new Promise((resolve) => {
    clock.schedule(drawDelay(random, latency.entry), () => {
      const response = answer(parts, request, receivedAt);
      clock.schedule(drawDelay(random, latency.ack), () => resolve(response));
    });
  });
}

function answer(parts: RestParts, request: SurfaceRequest, receivedAt: number): SurfaceResponse {
  const { limits, routes } = parts;
  const isOdd = request.method === 'GET' && request.body !== '';
  if (isOdd || !limits.admits(request.address)) return shutOut();
  const route = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
  if (route === undefined || route.method !== request.method)
    return envelope(parts, 404, failed(RET.routeNotFound), limits.idle(request.path));
  const { reply, rate } = perform(parts, request, route, receivedAt);
  return envelope(parts, 200, reply, rate);
}

function perform(parts: RestParts, request: SurfaceRequest, route: Route, receivedAt: number): { reply: Reply; rate: RateReading } {
  const { clock, keys, limits } = parts;
  const { path } = request;
  const now = clock.now();
  const owner = route.access === 'public' ? { ok: true as const, account: -1 } : authenticate(request, keys, now);
  if (!owner.ok) return { reply: failure(owner), rate: limits.idle(path) };
  const params = readParams(request);
  if (params === undefined) return { reply: failure(parameterError('the body is not a JSON object')), rate: limits.idle(path) };
  if (route.access === 'signed') return performLimited(route, path, limits, { account: owner.account, params, now, receivedAt });
  return { reply: route.answer({ account: owner.account, params, now, receivedAt, granted: 1 }), rate: limits.idle(path) };
}

function readParams({ method, query, body }: SurfaceRequest): JsonObject | undefined {
  if (method === 'GET') return Object.fromEntries(new URLSearchParams(query));
  const params = parseJson(body);
  return isObject(params) ? params : undefined;
}

function envelope({ clock, nextId }: RestParts, status: 200 | 404, reply: Reply, rate: RateReading): SurfaceResponse {
  const now = clock.now();
  return {
    status,
    statusText: status === 200 ? 'OK' : 'Not Found',
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...limitHeaders(rate), Traceid: nextId(), Timenow: String(now) },
    body: JSON.stringify({ ...reply, time: now }),
  };
}

/** The rate limit fields, with the same names in HTTP headers and in the header of a trade reply. */
export function limitHeaders({ limit, remaining, resetAt }: RateReading): Record<string, string> {
  return {
    'X-Bapi-Limit': String(limit),
    'X-Bapi-Limit-Status': String(remaining),
    'X-Bapi-Limit-Reset-Timestamp': String(resetAt),
  };
}

/** The answer of the network’s edge to a banned address, and to a GET with a body. */
function shutOut(): SurfaceResponse {
  return { status: 403, statusText: 'Forbidden', headers: { 'Content-Type': 'text/plain' }, body: '403, access too frequent' };
}
