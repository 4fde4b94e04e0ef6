import { ticks } from '../../model/units.ts';
import { assert, defined } from '../../util/assert.ts';
import type { Cancel, Clock } from '../../util/clock.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { InstrumentPreset } from '../instruments.ts';
import type { MarketSource, MarketStage } from '../market-source.ts';
import type { MatchListener } from '../matching/order-matching.ts';
import type { Recording } from './open-recording.ts';
import type { QueueModel } from './queue-models.ts';
import type { RecordedEvent, RecordedTicker, RecordedTrade } from './recording.ts';
import { ReplayMatching } from './replay-matching.ts';

/** Events that are read at a time. */
const BATCH = 256;

export interface ReplayOptions {
  readonly recording: Recording;
  readonly queueModel: QueueModel;
  readonly clock: Clock;
  /** Stops simulated time while the file is read (`VirtualClock.hold`); real time cannot be stopped. */
  readonly hold: (reading: Promise<unknown>) => void;
  /** Called when the recording cannot be read any further. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Plays a recording on the clock: its first book at the start, all other events at their recorded distance from it. The next events
 * are always read before they are due, so that the duration of a read does not affect the order of events.
 */
export class ReplayPlayer implements MarketSource {
  readonly #options: ReplayOptions;
  readonly #matchings = new Map<string, ReplayMatching>();
  readonly #marked = new Set<string>();
  #events: AsyncGenerator<RecordedEvent> | undefined;
  #ahead: RecordedEvent[] = [];
  #isReading = false;
  #isOver = false;
  #stage: MarketStage | undefined;
  /** Offset from the recording’s time to the clock’s, ms. */
  #shift = 0;
  #cancel: Cancel | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  preset(symbol: string): InstrumentPreset {
    return this.#options.recording.preset(symbol);
  }

  matchingOf(symbol: string): (onMatch: MatchListener) => ReplayMatching {
    return (onMatch) => {
      const matching = new ReplayMatching(this.#options.queueModel, onMatch);
      this.#matchings.set(symbol, matching);
      return matching;
    };
  }

  start(stage: MarketStage): void {
    assert(this.#stage === undefined, 'a recording is played once');
    const { clock, recording } = this.#options;
    this.#stage = stage;
    this.#shift = clock.now() - recording.startAt;
    this.#events = recording.events();
    this.#play();
  }

  /** Wall time of the clock at which the recording ends, once playing has started. */
  get endsAt(): number {
    return this.#options.recording.endAt + this.#shift;
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#events?.return(undefined).catch(() => undefined);
  }

  /** Plays all events that are due, then schedules the next one. */
  #play(): void {
    const { clock } = this.#options;
    const now = clock.now();
    let next = this.#ahead[0];
    while (next !== undefined && next.at + this.#shift <= now) {
      this.#ahead.shift();
      this.#apply(next);
      next = this.#ahead[0];
    }
    if (next === undefined) this.#read();
    if (this.#isOver) return;
    const delay = next === undefined ? 0 : next.at + this.#shift - now;
    this.#cancel = clock.schedule(Math.max(0, delay), () => this.#play());
  }

  #read(): void {
    if (this.#isReading || this.#isOver) return;
    this.#isReading = true;
    const reading = this.#readBatch().finally(() => {
      this.#isReading = false;
    });
    reading.catch((error: unknown) => {
      this.#isOver = true;
      this.#options.onFailure(error);
    });
    this.#options.hold(reading);
  }

  async #readBatch(): Promise<void> {
    const batch: RecordedEvent[] = [];
    const events = defined(this.#events, 'events');
    while (batch.length < BATCH) {
      const { value, done } = await events.next();
      if (done === true) {
        this.#isOver ||= batch.length === 0;
        break;
      }
      batch.push(value);
    }
    this.#ahead = batch;
  }

  #apply(event: RecordedEvent): void {
    const stage = defined(this.#stage, 'stage');
    const market = stage.markets.get(event.symbol);
    const matching = this.#matchings.get(event.symbol);
    if (market === undefined || matching === undefined) return;
    if (event.type === 'ticker') this.#mark(market, event);
    else if (event.type === 'trade') trade(stage, market, matching, event);
    else {
      matching.apply(event);
      if (!this.#marked.has(event.symbol)) markAtMid(market);
    }
    market.stamp(stage.now());
  }

  /** Once the recording contains mark prices, they are the only source of the mark price. */
  #mark(market: EmbeddedMarket, { symbol, markPrice, indexPrice, fundingRate }: RecordedTicker): void {
    if (markPrice !== undefined) {
      this.#marked.add(symbol);
      market.markPrice = markPrice;
    }
    if (indexPrice !== undefined) market.indexPrice = indexPrice;
    if (fundingRate !== undefined) market.funding?.adopt(fundingRate);
  }
}

function trade(stage: MarketStage, market: EmbeddedMarket, matching: ReplayMatching, event: RecordedTrade): void {
  const { symbol, price, quantity, side, id, isAside } = event;
  // A trade before the first book cannot have matched anything.
  if (market.book.isEmpty) return;
  if (isAside) matching.tradeAside();
  else matching.trade(side, price, quantity);
  const printed = { id, price, quantity, side, at: stage.now(), sequence: market.sequence };
  market.record(printed);
  stage.publish({ type: 'trade', symbol, trade: printed });
}

function markAtMid(market: EmbeddedMarket): void {
  const bid = market.book.bids.price(0);
  const ask = market.book.asks.price(0);
  if (bid === undefined || ask === undefined) return;
  market.markPrice = ticks(Math.round((bid + ask) / 2));
  market.indexPrice = market.markPrice;
}
