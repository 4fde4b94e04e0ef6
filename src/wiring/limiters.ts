import { RateLimiter } from '../execution/limits/rate-limiter.ts';
import type { Clock } from '../util/clock.ts';

/** Bybit allows 50 queries per second; the rest stays free for an emergency mmbot cancel-all. */
const QUERIES_PER_SECOND = 40;

/** Rate limiter of the bot; limits reported by the exchange can only lower it. */
export function tradingLimiter(clock: Clock, opsPerSecond: number): RateLimiter {
  const lanes = { create: opsPerSecond, amend: opsPerSecond, cancel: opsPerSecond, cancelBatch: opsPerSecond, cancelAll: opsPerSecond };
  return new RateLimiter(clock, { ...lanes, query: QUERIES_PER_SECOND });
}

/** Creates, amends and cancels are not limited, for a load test beyond the exchange's limits; the requests that verify its end are. */
export function orderLanesOpen(clock: Clock, opsPerSecond: number): RateLimiter {
  const open = { create: Infinity, amend: Infinity, cancel: Infinity };
  return new RateLimiter(clock, { ...open, cancelBatch: opsPerSecond, cancelAll: opsPerSecond, query: QUERIES_PER_SECOND });
}
