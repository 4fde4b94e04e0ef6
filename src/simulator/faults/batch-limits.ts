import type { Clock } from '../../util/clock.ts';
import { RateLimits, type RateReading } from '../limits/rate-limits.ts';
import type { LimitMode } from '../limits/rate-tiers.ts';
import type { Faults } from './faults.ts';

/** Rate limits that cut batches short: the remaining orders are rejected with 10006. */
export class BatchLimits extends RateLimits {
  readonly #faults: Faults;

  constructor(clock: Clock, mode: LimitMode, faults: Faults) {
    super(clock, mode);
    this.#faults = faults;
  }

  override take(...request: Parameters<RateLimits['take']>): RateReading {
    const [account, endpoint, amount = 1, product] = request;
    const isCut = amount > 1 && this.#faults.strikes('partial-batch');
    return super.take(account, endpoint, isCut ? Math.floor(amount / 2) : amount, product);
  }
}
