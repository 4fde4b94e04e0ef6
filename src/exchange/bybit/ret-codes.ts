import type { ExchangeErrorKind } from '../errors.ts';

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

const ACCEPTED = [0, 110025, 110026, 110027, 110043, 34040];

const REJECTED = [
  10001, 10017, 10029, 10032, 10404, 30208, 30209, 30228, 110003, 110004, 110006, 110007, 110009, 110012, 110017, 110020, 110021, 110022,
  110023, 110032, 110044, 110045, 110052, 110064, 110074, 110090, 110094, 110095, 110098, 110103, 110119, 110120, 110121, 170105, 170115,
  170116, 170117, 170121, 170124, 170130, 170131, 170132, 170133, 170134, 170136, 170137, 170140, 170148, 170151, 170157, 170192, 170193,
  170194, 170217, 170218, 170313, 170341, 170371, 170372, 170381, 170382, 170810,
];
const AUTH = [10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 33004, -2015, 110066, 110123, 110124, 110125];
/** The timestamp of the request is outside the exchange's window. */
const CLOCK = [10002, -1];
/** A counter of ours is full, which names its reset; the others speak of the exchange's own load. */
const RATE_LIMITED = [10006, 170005, 170222, 30035];
const THROTTLED = [...RATE_LIMITED, 20003, 10429, 429];
const BANNED = [10403];
const DUPLICATE = [110072, 170141, 10014, 20006];
const GONE = [110001, 110008, 110010, 170139, 170142, 170143, 170190, 170213, 175007];
const UNKNOWN = [
  10000,
  10016,
  RESTARTING_CODE,
  110079,
  40004,
  500000,
  170001,
  170007,
  170032,
  170035,
  170146,
  170147,
  170149,
  170150,
  170191,
  170212,
  170310,
  170311,
];

const UNPROVEN: Verdict = { kind: 'unavailable', outcome: 'unknown' };

const verdicts = new Map<number, Verdict | 'accepted'>([
  ...ACCEPTED.map((code) => [code, 'accepted'] as const),
  ...refusals(REJECTED, 'rejected'),
  ...refusals(AUTH, 'auth'),
  ...refusals(CLOCK, 'clock'),
  ...refusals(THROTTLED, 'throttled'),
  ...refusals(BANNED, 'banned'),
  ...refusals(GONE, 'gone'),
  ...DUPLICATE.map((code) => [code, { kind: 'duplicate', outcome: 'unknown' }] as const),
  ...UNKNOWN.map((code) => [code, UNPROVEN] as const),
]);

export function isRateLimit(code: number | undefined): boolean {
  return code !== undefined && RATE_LIMITED.includes(code);
}

/** Codes that are not listed, and those that make no sense for the request, prove nothing. */
export function verdictOf(code: number, operation: Operation): Verdict | 'accepted' {
  const verdict = verdicts.get(code) ?? UNPROVEN;
  return operation === 'create' && verdict !== 'accepted' && verdict.kind === 'gone' ? UNPROVEN : verdict;
}

/** An answer without a code of Bybit: a proxy's or a load balancer's page. */
export function verdictOfStatus(status: number, body: string): Verdict {
  switch (status) {
    case 401:
    case 407:
      return { kind: 'auth', outcome: 'not-applied' };
    // The ban for too many requests is told apart by its words: other reasons are a blocked region or address.
    case 403:
      return { kind: /too frequent|rate limit|too many/i.test(body) ? 'banned' : 'auth', outcome: 'not-applied' };
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

function refusals(codes: readonly number[], kind: ExchangeErrorKind): (readonly [number, Verdict])[] {
  return codes.map((code) => [code, { kind, outcome: 'not-applied' }] as const);
}
