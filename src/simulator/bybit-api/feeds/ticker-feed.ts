import type { Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { FeedSource } from './feed.ts';
import { tickerFields } from '../rows/market-rows.ts';
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
    const changes = changesOf(this.#row, row);
    if (changes === undefined) return undefined;
    this.#row = row;
    this.#sequence = this.#market.sequence;
    return this.#message('delta', { symbol: this.#market.instrument.symbol, ...changes });
  }

  #read(): Row {
    return { symbol: this.#market.instrument.symbol, tickDirection: this.#tickDirection(), ...tickerFields(this.#market) };
  }

  #message(type: 'snapshot' | 'delta', data: Row): Message {
    const topic = `tickers.${this.#market.instrument.symbol}`;
    return new Message({ topic, type, data, cs: this.#sequence, ts: this.#clock.now() });
  }
}

/** The fields that differ; undefined when none does. */
function changesOf(before: Row, now: Row): Row | undefined {
  let changes: Record<string, string> | undefined;
  for (const [name, text] of Object.entries(now)) {
    if (text === before[name]) continue;
    changes ??= {};
    changes[name] = text;
  }
  return changes;
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
