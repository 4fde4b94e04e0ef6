import type { CancelPort, CancelScope, RestingOrder } from '../../exchange/cancel-port.ts';
import type { Clock } from '../../util/clock.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { CancelReport } from './cancel-report.ts';
import type { ReadAge } from './read-age.ts';

export interface CancelAllParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /**
   * Called after every look with the open targets, the number found so far, the error when a list could not be read, and whether every list
   * was answered, if only by an error.
   */
  readonly onLook?: (open: readonly RestingOrder[], found: number, unreadable: string | undefined, isAnswered: boolean) => void;
}

export interface CancelAllRequest {
  readonly trigger: CancelReport['trigger'];
  readonly scopes: readonly CancelScope[];
  /**
   * Whether an open order must be canceled. A bulk call is made only while a scope shows no other orders. Undefined: this cannot be
   * determined. Such an order is not touched, and nothing is proven while it is open.
   */
  readonly isTarget: (order: RestingOrder) => boolean | undefined;
  /** Every open order except stops must be canceled: then a bulk call is made even for scopes that cannot be read. */
  readonly isEverything?: boolean;
  /**
   * Others may have orders in these scopes, which must stay. A list may not show them yet, so no bulk call is made even if they show none.
   */
  readonly isShared?: boolean | undefined;
  readonly includeStops: boolean;
  /** Cancel order by order from the start, without bulk calls. */
  readonly perOrder: boolean;
  /**
   * After this monotonic time no create that was in flight can still be accepted: the proof is not complete earlier. A function where the
   * time may still move, because a bot may be found and halted later.
   */
  readonly lateCreateDeadline: number | (() => number);
  /**
   * Since when (monotonic) the caller itself receives every order event, so that late lists can hide only older orders; undefined
   * while it does not. Called at every look, because the caller's stream may break.
   */
  readonly watchedSince?: () => number | undefined;
  /** True for orders that the caller has placed: their appearance does not indicate another client. */
  readonly isExpected?: (order: RestingOrder) => boolean;
  /** Whether every order that the caller knows is closed according to its own record, because lists may lag. Default: true. */
  readonly isSettled?: () => boolean;
  /** Only look, cancel nothing; ends with the first look that shows a target. */
  readonly watchOnly?: boolean;
  /** Aborting it ends the cancel-all at once, with what is known and without another look. */
  readonly signal?: AbortSignal;
  /** The list delay observed by earlier cancel-alls; updated with what this one observes. Default: a new one. */
  readonly age?: ReadAge;
  readonly deadlineMs: number;
}
