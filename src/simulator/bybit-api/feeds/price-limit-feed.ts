import type { Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
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

  snapshot(): Message {
    const data = limitRow(this.#market);
    return new Message({ topic: `priceLimit.${data.symbol}`, data, ts: this.#clock.now() });
  }

  next(): Message {
    return this.snapshot();
  }
}
