import type { Instrument } from '../../../model/instrument.ts';
import type { Cancel } from '../../../util/clock.ts';
import { listIn, numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { ExchangeEvent } from '../../exchange.ts';
import { BookReplica } from './book-replica.ts';
import { nearestTicks } from '../codec/decimal-fields.ts';
import { tradeIn } from '../codec/market-codec.ts';
import { SocketClient, type SocketParts, type StreamState } from './socket-client.ts';

const BOOK_DEPTH = 50;
const SNAPSHOT_DEADLINE_MS = 5000;
/** Minimum interval between resubscriptions of a book that is lost repeatedly. */
const RESUBSCRIBE_MS = 1000;

export interface PublicStreamParts extends SocketParts {
  readonly instruments: readonly Instrument[];
  readonly emit: (event: ExchangeEvent) => void;
  readonly onState: StreamState;
}

interface Feed {
  readonly instrument: Instrument;
  readonly replica: BookReplica;
  /** The last value of every ticker field: deltas contain only changed fields. */
  ticker: JsonObject;
  snapshotDeadline: Cancel | undefined;
  resubscription: Cancel | undefined;
  resubscribedAt: number;
}

/** Books, trades and tickers of some symbols. */
export class PublicStream {
  readonly #parts: PublicStreamParts;
  readonly #socket: SocketClient;
  readonly #feeds: ReadonlyMap<string, Feed>;

  constructor(parts: PublicStreamParts) {
    this.#parts = parts;
    this.#feeds = new Map(parts.instruments.map((instrument) => [instrument.symbol, newFeed(instrument)]));
    this.#socket = new SocketClient(parts, {
      onOpen: () => this.#subscribe(),
      onMessage: (message) => this.#received(message),
      onDown: (reason) => this.#down(reason),
    });
  }

  start(): void {
    this.#socket.start();
  }

  close(): void {
    for (const feed of this.#feeds.values()) stopTimers(feed);
    this.#socket.close();
  }

  #subscribe(): void {
    const args = [...this.#feeds.keys()].flatMap((symbol) => [bookTopic(symbol), `publicTrade.${symbol}`, `tickers.${symbol}`]);
    this.#socket.send({ op: 'subscribe', req_id: 'market', args });
    for (const feed of this.#feeds.values()) this.#expectSnapshot(feed);
  }

  #received(message: JsonObject): void {
    if (message['op'] === 'subscribe') return this.#answered(message);
    const topic = textIn(message['topic']);
    const feed = this.#feeds.get(topic.slice(topic.lastIndexOf('.') + 1));
    if (feed === undefined) return;
    if (topic.startsWith('orderbook.')) this.#book(feed, message);
    else if (topic.startsWith('publicTrade.')) this.#trades(feed, message);
    else if (topic.startsWith('tickers.')) this.#ticker(feed, message);
  }

  /** Only the first subscription is checked here. Later ones are confirmed by their snapshots. */
  #answered(message: JsonObject): void {
    if (this.#socket.isReady) return;
    if (message['success'] !== true) return this.#socket.restart(`subscription refused: ${textIn(message['ret_msg'])}`);
    this.#socket.ready();
    this.#parts.onState('up', '');
  }

  #book(feed: Feed, message: JsonObject): void {
    const { symbol } = feed.instrument;
    const outcome = feed.replica.apply(message);
    if (outcome.tag === 'ignored') return;
    if (outcome.tag === 'lost') {
      this.#parts.emit({ type: 'bookLost', symbol, reason: outcome.reason });
      return this.#resubscribe(feed);
    }
    feed.snapshotDeadline?.();
    feed.snapshotDeadline = undefined;
    this.#parts.emit({ type: 'book', symbol, book: feed.replica.book, at: numberIn(message['cts']) ?? timeOf(message) });
  }

  #trades({ instrument }: Feed, message: JsonObject): void {
    const trades = listIn(message['data']).flatMap((row) => tradeIn(objectIn(row), instrument) ?? []);
    if (trades.length > 0) this.#parts.emit({ type: 'trades', symbol: instrument.symbol, trades, at: timeOf(message) });
  }

  #ticker(feed: Feed, message: JsonObject): void {
    const data = objectIn(message['data']);
    feed.ticker = message['type'] === 'snapshot' ? data : { ...feed.ticker, ...data };
    const { symbol, tick } = feed.instrument;
    const price = (field: string): ReturnType<typeof nearestTicks> => nearestTicks(feed.ticker[field], tick);
    const ticker = { symbol, markPrice: price('markPrice'), indexPrice: price('indexPrice'), lastPrice: price('lastPrice') };
    this.#parts.emit({ type: 'ticker', ticker, at: timeOf(message) });
  }

  /** Subscribes again, because the exchange then sends a new snapshot. */
  #resubscribe(feed: Feed): void {
    const { clock } = this.#parts;
    if (feed.resubscription !== undefined) return;
    const waitMs = Math.max(0, feed.resubscribedAt + RESUBSCRIBE_MS - clock.monotonic());
    feed.resubscription = clock.schedule(waitMs, () => {
      feed.resubscription = undefined;
      feed.resubscribedAt = clock.monotonic();
      const args = [bookTopic(feed.instrument.symbol)];
      this.#socket.send({ op: 'unsubscribe', args });
      this.#socket.send({ op: 'subscribe', args });
      this.#expectSnapshot(feed);
    });
  }

  #expectSnapshot(feed: Feed): void {
    feed.snapshotDeadline?.();
    feed.snapshotDeadline = this.#parts.clock.schedule(SNAPSHOT_DEADLINE_MS, () => {
      feed.snapshotDeadline = undefined;
      if (feed.replica.sequence === undefined) this.#socket.restart(`no book of ${feed.instrument.symbol}`);
    });
  }

  #down(reason: string): void {
    for (const feed of this.#feeds.values()) {
      stopTimers(feed);
      feed.ticker = {};
      if (feed.replica.reset()) this.#parts.emit({ type: 'bookLost', symbol: feed.instrument.symbol, reason: 'disconnected' });
    }
    this.#parts.onState('down', reason);
  }
}

function newFeed(instrument: Instrument): Feed {
  return {
    instrument,
    replica: new BookReplica(instrument),
    ticker: {},
    snapshotDeadline: undefined,
    resubscription: undefined,
    resubscribedAt: Number.NEGATIVE_INFINITY,
  };
}

function stopTimers(feed: Feed): void {
  feed.snapshotDeadline?.();
  feed.resubscription?.();
  feed.snapshotDeadline = undefined;
  feed.resubscription = undefined;
}

function bookTopic(symbol: string): string {
  return `orderbook.${BOOK_DEPTH}.${symbol}`;
}

/** When the exchange sent it, ms. */
function timeOf(message: JsonObject): number {
  return numberIn(message['ts']) ?? 0;
}
