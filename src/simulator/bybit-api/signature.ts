import { createHmac, timingSafeEqual } from 'node:crypto';
import { numberIn, textIn } from '../../util/json.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { KeyRing } from './keys.ts';
import { parameterError, refusal, RET, type Refusal } from './routes/replies.ts';
import type { SurfaceRequest } from './surface.ts';

const DEFAULT_RECV_WINDOW_MS = 5000;
/** A client’s clock must be ahead by less than this, regardless of the receive window. */
const AHEAD_MS = 1000;
const DIGITS = /^\d+$/;

/** HMAC-SHA256, lower-case hex. */
export function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Finds the account of a request and checks its signature over the bytes as received. */
export function authenticate(request: SurfaceRequest, keys: KeyRing, now: number): { ok: true; account: AccountId } | Refusal {
  const apiKey = request.headers['x-bapi-api-key'] ?? '';
  const timestamp = request.headers['x-bapi-timestamp'] ?? '';
  const signature = request.headers['x-bapi-sign'] ?? '';
  const window = request.headers['x-bapi-recv-window'] ?? '';
  if (apiKey === '' || timestamp === '' || signature === '') return parameterError('an X-BAPI header is missing');
  const owner = keys.find(apiKey);
  if (owner === undefined) return refusal(RET.apiKey);
  const late = checkTime(timestamp, window, now);
  if (late !== undefined) return late;
  const payload = request.method === 'GET' ? request.query : request.body;
  if (!equal(signature, sign(owner.secret, timestamp + apiKey + window + payload))) return refusal(RET.signature);
  return { ok: true, account: owner.account };
}

/** `server - recvWindow <= timestamp < server + 1000`; undefined when it holds. */
export function checkTime(timestamp: unknown, window: unknown, now: number): Refusal | undefined {
  const sentAt = textIn(timestamp);
  const recvWindow = textIn(window) === '' ? DEFAULT_RECV_WINDOW_MS : numberIn(window);
  if (!DIGITS.test(sentAt) || recvWindow === undefined || recvWindow < 0) return parameterError('timestamp or recv_window');
  const at = Number(sentAt);
  return now - recvWindow <= at && at < now + AHEAD_MS ? undefined : refusal(RET.clock);
}

/** `args` of a WebSocket `auth`: key, expiry in ms as number or text, signature. */
export function authenticateSocket(args: readonly unknown[], keys: KeyRing, now: number): { ok: true; account: AccountId } | Refusal {
  const [apiKey, expires, signature] = args.map(textIn);
  const expiresAt = numberIn(expires);
  if (apiKey === undefined || signature === undefined || expiresAt === undefined) return parameterError('args of auth');
  const owner = keys.find(apiKey);
  if (owner === undefined) return refusal(RET.apiKey);
  if (expiresAt <= now || !equal(signature, sign(owner.secret, `GET/realtime${expires}`))) return refusal(RET.signature);
  return { ok: true, account: owner.account };
}

function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
