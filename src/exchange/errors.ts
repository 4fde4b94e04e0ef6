import { EXIT, MmbotError } from '../errors.ts';
import { oneLine } from '../util/terminal-text.ts';

/** Stop reasons: only the operator can fix API keys, permissions or account restrictions. */
const KEYS_REFUSED = 'keys_refused';
const ACCOUNT_REFUSED = 'account_refused';

/** Classes of failed requests. */
export const EXCHANGE_ERROR_KINDS = [
  /** The parameters were refused: never retry unchanged. */
  'rejected',
  /** API key, permission, account or region, by an error code of the exchange: stop. */
  'auth',
  /** Timestamp outside the exchange's window. */
  'clock',
  /** Rate limit or overload: back off, cancels keep priority. */
  'throttled',
  /** This transport is closed to us for some time. */
  'banned',
  /** The id was used before: the order may be live. */
  'duplicate',
  /** Amend or cancel of an order that is already filled or canceled. */
  'gone',
  /** Connection failure, timeout, 5xx, unreadable response or unlisted code. */
  'unavailable',
] as const;

export type ExchangeErrorKind = (typeof EXCHANGE_ERROR_KINDS)[number];

/** The subject of a refusal of the kind `auth`. */
export type Concern = 'keys' | 'account';

/** Error codes of the operating system for an unreachable host. */
const NOT_REACHED = /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b/;
const REACH_IT = 'check the address, and whether it can be reached from this machine';

/** A failed request. When `outcome` is `unknown`, query the state before acting. */
export class ExchangeError extends MmbotError {
  override readonly name = 'ExchangeError';
  readonly kind: ExchangeErrorKind;
  readonly outcome: 'not-applied' | 'unknown';
  /** The exchange's error code, if any. */
  readonly retCode: number | undefined;
  /** A refusal of the kind `throttled` because of our own rate limit, of all transports; otherwise the exchange is overloaded. */
  readonly isRateLimit: boolean;
  /** When the exceeded rate limit resets, exchange time in ms. */
  readonly resetAt: number | undefined;
  /** The exchange's time in a refusal of the kind `clock`, ms; undefined when it has none. */
  readonly refusedAt: number | undefined;
  /** True when the exchange's documentation does not list the code. */
  readonly isUnlisted: boolean;
  /** Why the request was never sent, as a short code; undefined when it was, or may have been, sent. */
  readonly unsent: string | undefined;
  /** Set for a refusal of the kind `auth`. */
  readonly concern: Concern;
  /** Forbidden by a response without an error code: a proxy or gateway in front of the exchange, which does not check API keys. */
  readonly isBarred: boolean;
  /** A refusal by the exchange itself, with an error code or by one of its lists, and not by a proxy. */
  readonly isExchangesWord: boolean;

  constructor(
    kind: ExchangeErrorKind,
    outcome: 'not-applied' | 'unknown',
    message: string,
    details: {
      retCode?: number | undefined;
      /** How the operator can fix it. */
      hint?: string | undefined;
      isRateLimit?: boolean;
      resetAt?: number | undefined;
      refusedAt?: number | undefined;
      concern?: Concern;
      isUnlisted?: boolean;
      isBarred?: boolean;
      unsent?: string | undefined;
      /** The requested item is missing from a list of the exchange. */
      byList?: boolean;
      cause?: unknown;
    } = {},
  ) {
    const hint = details.hint ?? (NOT_REACHED.test(message) ? REACH_IT : undefined);
    super({
      code: `exchange_${kind}`,
      exitCode: EXIT.exchange,
      message: oneLine(message),
      ...(hint === undefined ? {} : { hint }),
      cause: details.cause,
    });
    this.kind = kind;
    this.outcome = outcome;
    this.retCode = details.retCode;
    this.isRateLimit = details.isRateLimit === true;
    this.resetAt = details.resetAt;
    this.refusedAt = details.refusedAt;
    this.isUnlisted = details.isUnlisted === true;
    this.unsent = details.unsent;
    this.concern = details.concern ?? 'keys';
    this.isBarred = details.isBarred === true;
    this.isExchangesWord = kind === 'rejected' && (details.retCode !== undefined || details.byList === true);
  }

  /** Why trading must stop until the operator acts, as a short code; undefined when it need not. */
  get stopReason(): string | undefined {
    if (this.kind !== 'auth') return undefined;
    return this.concern === 'keys' ? KEYS_REFUSED : `${ACCOUNT_REFUSED}: ${this.retCode ?? 'no code'}`;
  }
}

/** For `catch`: returns an ExchangeError as a value; any other error is a bug and is rethrown. */
export function exchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  throw error;
}

/** For `catch`: ignores an ExchangeError; any other error is a bug and is rethrown. */
export function ignoreExchangeError(error: unknown): void {
  exchangeError(error);
}
