import type { Clock } from '../../../util/clock.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { FeedSource } from './feed.ts';
import { limitRow } from '../rows/market-rows.ts';

export const PRICE_LIMIT_PERIOD_MS = 300;

/** `priceLimit.{symbol}`: both limits, repeated periodically. */
export class PriceLimitSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #clock: Clock;

  constructor(market: VenueMarket, clock: Clock) {
    this.#market = market;
    this.#clock = clock;
  }

  begin(): void {}

  snapshot(): string {
    const data = limitRow(this.#market);
    return JSON.stringify({ topic: `priceLimit.${data.symbol}`, data, ts: this.#clock.now() });
  }

  next(): string {
    return this.snapshot();
  }
}
