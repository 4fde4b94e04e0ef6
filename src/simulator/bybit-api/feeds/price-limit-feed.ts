import type { Clock } from '../../../util/clock.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import { messageOf, type FeedMessage, type FeedSource } from './feed.ts';
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

  snapshot(): FeedMessage {
    const data = limitRow(this.#market);
    return messageOf({ topic: `priceLimit.${data.symbol}`, data, ts: this.#clock.now() });
  }

  next(): FeedMessage {
    return this.snapshot();
  }
}
