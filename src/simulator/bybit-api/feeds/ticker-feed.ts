import type { Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { FeedSource } from './feed.ts';
import { tickerRow } from '../rows/market-rows.ts';
import { spotTickerPush } from '../rows/spot-market-rows.ts';

export const TICKER_PERIOD_MS = 100;
export const SPOT_TICKER_PERIOD_MS = 50;

type Row = Readonly<Record<string, string>>;

/** `tickers.{symbol}`: first all fields, then those that changed. */
export class TickerSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #clock: Clock;
  readonly #tickDirection: () => string;
  #row: Row = {};
  #sequence = 0;

  constructor(market: VenueMarket, clock: Clock, tickDirection: () => string) {
    this.#market = market;
    this.#clock = clock;
    this.#tickDirection = tickDirection;
  }

  begin(): void {
    this.#row = this.#read();
    this.#sequence = this.#market.sequence;
  }

  snapshot(): Message {
    return this.#message('snapshot', this.#row);
  }

  next(): Message | undefined {
    const row = this.#read();
    const changed = Object.entries(row).filter(([name, text]) => text !== this.#row[name]);
    if (changed.length === 0) return undefined;
    this.#row = row;
    this.#sequence = this.#market.sequence;
    return this.#message('delta', { symbol: this.#market.instrument.symbol, ...Object.fromEntries(changed) });
  }

  #read(): Row {
    const { symbol = '', ...rest } = tickerRow(this.#market);
    return { symbol, tickDirection: this.#tickDirection(), ...rest };
  }

  #message(type: 'snapshot' | 'delta', data: Row): Message {
    const topic = `tickers.${this.#market.instrument.symbol}`;
    return new Message({ topic, type, data, cs: this.#sequence, ts: this.#clock.now() });
  }
}

/** `tickers.{symbol}` of a spot pair: all fields each time that one has changed. */
export class SpotTickerSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #clock: Clock;
  #data = '';
  #sequence = 0;

  constructor(market: VenueMarket, clock: Clock) {
    this.#market = market;
    this.#clock = clock;
  }

  begin(): void {
    this.#read();
  }

  snapshot(): Message {
    const topic = `tickers.${this.#market.instrument.symbol}`;
    const head = JSON.stringify({ topic, ts: this.#clock.now(), type: 'snapshot', cs: this.#sequence });
    return new Message(`${head.slice(0, -1)},"data":${this.#data}}`);
  }

  next(): Message | undefined {
    const known = this.#data;
    this.#read();
    return this.#data === known ? undefined : this.snapshot();
  }

  #read(): void {
    this.#data = JSON.stringify(spotTickerPush(this.#market));
    this.#sequence = this.#market.sequence;
  }
}
