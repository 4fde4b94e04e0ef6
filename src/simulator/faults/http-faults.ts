import type { Clock } from '../../util/clock.ts';
import { sleep } from '../../util/clock.ts';
import { isObject, parseJson } from '../../util/json.ts';
import type { Surface, SurfaceRequest, SurfaceResponse } from '../bybit-api/surface.ts';
import type { Faults } from './faults.ts';
import { outcomeOf, type RequestOutcome } from './request-outcomes.ts';
import { latencyStep } from './latency-step.ts';
import { spoiledRows } from './row-faults.ts';

export interface FaultParts {
  /** The exchange’s clock. */
  readonly clock: Clock;
  readonly faults: Faults;
}

const PAGE = '<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>';
const LIMIT = 10;

/** One HTTP request to the exchange, with faults injected. Rejects where a connection would break. */
export async function httpUnderFaults(parts: FaultParts, inner: Surface, request: SurfaceRequest): Promise<SurfaceResponse> {
  const { clock, faults } = parts;
  if (isUnreachable(faults)) throw new Error('connect ECONNREFUSED');
  if (faults.strikes('keep-alive-reset')) throw new Error('socket hang up');
  if (faults.strikes('maintenance')) return page(503, 'Service Unavailable');
  if (faults.strikes('ip-ban-403')) return { ...page(403, 'Forbidden'), body: '403, access too frequent' };
  const outcome = outcomeOf({ path: request.path, transport: 'http', connectedAt: Number.NEGATIVE_INFINITY }, faults);
  if (outcome?.arrives === false) return answered(outcome, undefined, parts);
  const gateway = faults.strikes('gateway-error');
  if (gateway && faults.draw('gateway-error') < 0.5) return page(502, 'Bad Gateway');
  await delayed(clock, latencyStep(faults));
  const response = await inner.http(request);
  await delayed(clock, latencyStep(faults));
  if (gateway) return page(524, 'A Timeout Occurred');
  return outcome === undefined ? spoiled(faults, request, response) : answered(outcome, response, parts);
}

function isUnreachable(faults: Faults): boolean {
  return faults.strikes('connection-refused') || faults.strikes('rest-down');
}

async function answered(outcome: RequestOutcome, response: SurfaceResponse | undefined, { clock }: FaultParts): Promise<SurfaceResponse> {
  if (outcome.answer === 'code') return refusal(outcome.code, outcome.message, clock.now());
  if (outcome.answer === 'none' || response === undefined) return silence();
  await sleep(clock, outcome.byMs);
  return response;
}

/** Never resolves: the client times out first. */
function silence(): Promise<never> {
  return new Promise(() => undefined);
}

async function delayed(clock: Clock, ms: number): Promise<void> {
  if (ms > 0) await sleep(clock, ms);
}

/** Replaces the body of the exchange’s answer. */
function spoiled(faults: Faults, request: SurfaceRequest, response: SurfaceResponse): SurfaceResponse {
  const { body } = response;
  if (faults.strikes('http-html')) return { ...response, headers: { 'Content-Type': 'text/html' }, body: PAGE };
  if (faults.strikes('http-empty')) return { ...response, body: '' };
  if (faults.strikes('http-truncated')) return { ...response, body: body.slice(0, Math.floor(body.length / 2)) };
  if (faults.strikes('stalled-body')) return { ...response, stalls: true };
  const answer = parseJson(body);
  if (!isObject(answer)) return response;
  const rewritten = spoiledRows(faults, { kind: 'answer', path: request.path }, answer);
  return rewritten === answer ? response : { ...response, body: JSON.stringify(rewritten) };
}

function page(status: number, statusText: string): SurfaceResponse {
  return {
    status,
    statusText,
    headers: { 'Content-Type': 'text/html' },
    body: `<html><head><title>${status} ${statusText}</title></head></html>`,
  };
}

/** Bybit reports nearly every error with HTTP 200; an overload is the exception. */
function refusal(code: number, message: string, now: number): SurfaceResponse {
  if (code === 10429) return page(429, 'Too Many Requests');
  return {
    status: 200,
    statusText: 'OK',
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...(code === 10006 ? spentLimit(now) : {}), Timenow: String(now) },
    body: JSON.stringify({ retCode: code, retMsg: message, result: {}, retExtInfo: {}, time: now }),
  };
}

/** The headers of an answer with code 10006. */
export function spentLimit(now: number): Record<string, string> {
  return { 'X-Bapi-Limit': String(LIMIT), 'X-Bapi-Limit-Status': '0', 'X-Bapi-Limit-Reset-Timestamp': String(now + 500) };
}
