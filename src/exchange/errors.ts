import { EXIT, MmbotError } from '../errors.ts';
import { oneLine } from '../util/terminal-text.ts';

/** Only a person can mend keys and their permissions, or what an account may do. */
const KEYS_REFUSED = 'keys_refused';
const ACCOUNT_REFUSED = 'account_refused';

/** What kind of answer, or none, the exchange gave. */
export const EXCHANGE_ERROR_KINDS = [
  /** Our parameters: never retry unchanged. */
  'rejected',
  /** Keys, permissions, account, region, by a code of the exchange's: stop. */
  'auth',
  /** Timestamp outside the exchange's window. */
  'clock',
  /** Rate limit or overload: back off, cancels keep priority. */
  'throttled',
  /** This transport is closed to us for a while. */
  'banned',
  /** The id was used before: the order may be live. */
  'duplicate',
  /** Amend or cancel of an order that is already filled or canceled. */
  'gone',
  /** Connection, time-out, 5xx, unreadable or unlisted answer. */
  'unavailable',
] as const;

export type ExchangeErrorKind = (typeof EXCHANGE_ERROR_KINDS)[number];

/** What a refusal of the kind `auth` is about. */
export type Concern = 'keys' | 'account';

/** What lies behind a refusal that a person can mend, by Bybit's code. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [10_003, 'this exchange does not know the key: mainnet, testnet, demo and each embedded exchange have keys of their own'],
  [10_004, 'the secret is not that of the key: is an earlier one left in the environment or the key file?'],
]);

/** As the system says it. */
const NOT_REACHED = /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b/;
const REACH_IT = 'is the address right, and can it be reached from here?';

/** A request that did not succeed. After `unknown`, ask before acting. */
export class ExchangeError extends MmbotError {
  override readonly name = 'ExchangeError';
  readonly kind: ExchangeErrorKind;
  readonly outcome: 'not-applied' | 'unknown';
  /** Bybit's code, where it gave one. */
  readonly retCode: number | undefined;
  /** When the limit that was hit resets, exchange time in ms. */
  readonly resetAt: number | undefined;
  /** Bybit's documents do not have the code. */
  readonly isUnlisted: boolean;
  /** Why the request was never sent, in a word; undefined when it was, or may have been. */
  readonly unsent: string | undefined;
  /** Of a refusal of the kind `auth`. */
  readonly concern: Concern;
  /** A page without a code forbids it: somebody stands before the exchange, who knows nothing of keys. */
  readonly isBarred: boolean;
  /** A refusal by the exchange itself, with a code of its own or by a list of its own: the page of a proxy is nobody's word. */
  readonly isExchangesWord: boolean;

  constructor(
    kind: ExchangeErrorKind,
    outcome: 'not-applied' | 'unknown',
    message: string,
    details: {
      retCode?: number | undefined;
      resetAt?: number | undefined;
      concern?: Concern;
      isUnlisted?: boolean;
      isBarred?: boolean;
      unsent?: string | undefined;
      /** A list of the exchange does not have what was asked for. */
      byList?: boolean;
      cause?: unknown;
    } = {},
  ) {
    const hint = HINTS.get(details.retCode ?? 0) ?? (NOT_REACHED.test(message) ? REACH_IT : undefined);
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
    this.resetAt = details.resetAt;
    this.isUnlisted = details.isUnlisted === true;
    this.unsent = details.unsent;
    this.concern = details.concern ?? 'keys';
    this.isBarred = details.isBarred === true;
    this.isExchangesWord = kind === 'rejected' && (details.retCode !== undefined || details.byList === true);
  }

  /** Why trading must stop until a person acts, in a word; undefined when it need not. */
  get stopReason(): string | undefined {
    if (this.kind !== 'auth') return undefined;
    return this.concern === 'keys' ? KEYS_REFUSED : `${ACCOUNT_REFUSED}: ${this.retCode ?? 'no code'}`;
  }
}

/** For `catch`: a failed request is an answer too; anything else is a bug, and stays thrown. */
export function exchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  throw error;
}

/** For `catch`: a failed request is of no interest; anything else is a bug, and stays thrown. */
export function ignoreExchangeError(error: unknown): void {
  exchangeError(error);
}
