import { textIn } from '../../../util/json.ts';
import type { Concern, ExchangeError, ExchangeErrorKind } from '../../errors.ts';
import type { Transport } from '../../exchange.ts';
import * as codes from './error-codes.ts';

/** What a code of Bybit says about a request. */
export interface Verdict {
  readonly kind: ExchangeErrorKind;
  readonly outcome: 'not-applied' | 'unknown';
}

/** `create`: only a create can be answered by a code about an order that does not exist. */
export type Operation = 'create' | 'other';

/** The trade service restarts: it takes no new requests on this connection. */
export const RESTARTING_CODE = 10019;

/** The key lacks a permission, or the account a privilege. */
export const NO_PERMISSION = 10005;

/** Of the account, on the trade socket; over HTTP the same number is a key that is wrong. */
const TOO_MANY_SESSIONS = 10003;
/** The exchange does not know the key, or not this secret of it: whoever asks is not the owner of anything there. */
const KEY_UNKNOWN = [10003, 10004, 33004, -2015];

const UNPROVEN: Verdict = { kind: 'unavailable', outcome: 'unknown' };

const verdicts = new Map<number, Verdict | 'accepted'>([
  ...codes.ACCEPTED.map((code) => [code, 'accepted'] as const),
  ...refusals(codes.REJECTED, 'rejected'),
  ...refusals(codes.KEYS, 'auth'),
  ...refusals(codes.ACCOUNT, 'auth'),
  ...refusals(codes.CLOCK, 'clock'),
  ...refusals(codes.RATE_LIMITED, 'throttled'),
  ...refusals(codes.THROTTLED, 'throttled'),
  ...refusals(codes.BANNED, 'banned'),
  ...refusals(codes.GONE, 'gone'),
  ...codes.DUPLICATE.map((code) => [code, { kind: 'duplicate', outcome: 'unknown' }] as const),
  ...codes.UNKNOWN.map((code) => [code, UNPROVEN] as const),
]);

const rateLimited = new Set(codes.RATE_LIMITED);
const ofAccount = new Set(codes.ACCOUNT);

/** The code of an answer: a whole number, also as text. Undefined for anything else: it proves nothing, least of all success. */
export function codeIn(value: unknown): number | undefined {
  const text = textIn(value);
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export function isKeyUnknown({ retCode }: Pick<ExchangeError, 'retCode'>): boolean {
  return retCode !== undefined && KEY_UNKNOWN.includes(retCode);
}

export function isRateLimit(code: number | undefined): boolean {
  return code !== undefined && rateLimited.has(code);
}

/** The table knows what it says. */
export function isDocumented(code: number): boolean {
  return verdicts.has(code);
}

/** What an error tells of its code. `concern`: what a person has to mend after a refusal of the kind `auth`. */
export function detailsOf(code: number): { readonly retCode: number; readonly concern: Concern; readonly isUnlisted: boolean } {
  return { retCode: code, concern: ofAccount.has(code) ? 'account' : 'keys', isUnlisted: !isDocumented(code) };
}

/** Codes that are not listed, and those that make no sense for the request, prove nothing. */
export function verdictOf(code: number, operation: Operation, via: Transport = 'http'): Verdict | 'accepted' {
  if (code === TOO_MANY_SESSIONS && via === 'socket') return { kind: 'throttled', outcome: 'not-applied' };
  const verdict = verdicts.get(code) ?? UNPROVEN;
  return operation === 'create' && verdict !== 'accepted' && verdict.kind === 'gone' ? UNPROVEN : verdict;
}

/** An answer without a code of Bybit: a proxy's or a load balancer's page. */
export function verdictOfStatus(status: number, body: string): Verdict {
  switch (status) {
    // The ban for too many requests is told apart by its words.
    case 403:
      return /too frequent|rate limit|too many/i.test(body) ? { kind: 'banned', outcome: 'not-applied' } : UNPROVEN;
    case 429:
      return { kind: 'throttled', outcome: 'not-applied' };
    case 400:
    case 404:
    case 405:
      return { kind: 'rejected', outcome: 'not-applied' };
    default:
      return UNPROVEN;
  }
}

/** Whether a page without a code forbids what was asked. Keys are judged by the exchange alone, with a code. */
export function isForbidden(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

function refusals(codes: readonly number[], kind: ExchangeErrorKind): (readonly [number, Verdict])[] {
  return codes.map((code) => [code, { kind, outcome: 'not-applied' }] as const);
}
