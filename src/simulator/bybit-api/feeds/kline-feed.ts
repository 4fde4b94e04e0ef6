import type { Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import { candlePush, KLINE_MINUTES, type Candle, type Candles } from './candles.ts';
import type { FeedSource } from './feed.ts';

export const KLINE_PERIOD_MS = 1000;

/** `kline.{interval}.{symbol}`: the open candle, and each candle once more when it has closed. */
export class KlineSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #candles: Candles;
  readonly #interval: string;
  readonly #clock: Clock;
  #start = 0;

  constructor(market: VenueMarket, candles: Candles, interval: string, clock: Clock) {
    this.#market = market;
    this.#candles = candles;
    this.#interval = interval;
    this.#clock = clock;
  }

  begin(): void {
    this.#start = this.#newest()[0]?.start ?? 0;
  }

  snapshot(): Message {
    return this.#message(this.#newest().slice(0, 1));
  }

  next(): Message {
    const newest = this.#newest();
    const pushed = newest.filter(({ start }) => start >= this.#start).toReversed();
    this.#start = newest[0]?.start ?? this.#start;
    return this.#message(pushed);
  }

  #newest(): Candle[] {
    return this.#candles.list(KLINE_MINUTES.get(this.#interval) ?? 1, this.#clock.now(), 2);
  }

  #message(candles: readonly Candle[]): Message {
    const { instrument } = this.#market;
    const now = this.#clock.now();
    const data = candles.map((candle) => candlePush(candle, this.#interval, instrument, now));
    return new Message({ topic: `kline.${this.#interval}.${instrument.symbol}`, type: 'snapshot', data, ts: now });
  }
}
