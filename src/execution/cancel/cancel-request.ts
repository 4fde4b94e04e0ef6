import type { CancelPort, CancelScope, RestingOrder } from '../../exchange/cancel-port.ts';
import type { Clock } from '../../util/clock.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { CancelReport } from './cancel-report.ts';
import type { ReadAge } from './read-age.ts';

export interface CancelAllParts {
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** Hears after every look which targets are open, how many were found so far, and why that could not be read. */
  readonly onLook?: (open: readonly RestingOrder[], found: number, unreadable: string | undefined) => void;
}

export interface CancelAllRequest {
  readonly trigger: CancelReport['trigger'];
  readonly scopes: readonly CancelScope[];
  /**
   * Which open orders have to go; a bulk call is made only while a scope shows no others. Undefined: that cannot be told. Such an order
   * is not touched, and nothing is proven while it is there.
   */
  readonly isTarget: (order: RestingOrder) => boolean | undefined;
  /** Whatever is open has to go, but for stops: then a bulk call is made even where nothing can be read. */
  readonly isEverything?: boolean;
  readonly includeStops: boolean;
  /** Order by order at once, without a bulk call. */
  readonly perOrder: boolean;
  /** No create that was on its way can still land after this monotonic time: the proof ends no earlier. */
  readonly quietAt: number;
  /**
   * Since this monotonic time the caller hears of every order by itself, so that only older ones can be missing in lists that are late;
   * undefined while it does not. Asked again at every look: what it hears by may break.
   */
  readonly watchedSince?: () => number | undefined;
  /** Orders that the caller has placed: that they appear is no sign of anybody else. */
  readonly isExpected?: (order: RestingOrder) => boolean;
  /** Whether every order that the caller knows of is closed by its own record: lists may lag. True unless given. */
  readonly isSettled?: () => boolean;
  /** Nothing is canceled, it is only looked: it ends with the first look that shows a target. */
  readonly watchOnly?: boolean;
  /** Ends it at once, with what is known and without another look. */
  readonly signal?: AbortSignal;
  /** Begins with how late earlier cancel-alls have seen the lists to be, and learns what this one sees. New unless given. */
  readonly age?: ReadAge;
  readonly deadlineMs: number;
}
