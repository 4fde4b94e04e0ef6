import { RateLimiter } from '../execution/limits/rate-limiter.ts';
import type { Clock } from '../util/clock.ts';

/** Of the 50 a second that the exchange allows, a part stays free for the queries of a cancel-all in an emergency. */
const QUERIES_PER_SECOND = 40;

/** What a bot allows itself; the exchange's own headers can only lower it. */
export function tradingLimiter(clock: Clock, opsPerSecond: number): RateLimiter {
  const lanes = { create: opsPerSecond, amend: opsPerSecond, cancel: opsPerSecond, cancelBatch: opsPerSecond, cancelAll: opsPerSecond };
  return new RateLimiter(clock, { ...lanes, query: QUERIES_PER_SECOND });
}

/** Creates, amends and cancels leave at once, for a load that is to go beyond what the exchange takes; what proves its end is paced. */
export function orderLanesOpen(clock: Clock, opsPerSecond: number): RateLimiter {
  const open = { create: Infinity, amend: Infinity, cancel: Infinity };
  return new RateLimiter(clock, { ...open, cancelBatch: opsPerSecond, cancelAll: opsPerSecond, query: QUERIES_PER_SECOND });
}
