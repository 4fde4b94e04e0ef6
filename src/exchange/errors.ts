import { EXIT, MmbotError } from '../errors.ts';

/** What kind of answer, or none, the exchange gave. */
export const EXCHANGE_ERROR_KINDS = [
  /** Our parameters: never retry unchanged. */
  'rejected',
  /** Keys, permissions, account, region: stop. */
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

/** A request that did not succeed. After `unknown`, ask before acting. */
export class ExchangeError extends MmbotError {
  override readonly name = 'ExchangeError';
  readonly kind: ExchangeErrorKind;
  readonly outcome: 'not-applied' | 'unknown';
  /** Bybit's code, where it gave one. */
  readonly retCode: number | undefined;
  /** When the limit that was hit resets, exchange time in ms. */
  readonly resetAt: number | undefined;

  constructor(
    kind: ExchangeErrorKind,
    outcome: 'not-applied' | 'unknown',
    message: string,
    details: { retCode?: number; resetAt?: number; cause?: unknown } = {},
  ) {
    super({ code: `exchange_${kind}`, exitCode: EXIT.exchange, message, cause: details.cause });
    this.kind = kind;
    this.outcome = outcome;
    this.retCode = details.retCode;
    this.resetAt = details.resetAt;
  }
}
