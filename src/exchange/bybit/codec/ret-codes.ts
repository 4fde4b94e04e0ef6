import { textIn } from '../../../util/json.ts';
import type { Concern, ExchangeError, ExchangeErrorKind } from '../../errors.ts';
import type { Transport } from '../../exchange.ts';
import * as codes from './error-codes.ts';

/** The meaning of a response code for a request. */
export interface Verdict {
  readonly kind: ExchangeErrorKind;
  readonly outcome: 'not-applied' | 'unknown';
}

/** For a `create`, a code about a missing order proves nothing. */
export type Operation = 'create' | 'other';

/** The trade service restarts and accepts no more requests on this connection. */
export const RESTARTING_CODE = 10019;

/** The API key lacks a permission, or the account a privilege. */
export const NO_PERMISSION = 10005;

/** On the trade socket: the account has too many sessions. Over HTTP the same code means a wrong API key. */
const TOO_MANY_SESSIONS = 10003;
/** The exchange does not know the API key, or the secret is wrong: the caller owns no account there. */
const KEY_UNKNOWN = [10003, 10004, 33004, -2015];

/** For refusals that the operator can fix. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [10003, 'this exchange does not know the key: mainnet, testnet, demo and each embedded exchange have keys of their own'],
  [10004, 'the secret does not belong to the key: look for an old secret in the environment and in the key file'],
]);

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

/** Reads the code of a response: an integer or its text. Undefined for anything else, which must never count as success. */
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

/** Whether the table contains the code. */
export function isDocumented(code: number): boolean {
  return verdicts.has(code);
}

/** What an ExchangeError says about a code. */
export interface CodeDetails {
  readonly retCode: number;
  readonly concern: Concern;
  readonly hint: string | undefined;
  readonly isRateLimit: boolean;
  readonly isUnlisted: boolean;
}

export function detailsOf(code: number): CodeDetails {
  return {
    retCode: code,
    concern: ofAccount.has(code) ? 'account' : 'keys',
    hint: HINTS.get(code),
    isRateLimit: isRateLimit(code),
    isUnlisted: !isDocumented(code),
  };
}

/** Unlisted codes, and codes that make no sense for the request, leave the outcome unknown. */
export function verdictOf(code: number, operation: Operation, via: Transport = 'http'): Verdict | 'accepted' {
  if (code === TOO_MANY_SESSIONS && via === 'socket') return { kind: 'throttled', outcome: 'not-applied' };
  const verdict = verdicts.get(code) ?? UNPROVEN;
  return operation === 'create' && verdict !== 'accepted' && verdict.kind === 'gone' ? UNPROVEN : verdict;
}

/** The verdict for a response without a Bybit code, such as the page of a proxy or load balancer. */
export function verdictOfStatus(status: number, body: string): Verdict {
  switch (status) {
    // The ban for too many requests is recognized by the text of the response.
    case 403:
      return /too frequent|rate limit|too many/i.test(body) ? { kind: 'banned', outcome: 'not-applied' } : UNPROVEN;
    // Without a code these come from a proxy or load balancer: a request that it has passed on may still be applied.
    case 429:
      return { kind: 'throttled', outcome: 'unknown' };
    case 400:
    case 404:
    case 405:
      return { kind: 'rejected', outcome: 'unknown' };
    default:
      return UNPROVEN;
  }
}

/** Whether a response without a code forbids the request. It says nothing about API keys: the exchange refuses these with a code. */
export function isForbidden(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

function refusals(codes: readonly number[], kind: ExchangeErrorKind): (readonly [number, Verdict])[] {
  return codes.map((code) => [code, { kind, outcome: 'not-applied' }] as const);
}
