import { RateLimiter } from '../execution/rate-limiter.ts';
import type { Clock } from '../util/clock.ts';

/** Of the 50 a second that the exchange allows, a part stays free for whoever has to look in an emergency. */
const QUERIES_PER_SECOND = 40;
/** What an ordinary account may do in a second, per lane. */
const OPS_PER_SECOND = 10;

/** What a bot allows itself; the exchange's own headers can only lower it. */
export function tradingLimiter(clock: Clock, opsPerSecond: number): RateLimiter {
  const lanes = { create: opsPerSecond, amend: opsPerSecond, cancel: opsPerSecond, cancelBatch: opsPerSecond, cancelAll: opsPerSecond };
  return new RateLimiter(clock, { ...lanes, query: QUERIES_PER_SECOND });
}

/** An emergency uses all that there is. */
export function emergencyLimiter(clock: Clock): RateLimiter {
  return tradingLimiter(clock, OPS_PER_SECOND);
}
